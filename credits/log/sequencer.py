"""The sequencer: gives entries their places, writes tiles, signs checkpoints, publishes. One at a time.

It may be killed at any line. The order is: indexes are committed, then files are written, then a checkpoint is
signed and kept in the folder, then in the database, then shown to witnesses, then published. Every step begins from
what the step before left on the disk, and files follow from the entries alone, so the next run goes on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from credits.log import checkpoints, erasures, folder, keys, merkle
from credits.log.checkpoints import Checkpoint
from credits.log.faults import Fault
from credits.log.models import Checkpoint as CheckpointRow
from credits.log.models import LogEntry
from credits.log.notes import Tree, parse_note
from credits.log.tiles import Tiles, grow
from edu.kernel import clock
from edu.kernel.errors import Refusal

LOCK = 20261126  # the advisory lock of the one sequencer
BATCH = 65_536  # entries a checkpoint: one tile of the second level, 30 MB in memory

ASSIGN = """
    UPDATE credits_logentry e SET index = %s + p.place
    FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
          FROM (SELECT id FROM credits_logentry WHERE index IS NULL ORDER BY id LIMIT %s) w) p
    WHERE e.id = p.id
"""


@dataclass(frozen=True, slots=True)
class Sequenced:
    """What a run did: how many entries it placed, and the tree that is published now."""

    placed: int
    tree: Tree | None


def sequence() -> Sequenced | None:
    """Place what is pending, sign, publish; None when another sequencer is at work. Safe to repeat, safe to kill.

    Refusal when the log must not go on: a checkpoint is known that the database does not reach, the folder is of
    another log, an erasure was undone by a restore, a key cannot be used.
    """
    with alone() as mine:
        if not mine:
            return None
        require_fit()
        placed = 0
        while new := _place():
            placed += new
            _extend()
        _extend()
        return Sequenced(placed, _publish())


@contextmanager
def alone() -> Iterator[bool]:
    """Hold the lock of the one sequencer inside the block; yields False when another holds it.

    The lock belongs to a transaction on a connection of its own: it ends with the process, and a pooler that hands
    connections round by transactions keeps it where it is.
    """
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            yield bool(cursor.fetchone()[0])
            cursor.execute("ROLLBACK")
    finally:
        own.close()


def require_fit() -> None:
    """Refusal when the log must not go on; the code says why and the sentence what to do."""
    if erasures.still_there():
        raise Refusal(
            "erasures-undone",
            _("A restore has brought back the salts of people who were erased. Run replay_erasures first."),
        )
    size = count()
    for known in _known():
        if known.origin != keys.origin():
            raise Refusal("log-origin-differs", _("The log's folder belongs to a log of another name."))
        if known.size > size:
            raise behind(known.size, size)


def behind(known: int, size: int) -> Refusal:
    """Return the refusal of a log that is known to have been longer."""
    return Refusal(
        "log-behind",
        _("The log was longer than the database knows. After restoring an older backup run log_replay_tail."),
        {"known": known, "size": size},
    )


def count() -> int:
    """Return how many entries have their place."""
    last = LogEntry.objects.filter(index__isnull=False).order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def latest() -> Checkpoint | None:
    """Return the newest checkpoint in the database, without cosignatures."""
    row = CheckpointRow.objects.order_by("-size").first()
    return from_row(row) if row else None


def from_row(row: CheckpointRow) -> Checkpoint:
    """Return the checkpoint of a row, without cosignatures."""
    return Checkpoint(Tree(row.origin, row.size, bytes(row.root)), parse_note(row.note.encode()))


def _known() -> list[Checkpoint]:
    """Return the newest checkpoints that folder and database know; Refusal when the folder's are damaged or foreign."""
    try:
        in_folder = [found for found in (folder.published(), folder.signed()) if found]
        for found in in_folder:
            found.require_signed(keys.public_keys())
    except Fault as fault:
        raise Refusal(
            "log-folder-damaged",
            _("A checkpoint in the log's folder is damaged, or another log's."),
            {"fault": str(fault)},
        ) from fault
    in_database = latest()
    return [*in_folder, in_database] if in_database else in_folder


def _place() -> int:
    """Give the oldest pending entries their indexes; return how many. Committed and on the disk before files are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
        cursor.execute(ASSIGN, [count(), BATCH])
        return cursor.rowcount


def _extend() -> None:
    """Bring files up to the entries that have a place, and sign the tree if nobody has."""
    in_folder = max((found.size for found in (folder.published(), folder.signed()) if found), default=0)
    size = count()
    start = in_folder
    while start < size:
        rows = LogEntry.objects.filter(index__gte=start, index__lt=start + BATCH).order_by("index")
        entries = [bytes(entry) for entry in rows.values_list("entry", flat=True)]
        growth = grow(start, entries, folder.read)
        folder.write(growth.files)
        start = growth.size
    if size:
        _sign(size)


def _sign(size: int) -> None:
    """Sign the tree of the files, after making sure that it goes on from every checkpoint that is known."""
    known = _known()
    tree = Tree(keys.origin(), size, _root_that_continues(size, known))
    signed = next((found for found in known if found.size == size), None)
    if signed is None:
        text = checkpoints.body(tree)
        signed = Checkpoint(tree, keys.sign(tree, text))
    if folder.signed() is None or folder.signed() != signed:
        folder.keep_signed(signed)
    if not CheckpointRow.objects.filter(size=size).exists():
        CheckpointRow.objects.create(
            origin=tree.origin, size=size, root=tree.root, note=signed.note.whole, signed_at=clock.now()
        )


def _root_that_continues(size: int, known: list[Checkpoint]) -> bytes:
    """Return the root of the files; Refusal when a known checkpoint is not the beginning of their tree."""
    try:
        tiles = Tiles(folder.read, size)
        for found in known:
            if tiles.subtree(0, found.size) != found.root:
                raise merkle.ProofWrong("root-differs", str(found.size))
        return tiles.root()
    except Fault as fault:
        raise Refusal(
            "log-forked",
            _("The log's files do not go on from a checkpoint that was signed. Nothing more is signed."),
            {"fault": str(fault)},
        ) from fault


def _publish() -> Tree | None:
    found = latest()
    if found is None:
        return None
    if folder.published() != found:
        folder.publish(found)
    return found.tree
