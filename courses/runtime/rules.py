"""What an event of a block means for score and completion."""

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

SIX_PLACES = Decimal("0.000001")
THREE_PLACES = Decimal("0.001")
POINTS_MAX = 100_000  # a block worth more than this is a mistake, and would not fit the column
STUCK_AFTER = dt.timedelta(days=3)  # classmates have had this long to judge an answer: longer than a weekend
COMPLETE_ON_VIEW = frozenset({"html", "annotatable", "pdf"})  # there is nothing to do in them but read
COMPLETED_BY_ACT = frozenset(
    {
        "problem",
        "video",
        "poll",
        "survey",
        "poll_question",
        "word_cloud",
        "done",
        "drag-and-drop-v2",
        "freetextresponse",
        "lti",
        "lti_consumer",
        "openassessment",
        "problem-builder",
        "scorm",
        "step-builder",
    }
)
GRADED_BY_OTHERS = frozenset(
    {"openassessment"}
)  # a grade may come before the learner has done their part, or long after
MAY_BE_UNDONE = frozenset({"done"})  # the learner may take the mark back
COMPLETING_HANDLERS = {  # blocks that publish nothing when the learner has done their part
    ("poll_question", "handle_submit_state"),
    ("word_cloud", "handle_submit_state"),
}

RESULTS = frozenset({"grade", "completion"})
TOLD_BY_BROWSERS = frozenset({"publish_event"})  # handlers that publish whatever a browser says: no results come of it


@dataclass(frozen=True, slots=True)
class Score:
    """Points earned of points possible, weighted."""

    earned: Decimal
    possible: Decimal
    only_if_higher: bool


def score_of(data: dict[str, Any], weight: float | None) -> Score | None:
    """Return the score in a `grade` event, or None when its numbers are no score.

    With a weight the block is worth that many points, whatever number of parts it has.
    """
    value, max_value = _number(data.get("value")), _number(data.get("max_value"))
    if value is None or max_value is None or max_value > POINTS_MAX:
        return None
    earned, possible = min(value, max_value), max_value
    factor = _number(weight)
    if factor is not None and factor <= POINTS_MAX and max_value > 0:
        earned, possible = earned * factor / max_value, factor
    return Score(_places(earned, SIX_PLACES), _places(possible, SIX_PLACES), bool(data.get("only_if_higher")))


def completion_of(block_type: str, kind: str, data: dict[str, Any]) -> Decimal | None:
    """Return the completion that an event reports, 0 to 1, or None when it says nothing about it."""
    if kind == "completion":
        value = _number(data.get("completion"))
        return None if value is None else _places(min(value, 1.0), THREE_PLACES)
    if kind != "grade" or block_type in GRADED_BY_OTHERS:
        return None
    if block_type in MAY_BE_UNDONE:
        return Decimal(1) if _number(data.get("value")) else Decimal(0)
    return Decimal(1)


def is_completable(block_type: str, *, supported: bool) -> bool:
    """True for blocks that count in a learner's progress; placeholders do not, nobody could complete them."""
    return supported and block_type in COMPLETE_ON_VIEW | COMPLETED_BY_ACT


def _number(value: Any) -> float | None:
    """Return a finite number that is not negative; blocks hand over floats, and what they mean is decided here."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value >= 0 else None


def _places(value: float, step: Decimal) -> Decimal:
    return Decimal(repr(value)).quantize(step)
