"""Who sees results: teachers of the run, registrars of its institution, and who supervises them all."""

from uuid import UUID

from django.http import HttpRequest

from courses.enrolment.participants import NOT_THERE, participant_of, require_teacher
from courses.runs.models import CourseRun
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere

OFFICE = "registrar"
OVERSEEING = frozenset({"supervisor", "operator"})


def may_review(request: HttpRequest) -> bool:
    """True when the visitor's role lists evaluations; for the menu."""
    actor = getattr(request, "actor", None)
    return actor is not None and (actor.role == OFFICE or actor.role in OVERSEEING)


def run_to_review(actor: Actor, person_id: int, run_uuid: UUID) -> CourseRun:
    """Return a run whose evaluation the actor may see; NotThere for everybody else."""
    if actor.role == OFFICE or actor.role in OVERSEEING:
        runs = CourseRun.objects.select_related("course__institution").filter(uuid=run_uuid)
        if actor.role == OFFICE:
            runs = runs.filter(course__institution__uuid__in=[actor.institution_uuid])
        run = runs.first()
        if run is None:
            raise NotThere(*NOT_THERE)
        return run
    return require_teacher(participant_of(actor, person_id, run_uuid)).run


def whose_runs(actor: Actor) -> UUID | None:
    """Return the institution whose evaluations the actor lists, None for all; NotThere for who lists none."""
    if actor.role in OVERSEEING:
        return None
    if actor.role == OFFICE and actor.institution_uuid is not None:
        return actor.institution_uuid
    raise NotThere(*NOT_THERE)
