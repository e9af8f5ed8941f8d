"""Answers that arrive after they were given: each counts once, and its due time is seen from when it was given."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from courses.content.data import BlockInfo
from courses.content.dates import moment_of
from courses.runtime.models import StateScope
from courses.runtime.state import RowKey, StateRows
from edu.kernel.errors import Stale

KEYS = "_keys"  # beside the block's own fields, whose names are Python's and begin with no underscore
KEYS_MAX = 8  # a page whose answer got lost on the way sends it again before seven others


def remember(rows: StateRows, wanted: Iterable[RowKey], key: str) -> None:
    """Note the key of an answer in the learner's locked row; Stale when it is there already."""
    own = next((row_key for row_key in wanted if row_key.scope == StateScope.USER_STATE), None)
    if not key or own is None:
        return
    row = rows.row(own)
    known = row.fields.get(KEYS, [])
    if key in known:
        raise Stale("answered-already", _("This answer was stored before. It counts once."))
    row.fields[KEYS] = [*known, key][-KEYS_MAX:]
    row.dirty = True


def due_of(info: BlockInfo) -> dt.datetime | None:
    """Return when a block is due, its own time before that of what it stands in; None when it never is."""
    return moment_of(info.fields.get("settings", {}).get("due") or info.inherited.get("due"))


def as_of(blocks: Mapping[str, BlockInfo], usage_id: str, given_at: dt.datetime) -> dict[str, BlockInfo]:
    """Return the blocks with the due time of one as far from now as it was from the answer.

    Blocks look at the machine's clock to see whether they are closed, so the time is moved instead.
    """
    info = blocks.get(usage_id)
    due_at = due_of(info) if info else None
    if info is None or due_at is None:
        return dict(blocks)
    machine_now = dt.datetime.now(dt.UTC)  # the clock that blocks look at, not the story's
    settings = {**info.fields.get("settings", {}), "due": (due_at + (machine_now - given_at)).isoformat()}
    return {**blocks, usage_id: replace(info, fields={**info.fields, "settings": settings})}
