"""Certified results in the API: only certified ones, only for host, approving home and learner, and read only."""

import json
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from courses.grading import actions
from courses.grading.endpoints import GradesOut
from courses.grading.models import Result
from tests.courses.grading.conftest import FINAL, QUIZ, Graded
from tests.courses.grading.test_actions import submit
from tests.factories.institutions import make_institution
from tests.factories.machines import call, machine_key
from tests.factories.people import make_person, sign_in

QUERIES_MAX = 5


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


def certified(graded: Graded) -> Result:
    graded.score(QUIZ, "4")
    graded.score(FINAL, "3")
    row = submit(graded)
    actions.certify_results(chosen={row.uuid: row.document_hash}, acting=graded.registrar)
    return Result.objects.get()


def test_the_host_reads_what_two_persons_signed(graded: Graded) -> None:
    row = certified(graded)
    answer = call(machine_key(graded.run.course.institution), "grades")
    body = answer.json()
    GradesOut.model_validate_json(json.dumps(body))
    assert [(item["uuid"], item["score"], item["credit_points"]) for item in body["items"]] == [
        (str(row.uuid), "85.00", "2.00")
    ]
    assert body["items"][0]["document_hash"] == row.document_hash
    assert "韦小明" not in answer.content.decode()
    assert list(graded.enrolment.person.access_notes.values_list("what", "viewer_role")) == [("grades", "machine")]


def test_what_is_only_submitted_is_nobodys_result(client: Client, graded: Graded) -> None:
    graded.score(QUIZ, "4")
    row = submit(graded)
    key = machine_key(graded.run.course.institution)
    assert call(key, "grades").json()["count"] == 0
    assert call(key, f"grades/{row.uuid}").status_code == 404
    sign_in(client, graded.enrolment.person)
    assert client.get("/api/v1/grades").json()["count"] == 0


def test_a_home_reads_a_result_only_of_a_place_it_approved(graded: Graded) -> None:
    home = make_institution(name_zh="桂林大学")
    affiliation = graded.enrolment.person.affiliations.get()
    affiliation.institution = home
    affiliation.save()
    row = certified(graded)
    key = machine_key(home)
    assert call(key, f"grades/{row.uuid}").status_code == 404
    graded.enrolment.cross_enrolment_uuid = uuid.uuid4()
    graded.enrolment.save()
    assert call(key, f"grades/{row.uuid}").json()["grade"] == "85"


def test_strangers_and_missing_rows_get_the_same_answer(client: Client, graded: Graded) -> None:
    row = certified(graded)
    key = machine_key(make_institution())
    answers = [call(key, f"grades/{which}") for which in (row.uuid, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    sign_in(client, make_person())
    assert client.get(f"/api/v1/grades/{row.uuid}").status_code == 404
    sign_in(client, graded.enrolment.person)
    assert client.get(f"/api/v1/grades/{row.uuid}").status_code == 200


def test_nothing_can_be_written(client: Client, graded: Graded) -> None:
    row = certified(graded)
    key = machine_key(graded.run.course.institution)
    for method in ("post", "put", "patch", "delete"):
        sent = getattr(client, method)(f"/api/v1/grades/{row.uuid}", headers={"authorization": f"Bearer {key}"})
        assert sent.status_code == 405
    assert Result.objects.get().score == row.score


def test_filters_by_run_and_change(graded: Graded) -> None:
    certified(graded)
    key = machine_key(graded.run.course.institution)
    assert call(key, f"grades?run={graded.run.uuid}").json()["count"] == 1
    assert call(key, f"grades?run={uuid.uuid4()}").json()["count"] == 0
    assert call(key, "grades?changed_since=2099-01-01T00:00:00Z").json()["count"] == 0


def test_a_page_costs_five_queries(graded: Graded, django_assert_max_num_queries: Any) -> None:
    certified(graded)
    key = machine_key(graded.run.course.institution)
    with django_assert_max_num_queries(QUERIES_MAX):
        assert call(key, "grades").json()["count"] == 1
