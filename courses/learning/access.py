"""Who may study a run, and in which way: learners keep what they do, teachers and others of the host look only."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from courses.enrolment.models import Enrolment
from courses.enrolment.states import EnrolmentStatus
from courses.runs.models import CourseRun, RunTeacher
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere

PREVIEW_ROLES = frozenset({"teacher", "author", "editor"})  # of the host institution


class Mode(StrEnum):
    """How somebody is in a run."""

    STUDIES = "studies"  # what they do is kept
    REVIEWS = "reviews"  # the run has ended, or they have completed it: they look, nothing is kept
    PREVIEWS = "previews"  # staff of the host: they look, nothing is kept
    WAITS = "waits"  # enrolled, and the run has not begun


@dataclass(frozen=True, slots=True)
class Study:
    """One person in one run."""

    run: CourseRun
    person_id: int
    mode: Mode

    @property
    def keeps(self) -> bool:
        """True when what the person does is kept."""
        return self.mode == Mode.STUDIES


def study_of(actor: Actor, person_id: int, run_uuid: UUID) -> Study:
    """Return how the person is in the run, in one query; NotThere for strangers and those who have left."""
    place = Enrolment.objects.filter(run=OuterRef("pk"), person_id=person_id)
    run = (
        CourseRun.objects.select_related("course__institution", "course__textbook", "content")
        .defer("content__report", "content__course_policy")
        .annotate(
            place=Subquery(place.values("status")[:1]),
            taught=Exists(RunTeacher.objects.filter(run=OuterRef("pk"), person_id=person_id)),
        )
        .filter(uuid=run_uuid)
        .first()
    )
    mode = _mode(run, actor) if run else None
    if run is None or mode is None:
        raise NotThere("no-such-run", _("There is no such page."))
    return Study(run, person_id, mode)


def _mode(run: CourseRun, actor: Actor) -> Mode | None:
    place: str | None = run.place  # type: ignore[attr-defined]  # annotated above
    today = clock.today()
    if place == EnrolmentStatus.ACTIVE:
        if today < run.starts_on:
            return Mode.WAITS
        return Mode.STUDIES if today <= run.ends_on else Mode.REVIEWS
    if place == EnrolmentStatus.COMPLETED:
        return Mode.REVIEWS
    at_host = actor.institution_uuid == run.course.institution.uuid and actor.role in PREVIEW_ROLES
    return Mode.PREVIEWS if run.taught or at_host else None  # type: ignore[attr-defined]  # annotated above
