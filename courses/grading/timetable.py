"""When and where a learner is expected: the meetings and exams of a run that concern them, with their own mark."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from courses.grading.facts import Planned
from courses.grading.policy import EXAM
from courses.grading.queries import Standing
from courses.grading.rules import Mark, concerns
from courses.grading.wording import KIND_WORDS, MARK_WORDS, ROUND_WORDS
from edu.kernel import clock


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting or a sitting of an exam, as its learner sees it; `state` is their mark, "" while there is none."""

    title: str
    kind: str
    starts_at: dt.datetime
    minutes: int
    room: str
    state: str
    score: Decimal | None
    called_off: str  # why; "" when it takes place
    is_over: bool


def appointments_of(standing: Standing) -> list[Appointment]:
    """Return the meetings and exams that concern a learner, in their order."""
    marks: dict[str, list[Mark]] = {part.name: [] for part in standing.held.policy.components}
    for mark in standing.facts.marks:
        marks.setdefault(mark.component, []).append(mark)
    return [
        _appointment(planned, marks[planned.component])
        for planned in standing.planned
        if planned.component in standing.held.policy.weights
        and concerns(planned.key, planned.round, marks[planned.component], standing.computed)
    ]


def _appointment(planned: Planned, marks: Iterable[Mark]) -> Appointment:
    own = next((mark for mark in marks if mark.key == planned.key), None)
    words = ROUND_WORDS[planned.round] if planned.kind == EXAM else KIND_WORDS[planned.kind]
    return Appointment(
        title=planned.title,
        kind=str(words),
        starts_at=planned.starts_at,
        minutes=planned.minutes,
        room=planned.room,
        state=str(MARK_WORDS[own.status]) if own else "",
        score=own.score if own else None,
        called_off=planned.called_off,
        is_over=planned.starts_at + dt.timedelta(minutes=planned.minutes) < clock.now(),
    )
