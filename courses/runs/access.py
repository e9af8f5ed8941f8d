"""Who may reach a run for planning it: people of the course's institution; for others it is not there."""

from uuid import UUID

from courses.catalogue.actions import MAY_ANYWHERE, MAY_MAKE_COURSES
from courses.catalogue.models import Course
from courses.runs.models import CourseRun
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere


def may_plan_for(institution_uuid: UUID, acting: Actor) -> bool:
    """True for teachers, authors and registrars of the institution, and operators."""
    at_home = acting.institution_uuid == institution_uuid and acting.role in MAY_MAKE_COURSES
    return at_home or acting.role in MAY_ANYWHERE


def course_to_plan(uuid: UUID, acting: Actor) -> Course:
    """Return a course whose runs the actor may plan; NotThere otherwise."""
    course = Course.objects.select_related("institution").filter(uuid=uuid).first()
    if course is None or not may_plan_for(course.institution.uuid, acting):
        raise NotThere("no-such-course")
    return course


def run_to_plan(uuid: UUID, acting: Actor) -> CourseRun:
    """Return a run that the actor may change; NotThere otherwise."""
    run = CourseRun.objects.select_related("course__institution").filter(uuid=uuid).first()
    if run is None or not may_plan_for(run.course.institution.uuid, acting):
        raise NotThere("no-such-run")
    return run


def teaches(run_uuid: UUID, person_uuid: UUID) -> bool:
    """True when the person teaches the run."""
    return CourseRun.objects.filter(uuid=run_uuid, run_teachers__person__uuid=person_uuid).exists()
