"""Pages for times without a network: who may take a course along, what is kept for whom, and where nothing is."""

import re

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from courses.enrolment.models import Enrolment
from courses.offline import sizes
from courses.runtime import passes
from tests.courses.learning.test_views import address, learner, room  # noqa: F401  # a learner in a run of one unit
from tests.courses.runtime.conftest import Classroom, classroom  # noqa: F401  # the room is made with it
from tests.courses.runtime.test_actions import statements
from tests.factories.blocks import UNIT
from tests.factories.people import make_person, sign_in

pytestmark = pytest.mark.django_db


def test_the_worker_lies_under_the_learning_pages_and_nowhere_else(client: Client) -> None:
    answer = client.get("/zh-hans/learn/worker.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in answer  # its scope is /zh-hans/learn/: the check page keeps its own worker
    assert "learn_worker" in answer.content.decode()


@pytest.mark.parametrize("rest", ["", f"{UNIT}/", "progress/", "offline/"])
def test_pages_are_kept_for_the_person_they_were_made_for(room: Classroom, learner: Client, rest: str) -> None:  # noqa: F811
    assert learner.get(address(room, rest))["X-Guixue-Owner"] == passes.owner_id(room.person.pk, "")


def test_what_the_course_weighs_is_said_before_it_is_fetched(room: Classroom, learner: Client) -> None:  # noqa: F811
    page = learner.get(address(room, "offline/")).content.decode()

    assert re.search(r"about 0\.\d MB", page)
    assert page.count("btn-primary") == 1
    assert f'data-unit="{UNIT}"' in page


def test_the_page_costs_as_many_queries_as_the_course_home_and_three(room: Classroom, learner: Client) -> None:  # noqa: F811
    learner.get(address(room))
    sizes.weights.cache_clear()
    with CaptureQueriesContext(connection) as home:
        learner.get(address(room))
    with CaptureQueriesContext(connection) as along:
        learner.get(address(room, "offline/"))

    assert len(statements(along)) <= len(statements(home)) + 4  # the run once more, for the pass; which files are films


def test_a_fresh_pass_is_for_who_is_signed_in_and_has_a_place(room: Classroom, learner: Client) -> None:  # noqa: F811
    token = learner.get(address(room, "pass/")).json()["address"].split("/")[2]
    assert passes.read_pass(token).person_id == room.person.pk

    assert sign_in(Client(), make_person()).get(address(room, "pass/")).status_code == 404
    assert Client().get(address(room, "pass/")).status_code == 302
    Enrolment.objects.update(status="withdrawn")
    assert learner.get(address(room, "pass/")).status_code == 404


@override_settings(GUIXUE_BLOCKS_ORIGIN="opaque")
def test_with_one_hostname_nothing_is_stored_and_the_page_says_so(room: Classroom, learner: Client) -> None:  # noqa: F811
    page = learner.get(address(room, "offline/"))

    assert "one hostname only" in page.content.decode()
    assert "X-Guixue-Owner" not in page
    assert learner.get(address(room, "pass/")).status_code == 404
