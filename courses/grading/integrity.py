"""Signals that a person should look at: opened from figures the server keeps, decided by people, never a score.

What counts as a signal is in `signals_in` and in the limits below; a case says the figures, the limits, and no more.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, QuerySet, Sum, When
from django.utils.translation import gettext_lazy as _

from courses.enrolment.models import Enrolment
from courses.grading.access import NOT_THERE, taught_run
from courses.grading.records import IntegrityCase
from courses.grading.states import CASE, CaseStatus
from courses.runs.models import CourseRun
from courses.runtime.models import BlockScore, BlockState, StateScope, WatchDay
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotThere, Refusal

SPEED, PARALLEL, NIGHT, ALIKE = "speed", "parallel", "night", "alike"
REFUSED_S_MIN = 30 * 60  # claimed beyond the clock: a bad line makes seconds, not half an hour
PARALLEL_S_MIN = 30 * 60  # reported by a second page: changing pages makes seconds
NIGHT_S_MIN = 3 * 3600  # and nearly nothing by day
NIGHT_PART_MIN = 90  # percent
ALIKE_ANSWERS_MIN = 5  # wrong in the same words in so many problems
ANSWER_CHARS_MIN = 3  # shorter wrong answers coincide by themselves
ALIKE_LEARNERS_MAX = 4  # a wrong answer that many give is a common mistake


@dataclass(frozen=True, slots=True)
class Watched:
    """The sums of a learner's days in a run, in seconds."""

    played_s: int
    refused_s: int
    parallel_s: int
    night_s: int


def signals_in(watched: Watched) -> dict[str, dict[str, str]]:
    """Return the signals in a learner's figures, each with the figures that make it one."""
    found = {}
    if watched.refused_s >= REFUSED_S_MIN:
        found[SPEED] = {"refused_minutes": str(watched.refused_s // 60), "limit_minutes": str(REFUSED_S_MIN // 60)}
    if watched.parallel_s >= PARALLEL_S_MIN:
        found[PARALLEL] = {
            "parallel_minutes": str(watched.parallel_s // 60),
            "limit_minutes": str(PARALLEL_S_MIN // 60),
        }
    night_percent = 100 * watched.night_s // watched.played_s if watched.played_s else 0
    if watched.night_s >= NIGHT_S_MIN and night_percent >= NIGHT_PART_MIN:
        found[NIGHT] = {"night_minutes": str(watched.night_s // 60), "night_percent": str(night_percent)}
    return found


def alike_in(wrong: Iterable[tuple[int, str, str]]) -> dict[int, int]:
    """Return learners with the number of problems in which another one gave the same wrong answer.

    `wrong` holds (learner, problem, answer). Pairs count, not crowds: what more than a few answer alike is a common
    mistake, and short answers coincide by themselves.
    """
    givers: dict[tuple[str, str], set[int]] = defaultdict(set)
    for learner, problem, answer in wrong:
        if len(answer) >= ANSWER_CHARS_MIN:
            givers[problem, answer].add(learner)
    pairs: dict[tuple[int, int], set[str]] = defaultdict(set)
    for (problem, _answer), learners in givers.items():
        if 1 < len(learners) <= ALIKE_LEARNERS_MAX:
            ordered = sorted(learners)
            for number, one in enumerate(ordered):
                for other in ordered[number + 1 :]:
                    pairs[one, other].add(problem)
    found: dict[int, int] = {}
    for pair, problems in pairs.items():
        if len(problems) >= ALIKE_ANSWERS_MIN:
            for learner in pair:
                found[learner] = max(found.get(learner, 0), len(problems))
    return found


def look_everywhere() -> int:
    """Look for signals in every run that goes on or ended in the last two weeks; return how many cases were opened."""
    today = clock.today()
    runs = CourseRun.objects.filter(starts_on__lte=today, ends_on__gte=today - dt.timedelta(days=14))
    return sum(look(run) for run in runs.order_by("pk"))


@transaction.atomic
def look(run: CourseRun) -> int:
    """Open a case for each signal in a run that has none yet; safe to repeat. Returns how many were opened."""
    places = {place.person_id: place for place in Enrolment.objects.filter(run=run).exclude(status="withdrawn")}
    sums = WatchDay.objects.filter(run=run).values("person_id").annotate(
        played=Sum("played_s"), refused=Sum("refused_s"), parallel=Sum("parallel_s"), night=Sum("night_s")
    )  # fmt: skip
    found: list[tuple[int, str, dict[str, str]]] = []
    for row in sums:
        watched = Watched(row["played"], row["refused"], row["parallel"], row["night"])
        found += [(row["person_id"], signal, facts) for signal, facts in signals_in(watched).items()]
    found += [(person_id, ALIKE, {"problems": str(number)}) for person_id, number in alike_in(_wrong(run)).items()]
    known = set(IntegrityCase.objects.filter(enrolment__run=run).values_list("enrolment__person_id", "signal"))
    fresh = [(places[p], s, facts) for p, s, facts in found if p in places and (p, s) not in known]
    for place, signal, facts in fresh:
        _open(place, signal, facts)
    return len(fresh)


def _wrong(run: CourseRun) -> list[tuple[int, str, str]]:
    """Return the answers of a run that earned nothing, as (learner, problem, answer); they go no further than here."""
    nothing = set(BlockScore.objects.filter(run=run, earned=0).values_list("person_id", "usage_id"))
    states = BlockState.objects.filter(run=run, scope=StateScope.USER_STATE, usage_id__startswith="problem@")
    return [
        (person_id, usage_id, text)
        for person_id, usage_id, answers in states.values_list("person_id", "usage_id", "state__student_answers")
        if person_id and (person_id, usage_id) in nothing and (text := _as_text(answers))
    ]


def _as_text(answers: Any) -> str:
    if not isinstance(answers, dict):
        return ""
    return "\n".join(
        str(value).strip() for _name, value in sorted(answers.items()) if value and "choice_" not in str(value)
    )


def _open(place: Enrolment, signal: str, facts: dict[str, str]) -> None:
    case = IntegrityCase.objects.create(enrolment=place, signal=signal, facts=facts, opened_at=clock.now())
    case.moves.create(
        source="",
        target=CaseStatus.OPEN.value,
        actor_person_uuid=SYSTEM.person_uuid,
        actor_institution_uuid=SYSTEM.institution_uuid,
        actor_role=SYSTEM.role,
        happened_at=clock.now(),
    )


def cases_of(run: CourseRun) -> QuerySet[IntegrityCase]:
    """Return a run's cases, the open ones first, with their learners."""
    rows = IntegrityCase.objects.filter(enrolment__run=run).select_related("enrolment__person")
    open_first = Case(When(status=CaseStatus.OPEN.value, then=0), default=1)
    return rows.order_by(open_first, "opened_at", "pk")


def case_of(acting: Actor, run_uuid: UUID, case_uuid: UUID) -> IntegrityCase:
    """Return a case of a run that the actor teaches; NotThere for others."""
    run = taught_run(acting, run_uuid)
    row = cases_of(run).filter(uuid=case_uuid).first()
    if row is None:
        raise NotThere(*NOT_THERE)
    return row


@transaction.atomic
def decide(*, run_uuid: UUID, case_uuid: UUID, upheld: bool, reason: str, acting: Actor) -> IntegrityCase:
    """Close a case with a reason. It changes no score: whoever upholds it sets one in the gradebook, with a reason."""
    case = case_of(acting, run_uuid, case_uuid)
    if not reason.strip():
        raise Refusal("no-reason", _("Say what you found."))
    target = CaseStatus.UPHELD if upheld else CaseStatus.DISMISSED
    return move(case, to=target, table=CASE, acting=acting, reason=reason.strip())


@transaction.atomic
def reopen(*, run_uuid: UUID, case_uuid: UUID, reason: str, acting: Actor) -> IntegrityCase:
    """Open a decided case again with a reason."""
    case = case_of(acting, run_uuid, case_uuid)
    if not reason.strip():
        raise Refusal("no-reason", _("Say why the case is opened again."))
    return move(case, to=CaseStatus.OPEN, table=CASE, acting=acting, reason=reason.strip())
