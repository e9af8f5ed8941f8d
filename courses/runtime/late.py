"""Answers that are late or arrive late: how long a block stays open, that each counts once, and from when its due
time is seen.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from xblock.fields import Timedelta

from courses.content.data import BlockInfo
from courses.content.dates import moment_of
from courses.runtime.grants import Grant
from courses.runtime.models import StateScope
from courses.runtime.state import RowKey, StateRows
from edu.kernel.errors import Stale

type Window = Callable[[int, int], dt.timedelta]  # of a run and a person, by their ids

_windows: list[Window] = []


def register_window(window: Window) -> None:
    """Let an applet above say how long after the due time a learner's answers are taken; the latest one says."""
    _windows[:] = [window]


def open_longer(blocks: Mapping[str, BlockInfo], grant: Grant) -> dict[str, BlockInfo]:
    """Return the blocks with as much grace as the learner has; asked only where something is over already.

    Otherwise a problem would close at its due time, and what lateness costs could cost nobody anything.
    """
    now = dt.datetime.now(dt.UTC)  # the clock that blocks look at
    over = {info.usage_id: due for info in blocks.values() if (due := due_of(info)) is not None and due < now}
    window = max((ask(grant.run_id, grant.person_id) for ask in _windows), default=NOTHING) if over else NOTHING
    return {
        usage_id: _with_grace(info, window) if window and usage_id in over else info
        for usage_id, info in blocks.items()
    }


def _with_grace(info: BlockInfo, window: dt.timedelta) -> BlockInfo:
    """Return a block that stays open so long after its due time, or as long as its course says where that is longer."""
    settings = info.fields.get("settings", {})
    own = _DURATION.from_json(settings.get(GRACE) or info.inherited.get(GRACE) or "")
    text = _DURATION.to_json(max(window, own or NOTHING))
    return replace(info, fields={**info.fields, "settings": {**settings, GRACE: text}})


GRACE = "graceperiod"
NOTHING = dt.timedelta(0)
_DURATION = Timedelta()  # as the blocks read it
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
