"""Making copies in the background. The row is the truth: it carries state, progress and a lease; a message is a hint.

A worker takes the first copy that waits by compare-and-set, with a token of its own, while fewer than the set number
are being made on the whole site. It renews its lease with every second of progress; a renewal that finds another
token, or none because the copy was called off, stops the program. A killed worker renews nothing: when its lease has
lapsed, `take_up_stalled` gives the copy back. The file is kept under its hash before the row says that it is there.
"""

import datetime as dt
import logging
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from courses.media import ffmpeg, rules, storage
from courses.media.models import MediaFile, Rendition
from courses.media.rules import PROFILES, Probe, Profile
from courses.media.states import RENDITION_MOVES, RenditionStatus
from edu.events.history import move
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Stale

log = logging.getLogger(__name__)

LEASE_S = 90  # progress comes every second; looking at the file first may take a minute
ATTEMPTS_MAX = 3  # a film that kills the worker three times would kill it a fourth time
TURN = 0x6D656469  # the advisory lock under which the number at work is counted
MEDIA_TYPES = {"sound": "audio/mp4"}


class LeaseLost(RuntimeError):
    """Called off, or another worker has it: stop without a trace."""


class _End(Exception):
    """The copy ends without a file: needless, or the file is at fault."""

    def __init__(self, status: RenditionStatus, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


def run_next() -> int | None:
    """Make one copy that waits; returns its row id, None when none waits, the site is busy or there is no ffmpeg."""
    if not ffmpeg.program():
        return None
    token = uuid.uuid4()
    row = _take(token)
    if row is None:
        return None
    try:
        _carry_out(row, token)
    except LeaseLost:
        log.info("copy %s was called off or went to another worker", row.uuid)
    except _End as end:
        _close(row.pk, token, end.status, end.reason)
    except ffmpeg.TookTooLong:
        _close(row.pk, token, RenditionStatus.FAILED, "took-too-long")
    except Exception:
        log.exception("copy %s failed", row.uuid)
        again = row.attempts < ATTEMPTS_MAX
        _close(row.pk, token, RenditionStatus.WAITING if again else RenditionStatus.FAILED, "our-fault")
    return row.pk


def waits() -> bool:
    """True when a copy waits to be made."""
    return Rendition.objects.filter(status=RenditionStatus.WAITING).exists()


def take_up_stalled() -> int:
    """Give back the copies whose worker is gone; returns how many were."""
    now = timezone.now()
    taken = 0
    for row in Rendition.objects.filter(status=RenditionStatus.RUNNING, leased_until__lt=now):
        ended = row.attempts >= ATTEMPTS_MAX
        target = RenditionStatus.FAILED if ended else RenditionStatus.WAITING
        changes: dict[str, Any] = {"ended_at": now, "code": "worker-died"} if ended else {}
        try:
            with transaction.atomic():
                # The token is asked for again: a worker that woke up in this moment keeps its work.
                if not Rendition.objects.filter(pk=row.pk, lease_token=row.lease_token, leased_until__lt=now).update(
                    lease_token=None
                ):
                    continue
                _move(row, target, "lease lapsed", progress=0, **changes)
        except Stale:
            continue  # it ended in this very moment
        taken += 1
    return taken


@transaction.atomic
def _take(token: uuid.UUID) -> Rendition | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
    at_work = Rendition.objects.filter(status=RenditionStatus.RUNNING, leased_until__gte=timezone.now()).count()
    if at_work >= int(settings.GUIXUE_TRANSCODING_AT_ONCE):
        return None
    waiting = Rendition.objects.select_related("media").filter(status=RenditionStatus.WAITING)
    row = waiting.order_by("rank", "id").first()
    if row is None:
        return None
    return _move(
        row,
        RenditionStatus.RUNNING,
        "",
        lease_token=token,
        leased_until=_lease_end(),
        attempts=row.attempts + 1,
        code="",
        progress=0,
    )


def _carry_out(row: Rendition, token: uuid.UUID) -> None:
    profile = PROFILES[row.quality]
    with storage.work_place() as place:
        source = storage.on_disk(row.media.sha256, place)
        probe = _probe(row.media, source)
        if reason := rules.refusal(probe):
            raise _End(RenditionStatus.REFUSED, reason)
        if reason := rules.needless(probe, profile, row.media.size):
            raise _End(RenditionStatus.NEEDLESS, reason)
        made = place / "made"
        _make(source, made, profile, probe, _Lease(row.pk, token, probe))
        if profile.short_side and not rules.is_worth(made.stat().st_size, row.media.size):
            raise _End(RenditionStatus.NEEDLESS, "light-enough")
        sha256, size = storage.keep(made)
    _finish(row.pk, token, sha256, size)


def _probe(media: MediaFile, source: Path) -> Probe:
    try:
        probe = ffmpeg.probe(source)
    except ffmpeg.Unreadable:
        raise _End(RenditionStatus.REFUSED, "unreadable") from None
    MediaFile.objects.filter(pk=media.pk).update(duration_ms=probe.duration_ms, width=probe.width, height=probe.height)
    return probe


def _make(source: Path, made: Path, profile: Profile, probe: Probe, lease: "_Lease") -> None:
    arguments = rules.arguments(str(source), str(made), profile, probe)
    try:
        ffmpeg.run(arguments, limit_s=rules.time_limit_s(probe), tick=lease.renew)
    except ffmpeg.Unreadable as error:
        log.info("a film could not be copied: %s", error)
        raise _End(RenditionStatus.REFUSED, "broken") from None


class _Lease:
    """Renews the lease and shows progress, outside any transaction."""

    def __init__(self, row_id: int, token: uuid.UUID, probe: Probe) -> None:
        self.row_id, self.token, self.probe = row_id, token, probe

    def renew(self, done_ms: int) -> None:
        held = Rendition.objects.filter(pk=self.row_id, lease_token=self.token, status=RenditionStatus.RUNNING).update(
            progress=rules.percent(done_ms, self.probe), leased_until=_lease_end()
        )
        if held != 1:
            raise LeaseLost(self.row_id)


def _lease_end() -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=LEASE_S)


@transaction.atomic
def _finish(row_id: int, token: uuid.UUID, sha256: str, size: int) -> None:
    row = _held(row_id, token)
    _move(
        row,
        RenditionStatus.DONE,
        "",
        sha256=sha256,
        size=size,
        media_type=MEDIA_TYPES.get(row.quality, "video/mp4"),
        progress=100,
        ended_at=timezone.now(),
        lease_token=None,
    )


@transaction.atomic
def _close(row_id: int, token: uuid.UUID, status: RenditionStatus, reason: str) -> None:
    """End a copy without a file, or give it back; nothing when it was called off meanwhile."""
    try:
        row = _held(row_id, token)
    except LeaseLost:
        return
    ended = None if status == RenditionStatus.WAITING else timezone.now()
    _move(row, status, reason, code=reason, ended_at=ended, lease_token=None, progress=0)


def _held(row_id: int, token: uuid.UUID) -> Rendition:
    """Return the row, locked, while this worker still holds it; LeaseLost otherwise."""
    row = Rendition.objects.select_for_update().get(pk=row_id)
    if row.lease_token != token or row.status != RenditionStatus.RUNNING:
        raise LeaseLost(row_id)
    return row


def _move(row: Rendition, to: RenditionStatus, why: str, **changes: Any) -> Rendition:
    return move(row, to=to, table=RENDITION_MOVES, acting=SYSTEM, reason=why, **changes)
