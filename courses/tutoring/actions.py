"""Offering an hour and calling it off; booking a seat and giving it back."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.enrolment.participants import NOT_THERE, Part, Participant, names_in_news, require_teacher
from courses.tutoring import rules
from courses.tutoring.models import TutoringBooking, TutoringSeat, TutoringSlot
from courses.tutoring.rules import SlotPlan
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.kernel.texts import NOTE_CHARS_MAX, one_line, plain
from edu.notices.api import send
from edu.notices.data import News
from edu.people.models import Person

PROBLEMS = {
    "slot-in-the-past": _("Choose a time that is still to come."),
    "slot-after-the-run": _("Choose a day at most 30 days after the last day of teaching."),
    "slot-minutes": _("An hour of tutoring takes 10 to 240 minutes."),
    "slot-capacity": _("Offer 1 to 60 seats."),
    "slot-without-place": _("Write the room, or the address of the online meeting."),
}


@transaction.atomic
def offer(one: Participant, *, plan: SlotPlan) -> UUID:
    """Offer an hour of the acting teacher and return its uuid. Refusals: those of PROBLEMS, "slot-overlaps"."""
    require_teacher(one)
    problem = rules.problem_in(plan, now=clock.now(), last_on=one.run.ends_on, local=clock.SHANGHAI)
    if problem:
        raise Refusal(problem, PROBLEMS[problem])
    try:
        with transaction.atomic():
            slot = _new_slot(one, plan)
    except IntegrityError as error:
        _reraise_unless(error, "teacher_in_one_slot_at_a_time")
        raise Refusal("slot-overlaps", _("You offer another hour at that time. Choose another one.")) from None
    TutoringSeat.objects.bulk_create(TutoringSeat(slot=slot, number=number) for number in range(1, plan.capacity + 1))
    record(events.SLOT_OFFERED, _payload(one, slot), acting=one.actor)
    return slot.uuid


def _new_slot(one: Participant, plan: SlotPlan) -> TutoringSlot:
    starts_minute = rules.minute_of(plan.starts_at)
    return TutoringSlot.objects.create(
        run=one.run,
        teacher_id=one.person_id,
        starts_at=plan.starts_at,
        ends_at=plan.starts_at + dt.timedelta(minutes=plan.minutes),
        starts_minute=starts_minute,
        ends_minute=starts_minute + plan.minutes,
        place=one_line(plan.place)[:200],
        topic=one_line(plan.topic)[:80],
        offered_at=clock.now(),
    )


@transaction.atomic
def call_off(one: Participant, *, slot_uuid: UUID, reason: str) -> int:
    """Call an hour off and give all its seats back; return how many learners are told, urgently.

    Refusals: "reason-missing", "slot-cancelled", "slot-has-begun". Any teacher of the run may, for one who is ill.
    """
    require_teacher(one)
    slot = _locked(one, slot_uuid)
    reason = plain(reason)[:NOTE_CHARS_MAX]
    if not reason:
        raise Refusal("reason-missing", _("Write the reason; those who booked see it."))
    _require_changeable(slot)
    now = clock.now()
    TutoringSlot.objects.filter(pk=slot.pk).update(cancelled_at=now, cancelled_reason=reason)
    booked = TutoringBooking.objects.filter(seat__slot=slot, cancelled_at__isnull=True)
    learners = list(booked.filter(learner__isnull=False).values_list("learner__uuid", flat=True))
    booked.update(cancelled_at=now, cancelled_by_teacher=True, question="")
    _tell(one, slot, "courses.slot_cancelled", "courses:tutoring", learners)
    record(events.SLOT_CANCELLED, _payload(one, slot), acting=one.actor)
    return len(learners)


@transaction.atomic
def book(one: Participant, *, slot_uuid: UUID, question: str = "") -> UUID:
    """Take a seat for a learner and return the booking's uuid; its teacher is told.

    Refusals: "slot-cancelled", "slot-has-begun", "slot-full", "already-booked", "hours-overlap", "too-many-bookings",
    "question-too-long". The slot's row is locked while a seat is looked for, then the learner's, so that two windows of
    one learner come one after the other; that nobody has two hours at a time, not even in two courses, is held by the
    database.
    """
    if one.part != Part.LEARNER:
        raise NotPermitted("not-a-learner", _("Only learners who study the run book tutoring hours."))
    slot = _locked(one, slot_uuid)
    _require_changeable(slot)
    question = plain(question)
    if len(question) > NOTE_CHARS_MAX:
        raise Refusal("question-too-long", _("Shorten the question to 300 characters."))
    Person.objects.select_for_update(no_key=True).get(pk=one.person_id)
    _require_few(one, slot)
    booking = _take_seat(one, slot, question)
    _tell(one, slot, "courses.slot_booked", "courses:tutoring_desk", _teacher(slot))
    payload = {**_payload(one, slot), "booking_uuid": str(booking.uuid)}
    record(events.SLOT_BOOKED, payload, acting=one.actor)
    return booking.uuid


@transaction.atomic
def give_back(one: Participant, *, slot_uuid: UUID) -> None:
    """Give the learner's own seat back; its teacher is told. Refusals "slot-has-begun", "not-booked"."""
    slot = _locked(one, slot_uuid)
    _require_changeable(slot)
    booking = _living(slot).filter(learner_id=one.person_id).first()
    if booking is None:
        raise Refusal("not-booked", _("You have no seat in this hour."))
    TutoringBooking.objects.filter(pk=booking.pk).update(cancelled_at=clock.now(), question="")
    _tell(one, slot, "courses.seat_given_back", "courses:tutoring_desk", _teacher(slot))
    payload = {**_payload(one, slot), "booking_uuid": str(booking.uuid)}
    record(events.BOOKING_CANCELLED, payload, acting=one.actor)


def _teacher(slot: TutoringSlot) -> list[UUID]:
    return [slot.teacher.uuid] if slot.teacher else []


def _locked(one: Participant, slot_uuid: UUID) -> TutoringSlot:
    slots = TutoringSlot.objects.select_for_update(of=("self",)).select_related("teacher")
    slot = slots.filter(run=one.run, uuid=slot_uuid).first()
    if slot is None:
        raise NotThere(*NOT_THERE)
    return slot


def _living(slot: TutoringSlot) -> QuerySet[TutoringBooking]:
    return TutoringBooking.objects.filter(seat__slot=slot, cancelled_at__isnull=True)


def _require_changeable(slot: TutoringSlot) -> None:
    if slot.cancelled_at is not None:
        raise Refusal("slot-cancelled", _("This hour was called off. Choose another one."))
    if not rules.can_change(slot.starts_at, clock.now()):
        raise Refusal("slot-has-begun", _("This hour has begun; it can no longer be booked or given back."))


def _require_few(one: Participant, slot: TutoringSlot) -> None:
    if _living(slot).filter(learner_id=one.person_id).exists():
        raise Refusal("already-booked", _("You have a seat in this hour."))
    ahead = TutoringBooking.objects.filter(
        learner_id=one.person_id, cancelled_at__isnull=True, seat__slot__run=one.run,
        seat__slot__starts_at__gt=clock.now(),
    )  # fmt: skip
    if ahead.count() >= rules.BOOKINGS_AHEAD_MAX:
        raise Refusal("too-many-bookings", _("You have booked three hours ahead. Give one back, or wait for it."))


def _take_seat(one: Participant, slot: TutoringSlot, question: str) -> TutoringBooking:
    taken = TutoringBooking.objects.filter(seat=OuterRef("pk"), cancelled_at__isnull=True)
    seat = TutoringSeat.objects.filter(~Exists(taken), slot=slot).order_by("number").first()
    if seat is None:
        raise Refusal("slot-full", _("Every seat of this hour is taken. Choose another one."))
    try:
        with transaction.atomic():
            return TutoringBooking.objects.create(
                seat=seat,
                learner_id=one.person_id,
                starts_minute=slot.starts_minute,
                ends_minute=slot.ends_minute,
                question=question,
                booked_at=clock.now(),
            )
    except IntegrityError as error:
        _reraise_unless(error, "learner_in_one_slot_at_a_time")
        raise Refusal("hours-overlap", _("You have booked another hour at that time. Give it back first.")) from None


def _reraise_unless(error: IntegrityError, constraint: str) -> None:
    """Raise what the database said unless it is the constraint that this deed expects."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None or diagnosis.constraint_name != constraint:
        raise error


def _payload(one: Participant, slot: TutoringSlot) -> dict[str, str]:
    return {"slot_uuid": str(slot.uuid), "run_uuid": str(one.run.uuid)}


def _tell(one: Participant, slot: TutoringSlot, kind: str, url_name: str, to: list[UUID]) -> None:
    news = News(kind, slot.uuid, url_name, (str(one.run.uuid),), names_in_news(one.run))
    send(news, to=to, acting=one.actor)
