"""Reading evaluations: never an answer alone."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from courses.catalogue.queries import course_info
from courses.data import CourseInfo
from courses.enrolment.participants import Participant
from courses.enrolment.queries import SEATS_TAKEN
from courses.evaluation import rules
from courses.evaluation.models import EvaluationAnswer, EvaluationTurn
from courses.evaluation.rules import Answer, Place, Shown, Window
from courses.runs.models import CourseRun
from edu.kernel import clock


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run's evaluation as teachers and offices see it; `shown` is None until it is over."""

    window: Window
    opens_on: dt.date
    closes_on: dt.date
    asked: int
    answered: int
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list of evaluations."""

    uuid: UUID
    course: CourseInfo
    code: str
    ends_on: dt.date
    window: Window
    asked: int
    answered: int


def has_answered(one: Participant) -> bool:
    """True when the learner has evaluated the run."""
    return EvaluationTurn.objects.filter(run=one.run, person_id=one.person_id).exists()


def evaluation_of(run: CourseRun) -> Evaluation:
    """Return where a run's evaluation stands, and once it is over what may be shown of it, in two queries."""
    window = rules.window(run.ends_on, clock.today())
    rows = list(EvaluationAnswer.objects.filter(run=run).values_list("grades", "place", "comment"))
    answers = [Answer(grades, Place(place), comment) for grades, place, comment in rows]
    counted = CourseRun.objects.filter(pk=run.pk).annotate(taken=SEATS_TAKEN).values_list("taken", flat=True)
    return Evaluation(
        window=window,
        opens_on=rules.opens_on(run.ends_on),
        closes_on=rules.closes_on(run.ends_on),
        asked=counted.first() or 0,
        answered=len(answers),
        shown=rules.shown(answers) if window == Window.OVER else None,
    )


def runs_to_review(institution_uuid: UUID | None) -> QuerySet[CourseRun]:
    """Return the runs whose evaluation has begun, of one institution or (None) of all, the latest end first."""
    begun = clock.today() + dt.timedelta(days=rules.DAYS_BEFORE_END)
    counts = EvaluationTurn.objects.filter(run=OuterRef("pk")).order_by().values("run").annotate(n=Count("pk"))
    rows = CourseRun.objects.select_related("course__institution").filter(ends_on__lte=begun)
    if institution_uuid is not None:
        rows = rows.filter(Q(course__institution__uuid=institution_uuid))
    rows = rows.annotate(taken=SEATS_TAKEN, answered=Coalesce(Subquery(counts.values("n")), 0))
    return rows.order_by("-ends_on", "-pk")


def run_line(row: CourseRun) -> RunLine:
    """Return the value of a row of runs_to_review."""
    return RunLine(
        uuid=row.uuid,
        course=course_info(row.course),
        code=row.code,
        ends_on=row.ends_on,
        window=rules.window(row.ends_on, clock.today()),
        asked=row.taken,  # type: ignore[attr-defined]  # annotated
        answered=row.answered,  # type: ignore[attr-defined]  # annotated
    )
