"""A certificate and its states in the transparency log, and what a certificate waits for before it goes out."""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from credits.certificates import keys
from credits.certificates.evidence import Evidence, evidence_of
from credits.certificates.models import Certificate, CertificateMove, SigningKey
from credits.log import actions as log
from credits.log import commitments
from credits.log.subjects import Subject, register
from edu.kernel import clock

STATUS_KIND = "certificate-status"
STATUS_TYPE = "guixue.certificate-status"
WITNESSES_WITHIN = dt.timedelta(hours=24)  # after that a holder has waited long enough for other universities


class Waiting(StrEnum):
    """What a requested certificate waits for."""

    NOTHING = "nothing"
    LOG = "log"  # its entry is in no checkpoint yet
    WITNESSES = "witnesses"  # not enough universities have cosigned one that has it


def append(row: Certificate, key: SigningKey) -> None:
    """Commit the log to a certificate's fields, signed by its issuer, in the caller's transaction."""

    def sign(message: bytes) -> tuple[str, str]:
        return key.key_id, keys.sign(key.key_id, key.public_key, message)

    log.append_certificate(certificate_uuid=row.uuid, owner_uuid=row.holder.uuid, statement=row.statement, sign=sign)


def append_status(row: Certificate) -> None:
    """Commit the log to the newest move of a certificate that was issued, in the caller's transaction."""
    moved = CertificateMove.objects.filter(subject=row).order_by("-pk")[0]
    subject = _subject_of(moved)
    log.append(kind=STATUS_KIND, subject_uuid=subject.uuid, owner_uuid=subject.owner_uuid, subject=subject.document)


def waiting_for(row: Certificate, evidence: Evidence | None) -> Waiting:
    """Return what a requested certificate waits for; after a day it waits for no witness any more."""
    if evidence is None:
        return Waiting.LOG
    if evidence.proof.quorum_met or clock.now() - row.requested_at >= WITNESSES_WITHIN:
        return Waiting.NOTHING
    return Waiting.WITNESSES


def waiting_of(row: Certificate) -> Waiting:
    """Return what a certificate waits for now."""
    return waiting_for(row, evidence_of(row))


def all_certificates() -> Iterator[Subject]:
    """Yield what the log committed to of every certificate."""
    rows = Certificate.objects.select_related("holder").order_by("pk")
    for row in rows.iterator(chunk_size=1000):
        yield Subject(row.uuid, row.holder.uuid, row.statement)


def all_moves() -> Iterator[Subject]:
    """Yield what the log committed to of every move of an issued certificate."""
    rows = CertificateMove.objects.select_related("subject__holder").exclude(source__in=("", "requested"))
    for moved in rows.order_by("pk").iterator(chunk_size=1000):
        yield _subject_of(moved)


def _subject_of(moved: CertificateMove) -> Subject:
    row: Any = moved.subject
    uuid: UUID = uuid5(row.uuid, f"move:{moved.pk}")
    document = {
        "type": STATUS_TYPE,
        "version": "1",
        "certificate": str(row.uuid),
        "from": moved.source,
        "to": moved.target,
        "reason": moved.reason,
        "happened_at": clock.rfc3339(moved.happened_at),
    }
    return Subject(uuid, row.holder.uuid, document)


register(commitments.CERTIFICATE, all_certificates)
register(STATUS_KIND, all_moves)
