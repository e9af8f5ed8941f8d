"""Packing in the background. The row is the truth: it carries state, progress and a lease; a message is a hint.

A worker takes a pack by compare-and-set with a token of its own and renews its lease with the bytes it writes. A
killed worker renews nothing: when its lease has lapsed, `take_up_stalled` gives the pack back. The file is kept under
its hash before the row says that it is there.
"""

import datetime as dt
import errno
import hashlib
import logging
import time
import uuid
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses import events
from courses.media import ffmpeg
from courses.media import queries as media
from courses.media.models import Rendition
from courses.media.states import OPEN as COPY_OPEN
from courses.textbooks import packing, queries, rules, storage
from courses.textbooks.facts import facts_of
from courses.textbooks.models import TextbookKey, TextbookPack
from courses.textbooks.packing import Written
from courses.textbooks.states import PACK_MOVES, PackStatus
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import Refusal, Stale

log = logging.getLogger(__name__)

LEASE_S = 120  # progress comes every second; signing and keeping a file of 2 GB takes half a minute
ATTEMPTS_MAX = 3  # a version that kills the worker three times would kill it a fourth time
PROGRESS_EVERY_S = 1.0
CHUNK = 1 << 20


class LeaseLost(RuntimeError):
    """Another worker has it: stop without a trace."""


def run_next() -> int | None:
    """Make one pack that waits and need not wait longer; returns its row id, None when there is none."""
    for row in TextbookPack.objects.filter(status=PackStatus.WAITING).select_related("version").order_by("id"):
        if _waits_for_films(row):
            continue
        token = uuid.uuid4()
        try:
            _take(row, token)
        except Stale:
            continue  # another worker was faster
        _carry_out(row.pk, token)
        return row.pk
    return None


def take_up_stalled() -> int:
    """Give back the packs whose worker is gone; returns how many were."""
    now = timezone.now()
    taken = 0
    for row in TextbookPack.objects.filter(status=PackStatus.RUNNING, leased_until__lt=now):
        ended = row.attempts >= ATTEMPTS_MAX
        target = PackStatus.FAILED if ended else PackStatus.WAITING
        changes: dict[str, Any] = {"ended_at": clock.now(), "code": "worker-died"} if ended else {}
        try:
            with transaction.atomic():
                held = TextbookPack.objects.filter(pk=row.pk, lease_token=row.lease_token, leased_until__lt=now)
                if not held.update(lease_token=None):
                    continue  # it woke up in this moment and keeps its work
                _move(row, target, "lease lapsed", progress=0, **changes)
        except Stale:
            continue
        taken += 1
    return taken


def forget_old_files() -> int:
    """Remove the files of packs whose place newer ones took, by rules.files_to_remove; returns how many."""
    now, removed = clock.now(), 0
    for packs in queries.made_by_textbook().values():
        offered = queries.offered(packs)
        newer = [None, *(pack.ended_at for pack in packs)]
        kept = [rules.Kept(pack.pk, later, pack is offered) for pack, later in zip(packs, newer, strict=False)]
        old = set(rules.files_to_remove(kept, now=now))
        for pack in packs:
            if pack.pk in old and pack.file_gone_at is None:
                TextbookPack.objects.filter(pk=pack.pk).update(file_gone_at=now)
                storage.drop(pack.sha256)
                removed += 1
    return removed


def _waits_for_films(row: TextbookPack) -> bool:
    films = {asset.sha256 for asset in media.sources(row.version_id, row.version.uuid).values()}
    copies = Rendition.objects.filter(media__sha256__in=films, quality="light", status__in=COPY_OPEN)
    return rules.waits_for_films(
        row.requested_at,
        clock.now(),
        open_copies=bool(films) and copies.exists(),
        can_copy=bool(ffmpeg.program()),
    )


@transaction.atomic
def _take(row: TextbookPack, token: uuid.UUID) -> None:
    _move(
        row,
        PackStatus.RUNNING,
        "",
        lease_token=token,
        leased_until=_lease_end(),
        attempts=row.attempts + 1,
        code="",
        detail="",
        progress=0,
    )


def _carry_out(row_id: int, token: uuid.UUID) -> None:
    row = TextbookPack.objects.select_related("version__course__institution").get(pk=row_id)
    lease = _Lease(row_id, token)
    try:
        with storage.work_place() as place:
            made = place / "pack.zip"
            media.forget()  # a copy that became ready a moment ago counts
            with made.open("wb") as out:
                written = packing.write_pack(row.version, _facts(row), out, progress=lease.progress)
            sha256, size = _hash_of(made), made.stat().st_size
            lease.renew(99)
            storage.keep(made, sha256)
        _finish(row_id, token, written, sha256, size)
    except LeaseLost:
        log.info("pack %s went to another worker", row.uuid)
    except packing.NothingToRead:
        _close(row_id, token, PackStatus.REFUSED, "nothing-to-read")
    except packing.FileMissing as error:
        _close(row_id, token, PackStatus.REFUSED, "file-missing", detail=str(error)[:500])
    except Refusal as refusal:  # no key can sign
        log.error("pack %s: %s", row.uuid, refusal.code)
        _close(row_id, token, PackStatus.FAILED, "no-key")
    except OSError as error:
        log.exception("pack %s failed", row.uuid)
        _again(row, token, "no-space" if error.errno == errno.ENOSPC else "our-fault")
    except Exception:
        log.exception("pack %s failed", row.uuid)
        _again(row, token, "our-fault")


def _facts(row: TextbookPack) -> Any:
    return facts_of(row.version, edition=row.edition, approval_number=row.approval_number, licence=row.licence)


def _again(row: TextbookPack, token: uuid.UUID, code: str) -> None:
    again = row.attempts < ATTEMPTS_MAX
    _close(row.pk, token, PackStatus.WAITING if again else PackStatus.FAILED, code)


def _hash_of(made: Path) -> str:
    digest = hashlib.sha256()
    with made.open("rb") as stream:
        while part := stream.read(CHUNK):
            digest.update(part)
    return digest.hexdigest()


class _Lease:
    """Renews the lease and shows progress once a second, outside any transaction."""

    def __init__(self, row_id: int, token: uuid.UUID) -> None:
        self.row_id, self.token = row_id, token
        self.last = time.monotonic()

    def progress(self, done: int, total: int) -> None:
        if time.monotonic() - self.last >= PROGRESS_EVERY_S:
            self.renew(rules.percent(done, total))

    def renew(self, percent: int) -> None:
        self.last = time.monotonic()
        held = TextbookPack.objects.filter(pk=self.row_id, lease_token=self.token, status=PackStatus.RUNNING)
        if held.update(progress=percent, leased_until=_lease_end()) != 1:
            raise LeaseLost(self.row_id)


def _lease_end() -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=LEASE_S)


def _finish(row_id: int, token: uuid.UUID, written: Written, sha256: str, size: int) -> None:
    """Say that the pack is there; "same" when these very bytes are listed already."""
    with transaction.atomic():
        row = _held(row_id, token)
        known = TextbookPack.objects.filter(textbook=row.textbook_id, sha256=sha256, status=PackStatus.DONE).first()
        if known is not None:
            TextbookPack.objects.filter(pk=known.pk).update(file_gone_at=None)
            _move(row, PackStatus.SAME, "", ended_at=clock.now(), lease_token=None, progress=100)
            return
        _move(row, PackStatus.DONE, "", **_made(written, written.key, sha256, size))
        record(
            events.TEXTBOOK_PACKED,
            {
                "pack_uuid": str(row.uuid),
                "course_uuid": written.manifest["course_uuid"],
                "version_uuid": str(row.version.uuid),
                "sha256": sha256,
            },
            acting=SYSTEM,
        )


def _made(written: Written, key: TextbookKey, sha256: str, size: int) -> dict[str, Any]:
    return {
        "sha256": sha256,
        "size": size,
        "file_count": len(written.manifest["files"]),
        "contents": written.book.told(),
        "key": key,
        "ended_at": clock.now(),
        "lease_token": None,
        "progress": 100,
    }


def _close(row_id: int, token: uuid.UUID, status: PackStatus, code: str, *, detail: str = "") -> None:
    """End a pack without a file, or give it back; nothing when another worker has it."""
    with transaction.atomic():
        try:
            row = _held(row_id, token)
        except LeaseLost:
            return
        ended = None if status == PackStatus.WAITING else clock.now()
        _move(row, status, code, code=code, detail=detail, ended_at=ended, lease_token=None, progress=0)


def _held(row_id: int, token: uuid.UUID) -> TextbookPack:
    """Return the row, locked, while this worker still holds it; LeaseLost otherwise."""
    rows = TextbookPack.objects.select_for_update(of=("self",)).select_related("version")
    row = rows.get(pk=row_id)
    if row.lease_token != token or row.status != PackStatus.RUNNING:
        raise LeaseLost(row_id)
    return row


def _move(row: TextbookPack, to: PackStatus, why: str, *, acting: Actor = SYSTEM, **changes: Any) -> TextbookPack:
    return move(row, to=to, table=PACK_MOVES, acting=acting, reason=why, **changes)
