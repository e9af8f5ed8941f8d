"""After an honest restore of an older backup: bringing back from the tiles what the log holds and the database lost."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits.log import folder, keys, merkle, sequencer
from credits.log.checkpoints import Checkpoint
from credits.log.faults import Fault
from credits.log.models import Checkpoint as CheckpointRow
from credits.log.models import LogEntry
from credits.log.notes import Note
from credits.log.tiles import Tiles
from edu.kernel import clock
from edu.kernel.errors import Refusal

BATCH = 4096  # entries read at once


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many entries came back: those that still waited in the backup, and those whose subject is lost."""

    found: int
    lost: int


def replay_tail() -> Replayed:
    """Give the database the entries of the newest signed checkpoint that it lacks; safe to repeat.

    An entry that waits in the database gets its old place. One that is only in the tiles comes back without its
    subject: what it was about is gone, that it was is not. Refusal when the files do not give the checkpoint's root,
    or do not begin with the entries that the database has.
    """
    with sequencer.alone() as mine:
        if not mine:
            raise Refusal("sequencer-at-work", _("The sequencer is at work. Stop the worker first."))
        checkpoint = _newest()
        with transaction.atomic():
            entries = _checked_entries(checkpoint)
            replayed = _bring_back(entries, checkpoint.size)
            _keep(checkpoint)
    return replayed


def _newest() -> Checkpoint:
    try:
        known = [found for found in (folder.published(), folder.signed()) if found]
        for found in known:
            found.require_signed(keys.public_keys())
    except Fault as fault:
        raise _damaged(fault) from fault
    if not known:
        raise Refusal("nothing-to-replay", _("The log's folder holds no checkpoint."))
    return max(known, key=lambda found: found.size)


def _checked_entries(checkpoint: Checkpoint) -> list[bytes]:
    """Return the entries that the database lacks, after all entries proved to be the checkpoint's."""
    hashes: list[bytes] = []
    tail: list[bytes] = []
    ours = _ours()
    try:
        for entry in Tiles(folder.read, checkpoint.size).entries(0, checkpoint.size):
            hashes.append(merkle.leaf_hash(entry))
            known = next(ours, None)
            if known is None:
                tail.append(entry)
            elif known != entry:
                raise _forked(len(hashes) - 1)
    except Fault as fault:
        raise _damaged(fault) from fault
    if next(ours, None) is not None:
        raise _forked(len(hashes))
    if merkle.root_of(hashes) != checkpoint.root:
        raise _damaged(Fault("root-differs", str(checkpoint.size)))
    return tail


def _ours() -> Iterator[bytes]:
    """Yield the entries of the database in order, by batches: a cursor left open would outlive a refusal."""
    start = 0
    while True:
        rows = LogEntry.objects.filter(index__gte=start, index__lt=start + BATCH).order_by("index")
        entries = list(rows.values_list("entry", flat=True))
        yield from map(bytes, entries)
        if len(entries) < BATCH:
            return
        start += BATCH


def _forked(index: int) -> Refusal:
    return Refusal(
        "log-forked",
        _("The database holds another entry than the log's files. This is no restored backup."),
        {"index": index},
    )


def _bring_back(entries: list[bytes], size: int) -> Replayed:
    waiting = {bytes(entry): pk for pk, entry in LogEntry.objects.filter(index=None).values_list("pk", "entry")}
    found = lost = 0
    for index, entry in enumerate(entries, size - len(entries)):
        pk = waiting.pop(entry, None)
        if pk is None:
            LogEntry.objects.create(kind=json.loads(entry)["kind"], entry=entry, index=index)
            lost += 1
        else:
            LogEntry.objects.filter(pk=pk).update(index=index)
            found += 1
    return Replayed(found, lost)


def _keep(checkpoint: Checkpoint) -> None:
    if CheckpointRow.objects.filter(size=checkpoint.size).exists():
        return
    own = Note(checkpoint.note.text, checkpoint.signatures_by(keys.public_keys()))
    CheckpointRow.objects.create(
        origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root, note=own.whole, signed_at=clock.now()
    )


def _damaged(fault: Fault) -> Refusal:
    return Refusal(
        "log-folder-damaged",
        _("A checkpoint in the log's folder is damaged, or another log's."),
        {"fault": str(fault)},
    )
