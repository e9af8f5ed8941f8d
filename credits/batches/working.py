"""Working on a batch: any number of workers at once, each with lines under a lease of its own.

A worker that is killed renews nothing: its lines are taken over when their lease lapses. Nothing is issued twice,
because a credit has one certificate in force whoever asks, and nothing is left out, because a batch ends only when
every line has ended.
"""

import datetime as dt
import logging
import time

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from credits.batches import archives
from credits.batches.collecting import collect
from credits.batches.models import Batch, BatchLine
from credits.batches.states import BATCH_MOVES, BatchStatus, LineStatus
from credits.certificates import actions, drawing, logged, queries
from credits.certificates.kinds import CertificateKind
from credits.certificates.logged import Waiting
from credits.certificates.models import Certificate
from credits.certificates.states import CertificateStatus
from credits.certificates.transcript_actions import issue_transcript
from credits.data import CertificateInfo
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import Refusal, Stale

log = logging.getLogger(__name__)

CHUNK = 20  # lines a claim: one checkpoint of the log serves them all, and a killed worker holds up no more than these
LEASE_S = 120  # a line takes under a second
LOG_WAIT_S = 1  # until a checkpoint that another worker is just making is there
WITNESS_WAIT_S = 120  # witnesses come in their own time
ATTEMPTS_MAX = 5  # then the line has failed, and its error says so
WORK_S = 50.0  # how long a task works before it hands on, so that no task is long


def work(batch_id: int, seconds: float = WORK_S) -> bool:
    """Work on a batch for some time; True while there may be more to do, now or later. Safe to run at once."""
    collect(batch_id)
    batch = Batch.objects.select_related("institution").get(pk=batch_id)
    until = time.monotonic() + seconds
    while batch.status == BatchStatus.RUNNING and time.monotonic() < until:
        lines = _claim(batch)
        if not lines:
            break
        with translation.override(batch.language):  # a refusal speaks to the registrar who asked
            for line in lines:
                _sign(batch, line)
            for line in lines:
                _draw(line)
        batch.refresh_from_db(fields=["status"])
    return not _end(batch)


def _claim(batch: Batch) -> list[BatchLine]:
    """Lease the next lines that nobody has; none of a batch that was called off."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=timezone.now())
    with transaction.atomic():
        found = BatchLine.objects.filter(
            free, batch=batch, batch__status=BatchStatus.RUNNING, status=LineStatus.WAITING
        )
        lines = list(found.order_by("position").select_for_update(of=("self",), skip_locked=True)[:CHUNK])
        BatchLine.objects.filter(pk__in=[line.pk for line in lines]).update(
            leased_until=_later(LEASE_S), attempts=F("attempts") + 1
        )
    return lines


def _sign(batch: Batch, line: BatchLine) -> None:
    """Number, sign and register the certificate of a line that has none; a rule's no is kept for the registrar."""
    if line.certificate_id:
        return
    try:
        info = _issued(batch, line)
    except Refusal as refusal:
        _close(line, LineStatus.REFUSED, refusal.code, str(refusal.message))
    except Exception as error:
        log.exception("a line of batch %s could not be issued", batch.uuid)
        _again(line, type(error).__name__)
    else:
        line.certificate = Certificate.objects.get(uuid=info.uuid)
        BatchLine.objects.filter(pk=line.pk).update(certificate=line.certificate)


def _issued(batch: Batch, line: BatchLine) -> CertificateInfo:
    acting = Actor(batch.requested_by_uuid, batch.institution.uuid, batch.requested_role)
    if batch.kind == CertificateKind.TRANSCRIPT:
        assert line.person_uuid is not None  # lines without a person are written as refused
        return issue_transcript(holder_uuid=line.person_uuid, issuer_uuid=batch.institution.uuid, acting=acting)
    assert line.lot_uuid is not None
    return actions.issue_certificate(lot_uuid=line.lot_uuid, acting=acting)


def _draw(line: BatchLine) -> None:
    """Draw the paper of a signed line, or leave it for later when the log or another worker has it."""
    if line.certificate_id is None:
        return
    row = queries.rows().get(pk=line.certificate_id)
    if row.status == CertificateStatus.REQUESTED:
        try:
            drawing.draw(row.uuid)
        except Exception as error:
            log.exception("certificate %s could not be drawn", row.uuid)
            _again(line, type(error).__name__)
            return
        row.refresh_from_db(fields=["status"])
    if row.status == CertificateStatus.REQUESTED:
        witnesses = logged.waiting_of(row) is Waiting.WITNESSES
        _lease(line, WITNESS_WAIT_S if witnesses else LOG_WAIT_S, attempts=0)
    elif row.status == CertificateStatus.REVOKED:
        _close(line, LineStatus.REFUSED, "revoked-meanwhile", "")
    else:
        _close(line, LineStatus.ISSUED)


def _close(line: BatchLine, status: LineStatus, code: str = "", message: str = "") -> None:
    BatchLine.objects.filter(pk=line.pk, status=LineStatus.WAITING).update(
        status=status, error_code=code, error=message[:500], leased_until=None
    )


def _again(line: BatchLine, error: str) -> None:
    """Let a line be tried again in a while; after several tries it has failed. Errors are kept without names."""
    if line.attempts + 1 >= ATTEMPTS_MAX:
        _close(line, LineStatus.FAILED, error)
    else:
        _lease(line, LOG_WAIT_S * 5, error_code=error)


def _lease(line: BatchLine, seconds: int, **changes: object) -> None:
    BatchLine.objects.filter(pk=line.pk).update(leased_until=_later(seconds), **changes)


def _later(seconds: int) -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=seconds)


def _end(batch: Batch) -> bool:
    """End a batch all of whose lines have ended; True when nothing is to be done any more."""
    if batch.status != BatchStatus.RUNNING:
        return True
    if batch.lines.filter(status=LineStatus.WAITING).exists():
        return False
    try:
        with transaction.atomic():
            move(batch, to=BatchStatus.DONE, table=BATCH_MOVES, acting=SYSTEM, ended_at=clock.now())
            archives.plan(batch)
    except Stale:
        pass  # another worker ended it, or a registrar called it off
    return True
