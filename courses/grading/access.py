"""Who may reach which grades: teachers their runs, registrars of the host its results, learners their own."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from courses.data import ResultInfo
from courses.grading.queries import result
from courses.runs.models import CourseRun
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere

NOT_THERE = ("no-such-page", _("There is no such page."))


def taught_run(actor: Actor, run_uuid: UUID) -> CourseRun:
    """Return the run when the actor teaches it for its host institution; NotThere for everybody else."""
    if actor.person_uuid is None:
        raise NotThere(*NOT_THERE)
    run = (
        CourseRun.objects.select_related("course__institution", "content")
        .filter(uuid=run_uuid, run_teachers__person__uuid=actor.person_uuid)
        .first()
    )
    if run is None or actor.role != "teacher" or run.course.institution.uuid != actor.institution_uuid:
        raise NotThere(*NOT_THERE)
    return run


def result_for_registrar(actor: Actor, result_uuid: UUID) -> ResultInfo:
    """Return a result of the registrar's own institution; NotThere for everybody else."""
    found = result(result_uuid)
    if actor.role != "registrar" or found.run.course.institution_uuid != actor.institution_uuid:
        raise NotThere(*NOT_THERE)
    return found


def own_result(actor: Actor, result_uuid: UUID) -> ResultInfo:
    """Return one of the person's own results; NotThere for everybody else."""
    found = result(result_uuid)
    if found.person_uuid != actor.person_uuid:
        raise NotThere(*NOT_THERE)
    return found
