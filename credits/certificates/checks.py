"""Checking a certificate: by its address, by number and name, or from a file. Only what is signed is ever shown.

The columns of the register say one thing only, the status; everything else comes from the statement after its
signature was verified with the issuer's key of that time.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from credits.certificates import pdf_reading, proving, queries, records, rules
from credits.certificates import statement as statements
from credits.certificates.evidence import evidence_of
from credits.certificates.models import Certificate, CertificateMove
from credits.certificates.proving import KnownLog, Standing
from credits.certificates.records import Record, Unreadable
from credits.certificates.rules import Fault, Outcome
from credits.certificates.states import CertificateStatus
from credits.log import keys as log_keys
from credits.log import queries as log_queries
from edu.institutions import api as institutions_api
from edu.kernel.errors import NotThere

log = logging.getLogger(__name__)

TOKEN_LENGTH = 22
FILE_SIZE_MAX_BYTES = 5 * 1024 * 1024  # our papers have 0.15 MB; a signed or scanned copy some more


@dataclass(frozen=True)
class Check:
    """What a check found. `statement` is empty unless its signature held."""

    outcome: Outcome
    statement: Mapping[str, Any] = field(default_factory=dict)
    fault: Fault | None = None
    certificate: Certificate | None = None
    reason: str = ""  # why it was revoked, as the registrar wrote it
    ended_at: Any = None  # when it was revoked or superseded
    successor: Certificate | None = None
    issuer_now: tuple[str, str] = ("", "")  # today's names, where they are no longer the signed ones
    is_paper: bool = False  # what was brought is the issued PDF, byte for byte
    standing: Standing | None = None  # in the log; None where the file claims no place there

    @property
    def is_valid(self) -> bool:
        """True for the one outcome that a verifier hopes for."""
        return self.outcome is Outcome.VALID


UNKNOWN = Check(Outcome.UNKNOWN)


def by_token(token: str) -> Check:
    """Check the certificate at an address; a token that does not exist and one not yet issued look the same."""
    if len(token) != TOKEN_LENGTH:
        return UNKNOWN
    row = queries.rows().filter(token=token).exclude(status=CertificateStatus.REQUESTED).first()
    return _of_row(row) if row and row.issued_at else UNKNOWN


def by_number_and_name(number: str, name: str) -> Check:
    """Check by what stands on paper; an unknown number and a name that does not fit look the same."""
    digits = rules.plain_number(number)
    row = queries.rows().filter(number=digits).exclude(status=CertificateStatus.REQUESTED).first()
    if row is None or not row.issued_at or not rules.same_name(name, row.statement):
        return UNKNOWN
    return _of_row(row)


def of_file(data: bytes) -> Check:
    """Check a PDF or a machine record that somebody brought; Unreadable when it holds no record."""
    if len(data) > FILE_SIZE_MAX_BYTES:
        raise Unreadable("too-large")
    is_pdf = pdf_reading.is_pdf(data)
    record = records.parse(pdf_reading.record_in(data) if is_pdf else data)
    key = queries.public_key(record.key_id)
    fault = rules.fault_of(record, key)
    standing = None
    if fault is None and key is not None and record.is_logged:
        found = proving.standing_of(record, key.public_key, known_log())
        standing, fault = (None, found) if isinstance(found, Fault) else (found, None)
    if fault:
        return Check(Outcome.NOT_GENUINE, fault=fault)
    row = queries.rows().filter(number=statements.field(record.statement, "number")).first()
    if row is None or not row.issued_at:
        return Check(Outcome.NOT_GENUINE, fault=Fault.NOT_REGISTERED)
    if record.statement != row.statement:
        return Check(Outcome.NOT_GENUINE, fault=Fault.DIFFERS_FROM_REGISTER)
    if is_pdf and not queries.is_paper(row, hashlib.sha256(data).hexdigest()):
        return Check(Outcome.NOT_GENUINE, fault=Fault.FILE_ALTERED)
    return _with_status(row, record.statement, is_paper=is_pdf, standing=standing)


def known_log() -> KnownLog:
    """Return what this platform knows of its own log."""
    return KnownLog(log_keys.origin(), tuple(log_queries.log_keys()), log_queries.policy())


def _of_row(row: Certificate) -> Check:
    record = Record(statement=row.statement, signature=row.signature, key_id=row.key.key_id)
    fault = rules.fault_of(record, queries.public_key(record.key_id))
    if fault is None and not statements.field(row.statement, "address").endswith(f"/v/{row.token}"):
        fault = Fault.DIFFERS_FROM_REGISTER
    if fault:
        log.error("certificate %s in the register does not verify: %s", row.uuid, fault)
        return Check(Outcome.UNAVAILABLE, fault=fault)
    evidence = evidence_of(row)
    standing = None
    if evidence is not None:
        found = proving.standing_of(queries.record_of(row, evidence), row.key.public_key, known_log())
        if isinstance(found, Fault):
            log.error("certificate %s does not stand in the log as it should: %s", row.uuid, found)
            return Check(Outcome.UNAVAILABLE, fault=found)
        standing = found
    return _with_status(row, row.statement, standing=standing)


def _with_status(
    row: Certificate,
    statement: Mapping[str, Any],
    *,
    is_paper: bool = False,
    standing: Standing | None = None,
) -> Check:
    outcome = rules.OUTCOME_OF_STATUS[CertificateStatus(row.status)]
    last = CertificateMove.objects.filter(subject=row, target=row.status).order_by("-pk").first()
    ended = outcome is not Outcome.VALID and last is not None
    return Check(
        outcome=outcome,
        statement=statement,
        certificate=row,
        reason=last.reason if last and outcome in (Outcome.REVOKED, Outcome.SUSPENDED) else "",
        ended_at=last.happened_at if last and ended else None,
        successor=queries.successor_of(row) if outcome is Outcome.SUPERSEDED else None,
        issuer_now=_renamed(statement),
        is_paper=is_paper,
        standing=standing,
    )


def _renamed(statement: Mapping[str, Any]) -> tuple[str, str]:
    """Return today's names of the issuer when they are not the signed ones any more."""
    try:
        now = institutions_api.institution_by_code(statements.field(statement, "issuer.code"))
    except NotThere:
        return "", ""
    signed = (statements.field(statement, "issuer.name_zh"), statements.field(statement, "issuer.name_en"))
    return (now.name_zh, now.name_en) if now.name_zh != signed[0] else ("", "")
