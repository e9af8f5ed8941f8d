"""Taking a place in a run and giving it back."""

from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.data import EnrolmentInfo, RunPhase
from courses.enrolment.models import Enrolment
from courses.enrolment.queries import enrolment_info
from courses.enrolment.states import ENROLMENT, TAKES_A_SEAT, EnrolmentStatus
from courses.runs import rules
from courses.runs.models import CourseRun
from courses.runs.queries import phase_of
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal

MAY_ENROL_OTHERS = frozenset({"registrar", "operator", "system"})


@transaction.atomic
def enrol(
    *, person_uuid: UUID, run_uuid: UUID, acting: Actor, cross_enrolment_uuid: UUID | None = None
) -> EnrolmentInfo:
    """Give a person a place in a run; the run's row is locked while its seats are counted.

    Refusals: "enrolment-not-open", "run-full", "already-enrolled". A cross-enrolment for a person who already
    studies in the run is attached to that place instead of being refused.
    """
    _require_may_act_for(person_uuid, acting)
    run = _locked_run(run_uuid)
    place = _places().filter(run=run, person__uuid=person_uuid).first()
    if place and place.status != EnrolmentStatus.WITHDRAWN:
        return _attach(place, cross_enrolment_uuid, acting)
    _require_open(run)
    _require_seat(run)
    if place:
        move(
            place, to=EnrolmentStatus.ACTIVE, table=ENROLMENT, acting=acting,
            cross_enrolment_uuid=cross_enrolment_uuid, enrolled_at=clock.now(),
        )  # fmt: skip
    else:
        place = _new_place(run, person_uuid, cross_enrolment_uuid, acting)
    record(events.ENROLMENT_MADE, _payload(place), acting=acting)
    return enrolment_info(place)


@transaction.atomic
def withdraw(*, person_uuid: UUID, run_uuid: UUID, acting: Actor, reason: str = "") -> EnrolmentInfo:
    """Give a place back; nothing is locked, a freed seat hurts nobody. Refusal "not-enrolled" without a place."""
    _require_may_act_for(person_uuid, acting)
    place = _places().filter(run__uuid=run_uuid, person__uuid=person_uuid).first()
    if place is None or place.status != EnrolmentStatus.ACTIVE:
        raise Refusal("not-enrolled", _("There is no active enrolment in this run."))
    move(place, to=EnrolmentStatus.WITHDRAWN, table=ENROLMENT, acting=acting, reason=reason)
    record(events.ENROLMENT_WITHDRAWN, _payload(place), acting=acting)
    return enrolment_info(place)


@transaction.atomic
def complete(*, enrolment_uuid: UUID, acting: Actor) -> EnrolmentInfo:
    """Close an active place because its result is final; a completed one stays as it is (safe to run twice)."""
    place = _places().filter(uuid=enrolment_uuid).first()
    if place is None:
        raise NotThere("no-such-enrolment")
    if place.status == EnrolmentStatus.COMPLETED:
        return enrolment_info(place)
    move(place, to=EnrolmentStatus.COMPLETED, table=ENROLMENT, acting=acting)
    record(events.ENROLMENT_COMPLETED, _payload(place), acting=acting)
    return enrolment_info(place)


def _places() -> QuerySet[Enrolment]:
    return Enrolment.objects.select_related("person", "run")


def _require_may_act_for(person_uuid: UUID, acting: Actor) -> None:
    if acting.person_uuid != person_uuid and acting.role not in MAY_ENROL_OTHERS:
        raise NotPermitted("not-your-enrolment", _("Only the learner or a registrar may do this."))


def _locked_run(run_uuid: UUID) -> CourseRun:
    """Return the run with its row locked: two people at the last seat meet here."""
    run = CourseRun.objects.select_for_update(of=("self",)).filter(uuid=run_uuid).first()
    if run is None:
        raise NotThere("no-such-run")
    return run


def _require_open(run: CourseRun) -> None:
    phase = phase_of(run)
    if phase == RunPhase.OPEN:
        return
    if phase == RunPhase.NOT_YET_OPEN:
        message = _("Enrolment has not opened yet. The course page shows the day on which it opens.")
    else:
        message = _("Enrolment in this run is over. Choose another run of the course.")
    raise Refusal("enrolment-not-open", message, {"phase": phase.value})


def _require_seat(run: CourseRun) -> None:
    taken = Enrolment.objects.filter(run=run, status__in=[status.value for status in TAKES_A_SEAT]).count()
    if not rules.has_seat(seats=run.seats, taken=taken):
        raise Refusal("run-full", _("Every seat of this run is taken. Choose another run of the course."))


def _attach(place: Enrolment, cross_enrolment_uuid: UUID | None, acting: Actor) -> EnrolmentInfo:
    """Note the cross-enrolment on a place that exists; Refusal where that says nothing new.

    It is a step in the place's history: the home's programs ask for what changed, and this is when they may read it.
    """
    free = place.status == EnrolmentStatus.ACTIVE and place.cross_enrolment_uuid in {None, cross_enrolment_uuid}
    if cross_enrolment_uuid is None or not free:
        raise Refusal("already-enrolled", _("Already enrolled in this run. Find it under My courses."))
    if place.cross_enrolment_uuid is None:
        Enrolment.objects.filter(pk=place.pk).update(cross_enrolment_uuid=cross_enrolment_uuid)
        _note(place, source=EnrolmentStatus.ACTIVE, reason="approved at home", acting=acting)
    place.cross_enrolment_uuid = cross_enrolment_uuid
    return enrolment_info(place)


def _new_place(run: CourseRun, person_uuid: UUID, cross_enrolment_uuid: UUID | None, acting: Actor) -> Enrolment:
    person = get_user_model().objects.filter(uuid=person_uuid, is_active=True).first()
    if person is None:
        raise NotThere("no-such-person")
    place = Enrolment.objects.create(
        run=run, person=person, cross_enrolment_uuid=cross_enrolment_uuid, enrolled_at=clock.now()
    )
    _note(place, source="", acting=acting)
    return place


def _note(place: Enrolment, *, source: str, acting: Actor, reason: str = "") -> None:
    place.moves.create(
        source=source,
        target=EnrolmentStatus.ACTIVE,
        reason=reason,
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )


def _payload(place: Enrolment) -> dict[str, str]:
    return {
        "enrolment_uuid": str(place.uuid),
        "run_uuid": str(place.run.uuid),
        "person_uuid": str(place.person.uuid),
        "cross_enrolment_uuid": str(place.cross_enrolment_uuid or ""),
    }
