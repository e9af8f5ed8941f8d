"""Runs for everybody, places for host, approving home and learner; for strangers they are not there."""

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from courses.enrolment.actions import enrol
from courses.enrolment.endpoints import EnrolmentsOut, RunsOut
from courses.enrolment.models import Enrolment
from courses.runs.models import CourseRun
from edu.institutions.models import Institution
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.people.models import AccessNote, Person
from tests.factories.courses import make_course, make_course_pages, make_enrolment, make_run
from tests.factories.institutions import make_institution
from tests.factories.machines import call, machine_key
from tests.factories.people import make_person, sign_in

pytestmark = pytest.mark.django_db
QUERIES_MAX = 5


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


@dataclass
class World:
    """A run at `host`; `guest` comes from `home` with its approval, `loner` from there without."""

    host: Institution
    home: Institution
    run: CourseRun
    guest: Person
    loner: Person


@pytest.fixture
def world() -> World:
    host, home = make_institution(name_zh="广西大学"), make_institution(name_zh="桂林大学")
    run = make_run(make_course(host))
    make_course_pages(run.course)
    guest = make_person(role="student", institution=home, number="G1")
    loner = make_person(role="student", institution=home, number="G2")
    make_enrolment(guest, run, cross_enrolment_uuid=uuid.uuid4())
    make_enrolment(loner, run)
    return World(host, home, run, guest, loner)


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return sorted(row["number"] for row in answer.json()["items"])


def test_runs_of_published_courses_are_everybodys(client: Client, world: World) -> None:
    make_run()  # of a course without a page
    body = client.get("/api/v1/runs").json()
    RunsOut.model_validate_json(json.dumps(body))
    assert body["count"] == 1
    row = body["items"][0]
    assert (row["uuid"], row["credit_points"], row["seats_taken"]) == (str(world.run.uuid), "2.00", 2)
    assert row["state"] == "open"
    assert client.get(f"/api/v1/runs/{world.run.uuid}").json() == row
    for query in ({"state": "ended"}, {"course": str(uuid.uuid4())}, {"open_to_others": "false"}):
        assert client.get("/api/v1/runs", query).json()["count"] == 0, query
    assert client.get("/api/v1/runs", {"state": "open", "course": str(world.run.course.uuid)}).json()["count"] == 1
    assert client.get("/api/v1/runs", {"state": "sometime"}).status_code == 422


def test_a_hidden_run_is_not_there(client: Client) -> None:
    assert client.get(f"/api/v1/runs/{make_run().uuid}").status_code == 404


def test_the_host_reads_every_place_in_its_runs(world: World) -> None:
    answer = call(machine_key(world.host), "enrolments")
    assert numbers(answer) == ["G1", "G2"]
    EnrolmentsOut.model_validate_json(json.dumps(answer.json()))
    assert world.guest.name not in answer.content.decode()


def test_the_home_reads_what_it_approved_and_no_more(world: World) -> None:
    key = machine_key(world.home)
    assert numbers(call(key, "enrolments")) == ["G1"]
    hidden = Enrolment.objects.get(person=world.loner)
    assert call(key, f"enrolments/{hidden.uuid}").status_code == 404


def test_a_stranger_reads_nothing_and_one_row_is_not_there(world: World) -> None:
    key = machine_key(make_institution())
    assert numbers(call(key, "enrolments")) == []
    there, missing = Enrolment.objects.get(person=world.guest).uuid, uuid.uuid4()
    answers = [call(key, f"enrolments/{which}") for which in (there, missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert {answer.json()["type"] for answer in answers} == {"urn:guixue:problem:no-such-enrolment"}
    assert not AccessNote.objects.exists()


def test_a_key_for_grades_reads_no_enrolments(world: World) -> None:
    answer = call(machine_key(world.host, "grades"), "enrolments")
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:guixue:problem:scope-missing"


def test_a_person_reads_their_own_places_and_no_office_helps(client: Client, world: World) -> None:
    sign_in(client, world.guest)
    assert numbers(client.get("/api/v1/enrolments")) == ["G1"]
    sign_in(client, make_person(role="registrar", institution=world.host))
    assert numbers(client.get("/api/v1/enrolments")) == []
    assert not AccessNote.objects.exists()


def test_learners_see_that_a_program_looked_once(client: Client, world: World) -> None:
    key = machine_key(world.host)
    call(key, "enrolments")
    call(key, "enrolments")
    note = AccessNote.objects.get(subject=world.guest)
    assert (note.what, note.viewer_role, note.viewer_institution_uuid) == ("study-record", "machine", world.host.uuid)
    sign_in(client, world.guest)
    assert "A program of the institution" in client.get("/en/account/access/").content.decode()


def test_filters_by_run_status_and_change(world: World) -> None:
    key = machine_key(world.host)
    Enrolment.objects.filter(person=world.loner).update(status="withdrawn")
    assert numbers(call(key, "enrolments?status=withdrawn")) == ["G2"]
    assert numbers(call(key, f"enrolments?run={uuid.uuid4()}")) == []
    assert numbers(call(key, "enrolments?changed_since=2099-01-01T00:00:00Z")) == []
    assert numbers(call(key, "enrolments?changed_since=2020-01-01T00:00:00Z")) == ["G1", "G2"]
    assert call(key, "enrolments?status=lost").status_code == 422


def test_a_place_that_its_home_approves_later_has_changed_for_the_home(world: World) -> None:
    key, now = machine_key(world.home), clock.now()
    asked = f"enrolments?changed_since={clock.rfc3339(now + dt.timedelta(days=1))}"
    with clock.at(now + dt.timedelta(days=2)):
        enrol(person_uuid=world.loner.uuid, run_uuid=world.run.uuid, acting=SYSTEM, cross_enrolment_uuid=uuid.uuid4())
    assert numbers(call(key, asked)) == ["G2"]
    place = Enrolment.objects.get(person=world.loner)
    assert [(move.source, move.target) for move in place.moves.all()] == [("active", "active")]


@pytest.mark.parametrize("many", [1, 30])
def test_pages_cost_five_queries_however_long(world: World, many: int, django_assert_max_num_queries: Any) -> None:
    for number in range(many):
        person = make_person(role="student", institution=world.home, number=f"N{number}")
        make_enrolment(person, world.run)
    key = machine_key(world.host)
    for path in ("enrolments", "runs"):
        with django_assert_max_num_queries(QUERIES_MAX):
            assert call(key, path).status_code == 200
