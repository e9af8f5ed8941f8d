"""Drawing the paper of a signed certificate: under a lease, so that a killed worker's work is taken over."""

import datetime as dt
import hashlib
import logging
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from credits import events as announced
from credits.certificates import printed, queries
from credits.certificates.actions import payload_of
from credits.certificates.evidence import evidence_of, proven
from credits.certificates.models import Certificate
from credits.certificates.paper import large_code
from credits.certificates.states import CERTIFICATE_MOVES, CertificateStatus
from edu.events import actions as outbox
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM

log = logging.getLogger(__name__)

LEASE_S = 120  # a paper takes under a second; a worker that was killed is noticed after two minutes
ATTEMPTS_MAX = 20  # then an operator has to look; the row says why
BATCH = 20


def draw(certificate_uuid: UUID) -> bool:
    """Draw one requested certificate and issue it; False when another worker has it or it is not requested any more.

    Safe to run twice, and after a kill at any line: number, token and signature were fixed when the row was made.
    """
    row = _claim(certificate_uuid)
    if row is None:
        return False
    try:
        from credits.certificates.paper.document import draw_pdf  # noqa: PLC0415  (WeasyPrint loads for seconds)

        pdf = draw_pdf(row.statement, queries.record_bytes(row), _large_code(row))
        _finish(row, pdf)
    except Exception as error:
        _put_back(row, error)
        raise
    return True


def draw_waiting(limit: int = BATCH) -> int:
    """Draw what is requested and nobody is drawing, the oldest first; returns how many were issued."""
    uuids = list(_waiting().order_by("requested_at", "pk").values_list("uuid", flat=True)[:limit])
    issued = 0
    for uuid in uuids:
        try:
            issued += draw(uuid)
        except Exception:
            log.exception("certificate %s could not be drawn", uuid)
    return issued


def _large_code(row: Certificate) -> str:
    """Return what the code on the back page says; "" while the log has no proof of the certificate."""
    evidence = evidence_of(row)
    return large_code.text_of(proven(row, evidence), printed.book_for(row.statement)) if evidence else ""


def _waiting() -> QuerySet[Certificate]:
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=timezone.now())
    return Certificate.objects.filter(free, status=CertificateStatus.REQUESTED, attempts__lt=ATTEMPTS_MAX)


def _claim(certificate_uuid: UUID) -> Certificate | None:
    """Take the lease by compare-and-set; the loser of two workers gets None."""
    until = timezone.now() + dt.timedelta(seconds=LEASE_S)
    taken = _waiting().filter(uuid=certificate_uuid).update(leased_until=until, attempts=F("attempts") + 1)
    return queries.rows().get(uuid=certificate_uuid) if taken else None


def _finish(row: Certificate, pdf: bytes) -> None:
    """File the paper and issue the certificate, and end the one it replaces, in one transaction."""
    name = f"certificates/{row.number[5:9]}/{row.uuid}.pdf"
    storage = row.pdf.storage
    storage.delete(name)  # of a run that was killed between filing and issuing
    name = storage.save(name, ContentFile(pdf))
    with transaction.atomic():
        if row.supersedes:
            _end_former(row, row.supersedes.pk)
        move(
            row,
            to=CertificateStatus.ISSUED,
            table=CERTIFICATE_MOVES,
            acting=SYSTEM,
            pdf=name,
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
            issued_at=clock.now(),
            leased_until=None,
            last_error="",
        )
        outbox.record(announced.CERTIFICATE_ISSUED, payload_of(row), acting=SYSTEM)


def _end_former(row: Certificate, former_id: int) -> None:
    former = Certificate.objects.select_for_update(of=("self",)).select_related("holder").get(pk=former_id)
    if former.status != CertificateStatus.ISSUED:
        return
    move(former, to=CertificateStatus.SUPERSEDED, table=CERTIFICATE_MOVES, acting=SYSTEM, reason=row.reissue_reason)
    payload = {**payload_of(former), "successor_uuid": str(row.uuid)}
    outbox.record(announced.CERTIFICATE_SUPERSEDED, payload, acting=SYSTEM)


def _put_back(row: Certificate, error: Exception) -> None:
    """Keep why it failed, without the holder's name, and let the next round try again."""
    Certificate.objects.filter(pk=row.pk, status=CertificateStatus.REQUESTED).update(
        leased_until=None, last_error=type(error).__name__
    )
