"""Reading runs. How many seats are taken is the enrolment applet's knowledge; it is passed in."""

from dataclasses import fields
from uuid import UUID

from courses.catalogue.queries import course_info
from courses.data import RunInfo, RunPhase, RunPlan
from courses.runs import rules
from courses.runs.models import CourseRun, RunTeacher
from edu.kernel import clock
from edu.people import api as people


def phase_of(run: CourseRun) -> RunPhase:
    """Return where the run stands now."""
    return rules.phase(
        now=clock.now(),
        today=clock.today(),
        enrolment_opens_at=run.enrolment_opens_at,
        enrolment_closes_at=run.enrolment_closes_at,
        starts_on=run.starts_on,
        ends_on=run.ends_on,
    )


def run_info(run: CourseRun, *, seats_taken: int) -> RunInfo:
    """Return the value of a row that was fetched with its course and institution."""
    return RunInfo(
        uuid=run.uuid,
        course=course_info(run.course),
        code=run.code,
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        enrolment_opens_at=run.enrolment_opens_at,
        enrolment_closes_at=run.enrolment_closes_at,
        seats=run.seats,
        seats_taken=seats_taken,
        credit_points=run.credit_points,
        contact_hours=run.contact_hours,
        open_to_others=run.open_to_others,
        phase=phase_of(run),
    )


def teachers_of(run_uuid: UUID) -> tuple[UUID, ...]:
    """Return who teaches a run, the leading ones first."""
    rows = RunTeacher.objects.filter(run__uuid=run_uuid).order_by("-leads", "pk")
    return tuple(rows.values_list("person__uuid", flat=True))


def plan_of(run: CourseRun) -> RunPlan:
    """Return what is planned for a run."""
    return RunPlan(**{field.name: getattr(run, field.name) for field in fields(RunPlan)})


def possible_teachers(institution_uuid: UUID) -> dict[UUID, str]:
    """Return the institution's teachers and authors by uuid, with their names."""
    uuids = [info.person_uuid for role in ("teacher", "author") for info in people.people_of(institution_uuid, role)]
    return {uuid: info.name for uuid, info in people.persons(uuids).items()}


def runs_to_plan(institution_uuid: UUID) -> list[CourseRun]:
    """Return an institution's runs for its staff, the latest start first."""
    rows = CourseRun.objects.select_related("course__institution").filter(course__institution__uuid=institution_uuid)
    return list(rows.order_by("-starts_on", "course__code", "pk"))
