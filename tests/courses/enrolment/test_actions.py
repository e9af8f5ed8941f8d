"""Taking a place and giving it back."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from courses import events
from courses.api import complete_enrolment, enrol, enrolment, run, withdraw
from courses.enrolment.models import Enrolment, EnrolmentMove
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from tests.factories.courses import learner, make_enrolment, make_run
from tests.factories.people import make_person

ordinary = pytest.mark.django_db


def recorded() -> list[str]:
    return list(Event.objects.order_by("id").values_list("name", flat=True))


@ordinary
def test_a_learner_takes_a_place_in_an_open_run() -> None:
    person, opened = make_person(), make_run(seats=2)
    place = enrol(person_uuid=person.uuid, run_uuid=opened.uuid, acting=learner(person))
    assert place.is_active
    assert enrolment(person.uuid, opened.uuid) == place
    assert run(opened.uuid).seats_taken == 1
    assert recorded() == [events.ENROLMENT_MADE]
    assert [move.target for move in EnrolmentMove.objects.all()] == ["active"]


@ordinary
@pytest.mark.parametrize(
    ("opens_in", "closes_in", "seats", "code"),
    [
        (dt.timedelta(days=1), dt.timedelta(days=30), 30, "enrolment-not-open"),
        (dt.timedelta(days=-7), dt.timedelta(seconds=-1), 30, "enrolment-not-open"),
        (dt.timedelta(days=-7), dt.timedelta(days=30), 0, "run-full"),
    ],
)
def test_a_run_that_is_not_open_or_full_refuses_and_leaves_no_trace(
    opens_in: dt.timedelta, closes_in: dt.timedelta, seats: int, code: str
) -> None:
    now = clock.now()
    closed = make_run(enrolment_opens_at=now + opens_in, enrolment_closes_at=now + closes_in, seats=seats)
    person = make_person()
    with pytest.raises(Refusal) as refusal:
        enrol(person_uuid=person.uuid, run_uuid=closed.uuid, acting=learner(person))
    assert refusal.value.code == code
    assert Enrolment.objects.count() == 0
    assert recorded() == []


@ordinary
def test_nobody_enrols_twice() -> None:
    person, opened = make_person(), make_run()
    enrol(person_uuid=person.uuid, run_uuid=opened.uuid, acting=learner(person))
    with pytest.raises(Refusal) as refusal:
        enrol(person_uuid=person.uuid, run_uuid=opened.uuid, acting=learner(person))
    assert refusal.value.code == "already-enrolled"
    assert recorded() == [events.ENROLMENT_MADE]


@ordinary
def test_a_cross_enrolment_is_attached_to_a_place_that_is_there() -> None:
    person, opened, approval = make_person(), make_run(), uuid.uuid4()
    first = enrol(person_uuid=person.uuid, run_uuid=opened.uuid, acting=learner(person))
    second = enrol(person_uuid=person.uuid, run_uuid=opened.uuid, acting=SYSTEM, cross_enrolment_uuid=approval)
    assert (second.uuid, second.cross_enrolment_uuid) == (first.uuid, approval)
    with pytest.raises(Refusal):
        enrol(person_uuid=person.uuid, run_uuid=opened.uuid, acting=SYSTEM, cross_enrolment_uuid=uuid.uuid4())


@ordinary
def test_nobody_enrols_somebody_else_but_a_registrar() -> None:
    person, other, opened = make_person(), make_person(), make_run()
    with pytest.raises(NotPermitted):
        enrol(person_uuid=person.uuid, run_uuid=opened.uuid, acting=learner(other))
    registrar = Actor(other.uuid, uuid.uuid4(), "registrar")
    assert enrol(person_uuid=person.uuid, run_uuid=opened.uuid, acting=registrar).is_active


@ordinary
def test_a_withdrawn_learner_may_come_back_while_the_run_is_open() -> None:
    person, opened = make_person(), make_run(seats=1)
    enrol(person_uuid=person.uuid, run_uuid=opened.uuid, acting=learner(person))
    left = withdraw(person_uuid=person.uuid, run_uuid=opened.uuid, acting=learner(person))
    assert (left.status, run(opened.uuid).seats_taken) == ("withdrawn", 0)
    assert enrol(person_uuid=person.uuid, run_uuid=opened.uuid, acting=learner(person)).uuid == left.uuid
    assert [move.target for move in EnrolmentMove.objects.all()] == ["active", "withdrawn", "active"]
    assert recorded() == [events.ENROLMENT_MADE, events.ENROLMENT_WITHDRAWN, events.ENROLMENT_MADE]


@ordinary
def test_withdrawing_without_a_place_is_refused() -> None:
    person, opened = make_person(), make_run()
    with pytest.raises(Refusal) as refusal:
        withdraw(person_uuid=person.uuid, run_uuid=opened.uuid, acting=learner(person))
    assert refusal.value.code == "not-enrolled"


@ordinary
def test_completing_twice_is_harmless_and_a_completed_place_keeps_its_seat() -> None:
    place = make_enrolment(make_person(), make_run(seats=1))
    complete_enrolment(enrolment_uuid=place.uuid, acting=SYSTEM)
    assert complete_enrolment(enrolment_uuid=place.uuid, acting=SYSTEM).status == "completed"
    assert run(place.run.uuid).is_full
    assert recorded() == [events.ENROLMENT_COMPLETED]


@ordinary
def test_a_run_that_is_not_there_is_not_there() -> None:
    person = make_person()
    with pytest.raises(NotThere):
        enrol(person_uuid=person.uuid, run_uuid=uuid.uuid4(), acting=learner(person))


def test_of_people_at_the_last_seat_one_wins(committed_database: str) -> None:
    people, opened = [make_person(name=f"甲{n}") for n in range(6)], make_run(seats=1)
    together = Barrier(len(people))

    def try_to_enrol(person_uuid: uuid.UUID) -> str:
        try:
            together.wait(timeout=10)
            enrol(person_uuid=person_uuid, run_uuid=opened.uuid, acting=Actor(person_uuid, None, "learner"))
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "enrolled"

    with ThreadPoolExecutor(len(people)) as pool:
        outcomes = sorted(pool.map(try_to_enrol, [person.uuid for person in people]))
    assert outcomes == ["enrolled"] + ["run-full"] * 5
    assert Enrolment.objects.count() == 1
