"""Tutoring hours: offered, booked, given back, called off; what the database holds against every race."""

import datetime as dt
import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from courses.enrolment.participants import participant_of
from courses.tutoring import actions
from courses.tutoring.models import TutoringBooking, TutoringSeat, TutoringSlot
from courses.tutoring.rules import BOOKINGS_AHEAD_MAX, SlotPlan
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.notices.models import Notice, NoticePreference, Sending
from tests.courses.discussion.conftest import Room, make_room
from tests.factories.courses import make_enrolment, make_run
from tests.factories.people import make_actor, make_person


@pytest.fixture
def room(db: None) -> Room:
    return make_room()


def plan(hours: int = 24, **fields: object) -> SlotPlan:
    values = {"starts_at": clock.now() + dt.timedelta(hours=hours), "minutes": 30, "capacity": 2, "place": "301"}
    return SlotPlan(**{**values, **fields})  # type: ignore[arg-type]


def offer(room: Room, hours: int = 24, **fields: object) -> UUID:
    return actions.offer(room.participant(room.teacher), plan=plan(hours, **fields))


def traces() -> tuple[int, ...]:
    models = (TutoringSlot, TutoringSeat, TutoringBooking, Event, Notice)
    return tuple(model.objects.count() for model in models)


def test_a_seat_is_booked_and_given_back_and_the_teacher_hears_of_both(room: Room) -> None:
    slot = offer(room)
    one = room.participant(room.one)

    actions.book(one, slot_uuid=slot, question="想问中位数")
    actions.give_back(one, slot_uuid=slot)

    booking = TutoringBooking.objects.get()
    assert (booking.cancelled_at is not None, booking.question) == (True, "")
    kinds = set(Notice.objects.filter(person=room.teacher).values_list("kind", flat=True))
    assert kinds == {"courses.slot_booked", "courses.seat_given_back"}
    actions.book(one, slot_uuid=slot)


def test_an_hour_called_off_gives_every_seat_back_and_tells_those_who_had_one_urgently(room: Room) -> None:
    NoticePreference.objects.create(person=room.one, sms=True)
    slot = offer(room)
    for person in (room.one, room.other):
        actions.book(room.participant(person), slot_uuid=slot)

    told = actions.call_off(room.participant(room.teacher), slot_uuid=slot, reason="生病")

    assert told == 2
    assert not TutoringBooking.objects.filter(cancelled_at__isnull=True).exists()
    assert [sending.channel for sending in Sending.objects.all()] == ["sms"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"hours": -1}, "slot-in-the-past"),
        ({"hours": 24 * 200}, "slot-after-the-run"),
        ({"minutes": 5}, "slot-minutes"),
        ({"capacity": 0}, "slot-capacity"),
        ({"place": ""}, "slot-without-place"),
    ],
)
def test_an_offer_that_is_refused_leaves_no_trace(room: Room, fields: dict[str, int], code: str) -> None:
    before = traces()

    with pytest.raises(Refusal, match=code):
        offer(room, **fields)

    assert traces() == before


def test_a_teacher_is_in_one_hour_at_a_time(room: Room) -> None:
    first = offer(room)
    before = traces()
    with pytest.raises(Refusal, match="slot-overlaps"):
        actions.offer(
            room.participant(room.teacher), plan=plan(starts_at=clock.now() + dt.timedelta(hours=24, minutes=20))
        )
    assert traces() == before

    actions.call_off(room.participant(room.teacher), slot_uuid=first, reason="改期")
    offer(room)


def test_bookings_that_are_refused_leave_no_trace(room: Room) -> None:
    slot = offer(room, capacity=1)
    actions.book(room.participant(room.one), slot_uuid=slot)
    gone = offer(room, hours=30)
    actions.call_off(room.participant(room.teacher), slot_uuid=gone, reason="生病")
    before = traces()

    for code, person, wanted in (
        ("already-booked", room.one, slot),
        ("slot-full", room.other, slot),
        ("slot-cancelled", room.other, gone),
    ):
        with pytest.raises(Refusal) as refused:
            actions.book(room.participant(person), slot_uuid=wanted)
        assert refused.value.code == code
    with pytest.raises(Refusal, match="not-booked"):
        actions.give_back(room.participant(room.other), slot_uuid=slot)
    with pytest.raises(NotPermitted):
        actions.book(room.participant(room.teacher), slot_uuid=slot)
    with clock.at(clock.now() + dt.timedelta(hours=24)), pytest.raises(Refusal, match="slot-has-begun"):
        actions.give_back(room.participant(room.one), slot_uuid=slot)

    assert traces() == before


def test_a_learner_holds_a_few_hours_ahead_and_no_more(room: Room) -> None:
    one = room.participant(room.one)
    for number in range(BOOKINGS_AHEAD_MAX):
        actions.book(one, slot_uuid=offer(room, hours=24 + number))

    with pytest.raises(Refusal, match="too-many-bookings"):
        actions.book(one, slot_uuid=offer(room, hours=40))


def test_nobody_has_two_hours_at_a_time_not_even_in_two_courses(room: Room) -> None:
    colleague = make_person(name="农雪", role="teacher", institution=room.run.course.institution, number="T2")
    other_run = make_run(room.run.course, teacher=colleague)
    make_enrolment(room.one, other_run)
    there = actions.offer(participant_of(make_actor(colleague), colleague.pk, other_run.uuid), plan=plan())
    actions.book(room.participant(room.one), slot_uuid=offer(room))
    before = traces()

    with pytest.raises(Refusal, match="hours-overlap"):
        actions.book(participant_of(room.actor(room.one), room.one.pk, other_run.uuid), slot_uuid=there)

    assert traces() == before


def test_the_database_refuses_a_second_booking_of_a_seat_whoever_writes_it(room: Room) -> None:
    slot = offer(room, capacity=1)
    actions.book(room.participant(room.one), slot_uuid=slot)
    held = TutoringBooking.objects.get()

    with pytest.raises(IntegrityError, match="seat_taken_once"), transaction.atomic():
        TutoringBooking.objects.create(
            seat=held.seat, learner=room.other, starts_minute=held.starts_minute, ends_minute=held.ends_minute,
            booked_at=clock.now(),
        )  # fmt: skip


def test_the_hours_of_another_run_are_not_there(room: Room) -> None:
    elsewhere = make_run(room.run.course)
    make_enrolment(room.one, elsewhere)
    slot = offer(room)

    with pytest.raises(NotThere):
        actions.book(participant_of(room.actor(room.one), room.one.pk, elsewhere.uuid), slot_uuid=slot)


def together(deeds: list[Callable[[], object]]) -> list[str]:
    """Run deeds at the same moment in threads of their own; return "done" or the code of the refusal for each."""
    barrier = threading.Barrier(len(deeds))
    outcomes: list[str] = []

    def run(deed: Callable[[], object]) -> None:
        try:
            barrier.wait()
            deed()
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_ten_at_three_seats_leave_three_bookings(committed_database: str) -> None:
    room = make_room()
    slot = offer(room, capacity=3)
    people = [make_person(name=f"学生{number}") for number in range(10)]
    for person in people:
        make_enrolment(person, room.run)
    ones = [participant_of(make_actor(person), person.pk, room.run.uuid) for person in people]

    outcomes = together([lambda one=one: actions.book(one, slot_uuid=slot) for one in ones])  # type: ignore[misc]

    assert outcomes == ["done"] * 3 + ["slot-full"] * 7
    assert TutoringBooking.objects.count() == 3
    assert TutoringBooking.objects.values("seat").distinct().count() == 3
    room.teacher.refresh_from_db()
    assert room.teacher.unread_notices == 1  # three bookings of one hour are one notice that counts up
    assert Notice.objects.get(kind="courses.slot_booked").times == 3


def test_one_learner_in_four_windows_gets_one_of_two_hours_at_the_same_time(committed_database: str) -> None:
    room = make_room()
    colleague = make_person(name="农雪", role="teacher", institution=room.run.course.institution, number="T2")
    room.run.run_teachers.create(person=colleague)
    second = actions.offer(participant_of(make_actor(colleague), colleague.pk, room.run.uuid), plan=plan())
    first = offer(room)
    one = room.participant(room.one)

    deeds: list[Callable[[], object]] = [
        lambda slot=slot: actions.book(one, slot_uuid=slot)  # type: ignore[misc]
        for slot in (first, second, first, second)
    ]
    outcomes = together(deeds)

    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "hours-overlap", "already-booked"}
    assert TutoringBooking.objects.filter(cancelled_at__isnull=True).count() == 1
