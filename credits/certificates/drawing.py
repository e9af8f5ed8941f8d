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
from credits.certificates import credentials, logged, printed, queries, records, signing
from credits.certificates.actions import payload_of
from credits.certificates.evidence import Evidence, evidence_of, proven
from credits.certificates.logged import Waiting
from credits.certificates.models import Certificate, Paper
from credits.certificates.paper import large_code
from credits.certificates.statement import field
from credits.certificates.states import CERTIFICATE_MOVES, CertificateStatus
from credits.designs.queries import value_of
from credits.log import sequencer
from edu.events import actions as outbox
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Refusal

log = logging.getLogger(__name__)

LEASE_S = 120  # a paper takes under a second; a worker that was killed is noticed after two minutes
ATTEMPTS_MAX = 20  # then an operator has to look; the row says why
BATCH = 20


def draw(certificate_uuid: UUID) -> bool:
    """Draw one requested certificate and issue it; False when another worker has it, or it still waits for the log.

    Safe to run twice, and after a kill at any line: number, token and signature were fixed when the row was made.
    """
    row = _waiting().filter(uuid=certificate_uuid).first()
    evidence = _evidence_now(row) if row else None
    if row is None or evidence is None or logged.waiting_for(row, evidence) is not Waiting.NOTHING:
        return False
    row = _claim(certificate_uuid)
    if row is None:
        return False
    try:
        _finish(row, _drawn(row, evidence), evidence)
    except Exception as error:
        _put_back(row, error)
        raise
    return True


def draw_waiting(limit: int = BATCH) -> int:
    """Draw what is requested and nobody is drawing, the oldest first; returns how many were issued."""
    _sequence()
    uuids = _waiting().order_by("requested_at", "pk").values_list("uuid", flat=True)
    issued = 0
    for uuid in uuids.iterator(chunk_size=200):
        if issued >= limit:
            break
        try:
            issued += draw(uuid)
        except signing.NoTimeStamp as refusal:  # the next one would wait for the same authority
            log.error("certificates wait: %s", refusal)
            break
        except Exception:
            log.exception("certificate %s could not be drawn", uuid)
    return issued


def complete_waiting(limit: int = BATCH) -> int:
    """Draw the second paper of certificates that went out without witnesses and have them now; returns how many."""
    lacking = Paper.objects.filter(quorum_met=False).exclude(certificate__papers__quorum_met=True).order_by("made_at")
    completed = 0
    for certificate_id in lacking.values_list("certificate_id", flat=True)[:limit]:
        row = queries.rows().get(pk=certificate_id)
        evidence = evidence_of(row)
        if evidence is None or not evidence.proof.quorum_met:
            continue
        with transaction.atomic():
            _keep_paper(row, _drawn(row, evidence), evidence)
            outbox.record(announced.CERTIFICATE_COMPLETED, payload_of(row), acting=SYSTEM)
        completed += 1
    return completed


def _evidence_now(row: Certificate) -> Evidence | None:
    """Return a certificate's proof; when it has none the log is asked to go on first."""
    evidence = evidence_of(row)
    if evidence is None:
        _sequence()
        evidence = evidence_of(row)
    return evidence


def _sequence() -> None:
    try:
        sequencer.sequence()
    except Refusal as refusal:  # the operator is told by the log's own health
        log.error("certificates wait, the log does not go on: %s", refusal)


def _drawn(row: Certificate, evidence: Evidence) -> bytes:
    from credits.certificates.paper.document import draw_pdf  # noqa: PLC0415  (WeasyPrint loads for seconds)

    record = records.dump(queries.record_of(row, evidence), row.key.public_key)
    code = large_code.text_of(proven(row, evidence), printed.book_for(row.statement))
    pdf = draw_pdf(
        row.statement,
        record,
        code,
        witnessed=evidence.proof.quorum_met,
        design=value_of(row.design),
        credential=credentials.attached(row),
    )
    return signing.signed(pdf, row.key, issuer=field(row.statement, "issuer.name_zh"), number=row.number)


def _waiting() -> QuerySet[Certificate]:
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=timezone.now())
    return Certificate.objects.filter(free, status=CertificateStatus.REQUESTED, attempts__lt=ATTEMPTS_MAX)


def _claim(certificate_uuid: UUID) -> Certificate | None:
    """Take the lease by compare-and-set; the loser of two workers gets None."""
    until = timezone.now() + dt.timedelta(seconds=LEASE_S)
    taken = _waiting().filter(uuid=certificate_uuid).update(leased_until=until, attempts=F("attempts") + 1)
    return queries.rows().get(uuid=certificate_uuid) if taken else None


def _keep_paper(row: Certificate, pdf: bytes, evidence: Evidence) -> Paper:
    name = f"certificates/{row.number[5:9]}/{row.uuid}{'' if not row.pdf else '-witnessed'}.pdf"
    storage = row.pdf.storage
    storage.delete(name)  # of a run that was killed between filing and issuing
    return Paper.objects.create(
        certificate=row,
        pdf=storage.save(name, ContentFile(pdf)),
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        quorum_met=evidence.proof.quorum_met,
        made_at=clock.now(),
    )


def _finish(row: Certificate, pdf: bytes, evidence: Evidence) -> None:
    """File the paper and issue the certificate, and end the one it replaces, in one transaction."""
    with transaction.atomic():
        paper = _keep_paper(row, pdf, evidence)
        if row.supersedes:
            _end_former(row, row.supersedes.pk)
        move(
            row,
            to=CertificateStatus.ISSUED,
            table=CERTIFICATE_MOVES,
            acting=SYSTEM,
            pdf=paper.pdf.name,
            pdf_sha256=paper.pdf_sha256,
            issued_at=clock.now(),
            leased_until=None,
            last_error="",
        )
        outbox.record(announced.CERTIFICATE_ISSUED, payload_of(row), acting=SYSTEM)
        if not paper.quorum_met:
            log.warning("certificate %s went out without witnesses: they have not cosigned for a day", row.uuid)
            outbox.record(announced.CERTIFICATE_WITHOUT_WITNESSES, payload_of(row), acting=SYSTEM)


def _end_former(row: Certificate, former_id: int) -> None:
    former = Certificate.objects.select_for_update(of=("self",)).select_related("holder").get(pk=former_id)
    if former.status != CertificateStatus.ISSUED:
        return
    move(former, to=CertificateStatus.SUPERSEDED, table=CERTIFICATE_MOVES, acting=SYSTEM, reason=row.reissue_reason)
    logged.append_status(former)
    payload = {**payload_of(former), "successor_uuid": str(row.uuid)}
    outbox.record(announced.CERTIFICATE_SUPERSEDED, payload, acting=SYSTEM)


def _put_back(row: Certificate, error: Exception) -> None:
    """Keep why it failed, without the holder's name, and let the next round try again.

    Waiting for a time stamping authority is no attempt: it may be away for longer than the attempts last.
    """
    tries = row.attempts - 1 if isinstance(error, signing.NoTimeStamp) else row.attempts
    Certificate.objects.filter(pk=row.pk, status=CertificateStatus.REQUESTED).update(
        leased_until=None, last_error=type(error).__name__, attempts=tries
    )
