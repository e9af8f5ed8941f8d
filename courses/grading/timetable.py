"""When and where learners are expected: the meetings and exams that concern them, and who is told of one."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from courses.enrolment.participants import names_in_news
from courses.enrolment.states import EnrolmentStatus
from courses.grading import queries
from courses.grading.data import GradeRow
from courses.grading.facts import Planned
from courses.grading.policy import EXAM
from courses.grading.proposing import policies_in_force
from courses.grading.queries import Standing
from courses.grading.records import Session
from courses.grading.rules import Mark, concerns
from courses.grading.wording import KIND_WORDS, MARK_WORDS, ROUND_WORDS
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.notices.api import send
from edu.notices.data import News

PLANNED = "courses.session_planned"


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


def tell_expected(session_uuid: UUID, kind: str, *, acting: Actor) -> None:
    """Tell the learners whom a session concerns; safe to repeat. One that is called off is not told as planned."""
    session = Session.objects.select_related("run__course", "run__content").filter(uuid=session_uuid).first()
    if session is None or (kind == PLANNED and session.cancelled_at):
        return
    run = session.run
    news = News(kind, session.uuid, "courses:learn_progress", (str(run.uuid),), names_in_news(run))
    send(news, to=_expected(session), acting=acting)


def _expected(session: Session) -> list[UUID]:
    run = session.run
    places = queries.places(run).filter(status=EnrolmentStatus.ACTIVE)
    policies = policies_in_force(run)
    rows = queries.gradebook(run, policies, list(places), to_sign=False).rows
    return [row.person_uuid for row in rows if _is_expected(session, row)]


def _is_expected(session: Session, row: GradeRow) -> bool:
    marks = [mark for mark in row.facts.marks if mark.component == session.component]
    counts = session.component in row.held.policy.weights
    return counts and concerns(str(session.uuid), session.round, marks, row.computed)
