"""Checkpoints between rows and values."""

from credits.log import notes
from credits.log.checkpoints import Checkpoint
from credits.log.models import Checkpoint as CheckpointRow
from credits.log.notes import Tree


def latest() -> CheckpointRow | None:
    """Return the newest checkpoint's row."""
    return CheckpointRow.objects.order_by("-size").first()


def from_row(row: CheckpointRow) -> Checkpoint:
    """Return the checkpoint of a row, without cosignatures."""
    return Checkpoint(Tree(row.origin, row.size, bytes(row.root)), notes.parse_note(row.note.encode()))


def with_cosignatures(row: CheckpointRow) -> Checkpoint:
    """Return the checkpoint of a row with every cosignature that was stored for it."""
    lines = row.cosignatures.order_by("witness_id").values_list("line", flat=True)
    return from_row(row).with_signatures(line for text in lines for line in notes.parse_signatures(text))
