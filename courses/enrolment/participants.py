"""Who takes part in a run: learners with a place and its teachers. For all others the run's talk is not there."""

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
from edu.kernel.errors import NotPermitted, NotThere

TEACHING_ROLES = frozenset({"teacher", "author"})
NOT_THERE = ("no-such-page", _("There is no such page."))


class Part(StrEnum):
    """What somebody is in a run."""

    TEACHER = "teacher"
    LEARNER = "learner"
    FORMER = "former"  # has completed it, or the run is over: reads and writes nothing more


@dataclass(frozen=True, slots=True)
class Participant:
    """One person in one run."""

    run: CourseRun
    person_id: int
    part: Part
    actor: Actor

    @property
    def teaches(self) -> bool:
        """True for teachers, who see whole names and all that was hidden."""
        return self.part == Part.TEACHER

    @property
    def may_write(self) -> bool:
        """True while the person may add something."""
        return self.part != Part.FORMER


def participant_of(actor: Actor, person_id: int, run_uuid: UUID) -> Participant:
    """Return what the person is in the run, in one query; NotThere for strangers and those who have left.

    Who teaches the run does so only while acting for its institution, as a teacher or author.
    """
    place = Enrolment.objects.filter(run=OuterRef("pk"), person_id=person_id)
    run = (
        CourseRun.objects.select_related("course__institution")
        .annotate(
            place=Subquery(place.values("status")[:1]),
            taught=Exists(RunTeacher.objects.filter(run=OuterRef("pk"), person_id=person_id)),
        )
        .filter(uuid=run_uuid)
        .first()
    )
    part = _part(run, actor) if run else None
    if run is None or part is None:
        raise NotThere(*NOT_THERE)
    return Participant(run, person_id, part, actor)


def _part(run: CourseRun, actor: Actor) -> Part | None:
    at_host = actor.institution_uuid == run.course.institution.uuid and actor.role in TEACHING_ROLES
    if run.taught and at_host:  # type: ignore[attr-defined]  # annotated above
        return Part.TEACHER
    place: str | None = run.place  # type: ignore[attr-defined]  # annotated above
    if place == EnrolmentStatus.ACTIVE:
        return Part.LEARNER if clock.today() <= run.ends_on else Part.FORMER
    return Part.FORMER if place == EnrolmentStatus.COMPLETED else None


def require_teacher(one: Participant) -> Participant:
    """Return the participant when they teach the run; NotThere for learners, who know nothing of those pages."""
    if not one.teaches:
        raise NotThere(*NOT_THERE)
    return one


def require_may_write(one: Participant) -> None:
    """NotPermitted for those who only read any more."""
    if not one.may_write:
        raise NotPermitted("run-is-over", _("The run is over for you: you can read here, and write no more."))


def learner_uuids(run: CourseRun) -> list[UUID]:
    """Return who studies the run now, for news to all of them."""
    rows = Enrolment.objects.filter(run=run, status=EnrolmentStatus.ACTIVE)
    return list(rows.values_list("person__uuid", flat=True))


def names_in_news(run: CourseRun) -> dict[str, str]:
    """Return what notices of a run say about it: the course's names."""
    return {"course_zh": run.course.name_zh, "course_en": run.course.name_en}
