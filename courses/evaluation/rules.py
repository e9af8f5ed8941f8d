"""When a run is evaluated, what an answer may be, and what of the answers may be shown: pure."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

DAYS_BEFORE_END: Final = 14  # the last two weeks of teaching
DAYS_AFTER_END: Final = 30  # after the results
GROUP_MIN: Final = 5  # below it a group's answers would point at people
GRADES: Final = (1, 2, 3, 4, 5)  # from "not at all" to "entirely"
ITEMS: Final = ("goals", "teaching", "pace", "help", "access", "overall")
COMMENT_CHARS_MAX: Final = 1000


class Place(StrEnum):
    """Where a learner studies, as they say it themselves in the answer."""

    RURAL = "rural"  # village or township
    URBAN = "urban"
    UNSAID = "unsaid"


class Window(StrEnum):
    """Where the evaluation of a run stands."""

    LATER = "later"
    OPEN = "open"
    OVER = "over"


def window(ends_on: dt.date, today: dt.date) -> Window:
    """Return whether learners can answer. Results wait until it is over: two looks would show what one person said."""
    if today < opens_on(ends_on):
        return Window.LATER
    return Window.OPEN if today <= closes_on(ends_on) else Window.OVER


def opens_on(ends_on: dt.date) -> dt.date:
    """Return the first day on which learners answer."""
    return ends_on - dt.timedelta(days=DAYS_BEFORE_END)


def closes_on(ends_on: dt.date) -> dt.date:
    """Return the last day on which learners answer."""
    return ends_on + dt.timedelta(days=DAYS_AFTER_END)


@dataclass(frozen=True, slots=True)
class Answer:
    """One learner's answer, without the learner."""

    grades: Mapping[str, int]
    place: Place
    comment: str = ""


def problem_in(answer: Answer) -> str:
    """Return the code of what is wrong with an answer, or ""."""
    if set(answer.grades) != set(ITEMS):
        return "answers-missing"
    if any(grade not in GRADES for grade in answer.grades.values()):
        return "unknown-grade"
    return "comment-too-long" if len(answer.comment) > COMMENT_CHARS_MAX else ""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """How one question was answered: the mean and how many chose each grade."""

    item: str
    mean: Decimal
    counts: tuple[int, ...]  # in the order of GRADES


@dataclass(frozen=True, slots=True)
class GroupResult:
    """The answers of a group that is large enough."""

    count: int
    items: tuple[ItemResult, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown: nothing for fewer than GROUP_MIN answers, the split only when both parts are large enough."""

    count: int
    all: GroupResult | None
    rural: GroupResult | None
    others: GroupResult | None
    comments: tuple[str, ...]


def shown(answers: Sequence[Answer]) -> Shown:
    """Return what may be shown of a run's answers.

    Rural learners stand apart only when the others are GROUP_MIN too: otherwise whoever subtracts them from all
    answers would see a small group. Comments come in an order of their own, apart from grades and places.
    """
    if len(answers) < GROUP_MIN:
        return Shown(len(answers), None, None, None, ())
    rural = [answer for answer in answers if answer.place == Place.RURAL]
    others = [answer for answer in answers if answer.place != Place.RURAL]
    apart = min(len(rural), len(others)) >= GROUP_MIN
    return Shown(
        count=len(answers),
        all=_group(answers),
        rural=_group(rural) if apart else None,
        others=_group(others) if apart else None,
        comments=tuple(sorted(answer.comment for answer in answers if answer.comment)),
    )


def _group(answers: Sequence[Answer]) -> GroupResult:
    return GroupResult(len(answers), tuple(_item(item, [answer.grades[item] for answer in answers]) for item in ITEMS))


def _item(item: str, grades: Iterable[int]) -> ItemResult:
    counts = Counter(grades)
    total = sum(grade * count for grade, count in counts.items())
    mean = (Decimal(total) / counts.total()).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return ItemResult(item, mean, tuple(counts[grade] for grade in GRADES))
