"""Comparing database, tiles and subjects: where does something differ from what was logged, and what."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from credits.log import commitments, folder, keys, queries, rows, sequencer, subjects
from credits.log.checkpoints import Checkpoint
from credits.log.faults import Fault
from credits.log.models import LogEntry, OwnerSalt
from credits.log.tiles import WIDTH, Tiles
from credits.log.verifying import Finding, Opening, signature_findings, tree_findings

BATCH = 1000
GUARDS = """
    SELECT wanted.place || ' ' || wanted.name, CASE t.tgenabled WHEN 'O' THEN 'off for replicas'
        WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replicas only' ELSE 'missing' END
    FROM unnest(%s::text[], %s::text[]) AS wanted(place, name)
    LEFT JOIN pg_trigger t ON t.tgname = wanted.name AND t.tgrelid = wanted.place::regclass
    WHERE t.tgenabled IS DISTINCT FROM 'A'
"""
WANTED = (
    ("credits_logentry", "log_index_once"),
    ("credits_logentry", "log_dense"),
    ("credits_logentry", "log_back"),
    ("credits_logentry", "log_guard"),
    ("credits_checkpoint", "log_guard"),
    ("credits_cosignature", "log_guard"),
    ("credits_witness", "log_period"),
    ("credits_witness", "log_guard"),
    ("credits_logkey", "log_period"),
    ("credits_logkey", "log_guard"),
    ("credits_ownersalt", "log_made"),
    ("credits_ownersalt", "log_destroyed"),
    ("credits_ownersalt", "log_guard"),
    ("credits_saltrecord", "log_erasure"),
    ("credits_saltrecord", "log_guard"),
)  # as in migration 0011; a test compares


@dataclass(frozen=True, slots=True)
class _Logged:
    """What the database says of an entry."""

    index: int | None
    owner_uuid: UUID | None
    entry: bytes


def findings() -> list[Finding]:
    """Return everything that differs: files, database and tiles, subjects and entries, guards; empty when all is well.

    Subjects of erased owners cannot be opened any more and are passed over.
    """
    found = _guard_findings()
    try:
        checkpoint = folder.published()
    except Fault as fault:
        return [*found, Finding(fault.code, "checkpoint", fault.detail)]
    if checkpoint is None:
        missing = [Finding("file-missing", "checkpoint", "")] if rows.latest() else []
        return [*found, *missing, *_subject_findings()]
    row = rows.latest()
    last = rows.from_row(row) if row and row.size <= checkpoint.size else None
    found += signature_findings(checkpoint, keys.public_keys(), queries.policy(), last, folder.read)
    found += tree_findings(checkpoint, folder.read)
    found += _entry_findings(checkpoint)
    return [*found, *_subject_findings()]


def openings() -> Iterator[Opening]:
    """Yield what every placed entry commits to, as far as its owner's salt is there: for an outsider's verifier."""
    for kind, subject, logged, salt in _subjects():
        if logged and logged.index is not None and salt:
            opened = commitments.entry_salt(salt, subject.uuid)
            yield Opening(logged.index, kind, str(subject.uuid), opened, dict(subject.document))


def _entry_findings(checkpoint: Checkpoint) -> list[Finding]:
    """Compare the entries of the database with those of the tiles, index by index."""
    found = []
    count = sequencer.count()
    if count < checkpoint.size:
        found.append(Finding("log-behind", f"size {count}", f"the published log has {checkpoint.size} entries"))
    reader = Tiles(folder.read, checkpoint.size)
    step = WIDTH * 16
    for start in range(0, min(count, checkpoint.size), step):
        end = min(start + step, checkpoint.size)
        ours = dict(LogEntry.objects.filter(index__gte=start, index__lt=end).values_list("index", "entry"))
        names = dict(LogEntry.objects.filter(index__gte=start, index__lt=end).values_list("index", "subject_uuid"))
        try:
            published = list(reader.entries(start, end))
        except Fault as fault:
            return [*found, Finding(fault.code, fault.detail, "")]
        for index, entry in enumerate(published, start):
            if index not in ours:
                found.append(Finding("entry-missing", f"index {index}", "not in the database"))
            elif bytes(ours[index]) != entry:
                found.append(Finding("entry-differs", f"index {index}", f"subject {names[index]}"))
    return found


def _subject_findings() -> list[Finding]:
    found = []
    seen: dict[str, set[UUID]] = {kind: set() for kind in subjects.keepers()}
    for kind, subject, logged, salt in _subjects():
        seen[kind].add(subject.uuid)
        if logged is None:
            found.append(Finding("not-in-the-log", f"{kind} {subject.uuid}", "has no entry"))
            continue
        place = "waiting" if logged.index is None else f"index {logged.index}"
        if salt is None:
            continue
        opening = Opening(
            0, kind, str(subject.uuid), commitments.entry_salt(salt, subject.uuid), dict(subject.document)
        )
        if wrong := opening.fault_with(logged.entry):
            found.append(Finding(wrong, place, f"{kind} {subject.uuid}"))
    for kind, uuids in seen.items():
        logged_ones = LogEntry.objects.filter(kind=kind, subject_uuid__isnull=False).values_list(
            "subject_uuid", "index"
        )
        for uuid, index in logged_ones.iterator():
            if uuid not in uuids:
                found.append(Finding("subject-missing", f"index {index}", f"{kind} {uuid} is in the log only"))
    return found


def _subjects() -> Iterator[tuple[str, subjects.Subject, _Logged | None, bytes | None]]:
    for kind, keeper in subjects.keepers().items():
        batch: list[subjects.Subject] = []
        for subject in keeper():
            batch.append(subject)
            if len(batch) == BATCH:
                yield from _with_entries(kind, batch)
                batch = []
        yield from _with_entries(kind, batch)


def _with_entries(
    kind: str, batch: list[subjects.Subject]
) -> Iterator[tuple[str, subjects.Subject, _Logged | None, bytes | None]]:
    entries = LogEntry.objects.filter(kind=kind, subject_uuid__in=[subject.uuid for subject in batch])
    logged = {
        uuid: _Logged(index, owner, bytes(entry))
        for uuid, index, owner, entry in entries.values_list("subject_uuid", "index", "owner_uuid", "entry")
    }
    owners = {item.owner_uuid for item in logged.values() if item.owner_uuid}
    salts = dict(OwnerSalt.objects.filter(owner_uuid__in=owners).values_list("owner_uuid", "salt"))
    for subject in batch:
        entry = logged.get(subject.uuid)
        salt = salts.get(entry.owner_uuid) if entry and entry.owner_uuid else None
        yield kind, subject, entry, bytes(salt) if salt is not None else None


def _guard_findings() -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(GUARDS, [[table for table, _name in WANTED], [name for _table, name in WANTED]])
        return [Finding("guard-off", place, how) for place, how in cursor.fetchall()]
