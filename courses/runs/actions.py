"""Planning runs and naming who teaches them."""

from collections.abc import Iterable
from dataclasses import asdict
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.catalogue.actions import require_may_make
from courses.catalogue.models import Course
from courses.data import RunPlan
from courses.runs import rules
from courses.runs.models import CourseRun, RunTeacher
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal
from edu.people import api as people

FIXED_AFTER_START = ("credit_points", "contact_hours")  # what was promised to those who study
TEACHING_ROLES = ("teacher", "author")
DISORDER = {
    "run-ends-before-it-starts": _("The last day of teaching is before the first. Correct one of them."),
    "enrolment-closes-before-it-opens": _("Enrolment closes before it opens. Correct one of the times."),
    "enrolment-opens-after-the-end": _("Enrolment opens after the run has ended. Correct one of the dates."),
}


@transaction.atomic
def create_run(*, course_uuid: UUID, plan: RunPlan, acting: Actor, teachers: Iterable[UUID] = ()) -> UUID:
    """Plan a run of a course and return its uuid; a teacher or author who plans it teaches it too.

    Refusals: those of DISORDER, "run-code-taken"; NotPermitted for people of other institutions.
    """
    course = Course.objects.select_related("institution").filter(uuid=course_uuid).first()
    if course is None:
        raise NotThere("no-such-course")
    require_may_make(course.institution.uuid, acting)
    _require_order(plan)
    _require_free_code(course.pk, plan.code)
    run = CourseRun.objects.create(course=course, **asdict(plan))
    planner = {acting.person_uuid} if acting.role in TEACHING_ROLES and acting.person_uuid else set()
    _name_teachers(run, {*teachers, *planner})
    record(events.RUN_CREATED, {"run_uuid": str(run.uuid), "course_uuid": str(course_uuid)}, acting=acting)
    return run.uuid


@transaction.atomic
def change_run(*, run_uuid: UUID, plan: RunPlan, acting: Actor, teachers: Iterable[UUID] | None = None) -> list[str]:
    """Change what is planned, and return the names of the columns that changed.

    Refusals: those of DISORDER, "run-code-taken", "run-has-begun" (credit and hours are promised by then). Fewer seats
    than are taken is allowed: nobody loses a place, and nobody else gets one.
    """
    runs = CourseRun.objects.select_related("course__institution").select_for_update(of=("self",))
    run = runs.filter(uuid=run_uuid).first()
    if run is None:
        raise NotThere("no-such-run")
    require_may_make(run.course.institution.uuid, acting)
    _require_order(plan)
    changed = [name for name, value in asdict(plan).items() if getattr(run, name) != value]
    if "code" in changed:
        _require_free_code(run.course.pk, plan.code)
    if run.starts_on <= clock.today() and set(changed) & set(FIXED_AFTER_START):
        raise Refusal("run-has-begun", _("Teaching has begun: credits and contact hours can no longer change."))
    CourseRun.objects.filter(pk=run.pk).update(**asdict(plan))
    if teachers is not None and _name_teachers(run, set(teachers)):
        changed.append("teachers")
    if changed:
        payload = {"run_uuid": str(run.uuid), "course_uuid": str(run.course.uuid), "changed": changed}
        record(events.RUN_CHANGED, payload, acting=acting)
    return changed


def _require_order(plan: RunPlan) -> None:
    if code := rules.disorder_in(plan):
        raise Refusal(code, DISORDER[code])


def _require_free_code(course_pk: int, code: str) -> None:
    if CourseRun.objects.filter(course_id=course_pk, code=code).exists():
        raise Refusal("run-code-taken", _("The course has a run with this code already. Choose another code."))


def _name_teachers(run: CourseRun, wanted: set[UUID]) -> bool:
    """Let exactly these people teach the run; True when that changed something. They belong to the institution."""
    teaching = set(run.run_teachers.values_list("person__uuid", flat=True))
    allowed = {
        info.person_uuid for role in TEACHING_ROLES for info in people.people_of(run.course.institution.uuid, role)
    }
    if wanted - teaching - allowed:
        raise Refusal("not-a-teacher-here", _("Only teachers and authors of the institution can teach its runs."))
    run.run_teachers.exclude(person__uuid__in=wanted).delete()
    persons = get_user_model().objects.filter(uuid__in=wanted - teaching)
    RunTeacher.objects.bulk_create(RunTeacher(run=run, person=person) for person in persons)
    return wanted != teaching
