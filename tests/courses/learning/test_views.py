"""The learner's pages: who gets in, what comes first, and at what price in queries."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.content.models import ContentBlock
from courses.enrolment.models import Enrolment
from courses.runs.models import RunTeacher
from courses.runtime.models import BlockState
from courses.runtime.views import open_unit
from edu.kernel import clock
from tests.courses.runtime.conftest import Classroom, MakeClassroom, classroom  # noqa: F401  # the same learner in the same room
from tests.courses.runtime.test_actions import statements
from tests.factories.blocks import UNIT, block, grant_for, problem, text
from tests.factories.courses import make_content
from tests.factories.people import make_person, sign_in

pytestmark = pytest.mark.django_db


def address(room: Classroom, rest: str = "") -> str:
    return f"/en/learn/{room.run.uuid}/{rest}"


@pytest.fixture
def room(classroom: MakeClassroom) -> Classroom:  # noqa: F811  # pytest hands fixtures over by their names
    return classroom([text("t"), problem("p"), block("done@d")])


@pytest.fixture
def learner(room: Classroom) -> Client:
    return sign_in(Client(), room.person)


def test_the_course_home_shows_the_next_unit_first(room: Classroom, learner: Client) -> None:
    page = learner.get(address(room)).content.decode()

    assert "0/1 subsections completed" in page
    assert page.index(f"{UNIT}/") < page.index('class="outline"')
    assert page.count("btn-primary") == 1


def test_the_outline_says_until_when_something_can_be_done(room: Classroom, learner: Client) -> None:
    assert "2026-12-25" not in learner.get(address(room)).content.decode()
    version = make_content(room.run.course, 2)
    for row in ContentBlock.objects.filter(version=room.content).order_by("ordinal"):
        row.pk, row.version = None, version
        if row.level == "subsection":
            row.fields = {"settings": {"due": "2026-12-24T16:30:00Z"}}
        row.save(force_insert=True)
    room.run.content = version
    room.run.save()

    assert ">2026-12-25 00:30<" in learner.get(address(room)).content.decode()


def test_a_unit_stands_in_one_frame_on_the_courses_own_origin(room: Classroom, learner: Client) -> None:
    response = learner.get(address(room, f"{UNIT}/"))
    page = response.content.decode()

    frames = re.findall(r'<iframe[^>]* src="([^"]+)"', page)
    assert len(frames) == 1
    assert frames[0].startswith(f"http://{room.run.course.label}.blocks.localhost:8000/f/")
    assert "allow-top-navigation" not in page
    assert page.count("btn-primary") == 1


def test_progress_shows_what_was_done(room: Classroom, learner: Client) -> None:
    open_unit(room.grant())

    page = learner.get(address(room, "progress/"))

    assert page.status_code == 200
    assert "0/1 subsections completed" in page.content.decode()
    assert "Begun" in page.content.decode()


@pytest.mark.parametrize("rest", ["", f"{UNIT}/", "progress/"])
def test_strangers_and_missing_runs_look_the_same(room: Classroom, rest: str) -> None:
    stranger = sign_in(Client(), make_person(name="外人"))

    there = stranger.get(address(room, rest))
    missing = stranger.get(address(room, rest).replace(str(room.run.uuid), "00000000-0000-4000-8000-000000000000"))

    assert (there.status_code, missing.status_code) == (404, 404)


def test_who_has_withdrawn_finds_nothing(room: Classroom, learner: Client) -> None:
    Enrolment.objects.update(status="withdrawn")

    assert learner.get(address(room, f"{UNIT}/")).status_code == 404


def test_anonymous_visitors_are_asked_to_sign_in(room: Classroom) -> None:
    response = Client().get(address(room))

    assert response.status_code == 302
    assert "login" in response["Location"]


def test_before_the_run_begins_the_page_says_when(room: Classroom, learner: Client) -> None:
    room.run.starts_on = clock.today() + dt.timedelta(days=3)
    room.run.save()

    home = learner.get(address(room)).content.decode()

    assert "This run begins on" in home
    assert "<iframe" not in learner.get(address(room, f"{UNIT}/")).content.decode()


def test_after_the_run_everything_can_be_read_and_nothing_is_stored(room: Classroom, learner: Client) -> None:
    room.run.starts_on, room.run.ends_on = clock.today() - dt.timedelta(days=9), clock.today() - dt.timedelta(days=1)
    room.run.save()

    page = learner.get(address(room, f"{UNIT}/")).content.decode()
    token = re.search(r"/f/([^/]+)/", page)
    assert token is not None
    shown = Client(HTTP_HOST=f"{room.run.course.label}.blocks.localhost:8000").get(f"/f/{token[1]}/")

    assert "over for you" in page
    assert shown.status_code == 200
    assert not BlockState.objects.exists()


def test_a_teacher_of_the_run_previews_and_leaves_no_trace(room: Classroom) -> None:
    teacher = make_person(name="覃老师")
    RunTeacher.objects.create(run=room.run, person=teacher)

    page = sign_in(Client(), teacher).get(address(room, f"{UNIT}/"))
    open_unit(grant_for(teacher, room.run, keeps=False))

    assert "Preview" in page.content.decode()
    assert not BlockState.objects.exists()


def test_a_unit_that_the_content_does_not_have_is_not_there(room: Classroom, learner: Client) -> None:
    assert learner.get(address(room, "vertical@none/")).status_code == 404


@pytest.mark.parametrize("count", [1, 20, 100])
def test_page_and_frame_together_take_at_most_twelve_queries(classroom: MakeClassroom, count: int) -> None:  # noqa: F811
    room = classroom([text("t")] + [problem(f"p{n}") for n in range(count)])
    client = sign_in(Client(), room.person)
    client.get(address(room))  # the outline is read once per version and process

    for _visit in ("first", "second"):
        with CaptureQueriesContext(connection) as captured:
            page = client.get(address(room, f"{UNIT}/")).content.decode()
            token = re.search(r"/f/([^/]+)/", page)
            assert token is not None
            Client(HTTP_HOST=f"{room.run.course.label}.blocks.localhost:8000").get(f"/f/{token[1]}/")
        assert len(statements(captured)) <= 12, statements(captured)


def test_the_progress_page_takes_at_most_eight_queries(room: Classroom, learner: Client) -> None:
    learner.get(address(room, "progress/"))

    with CaptureQueriesContext(connection) as captured:
        learner.get(address(room, "progress/"))

    assert len(statements(captured)) <= 8, statements(captured)


def test_a_link_to_a_part_leads_to_its_unit_and_to_nothing_else(room: Classroom, learner: Client) -> None:
    there = address(room, f"{UNIT}/")
    assert learner.get(address(room, "jump/p/"))["Location"] == there
    assert learner.get(address(room, f"jump/{UNIT.split('@')[1]}/"))["Location"] == there
    section = room.run.content.blocks.get(level="section")  # type: ignore[union-attr]  # the room has content
    assert learner.get(address(room, f"jump/{section.url_name}/"))["Location"] == there
    assert learner.get(address(room, "jump/gone/")).status_code == 404
    assert sign_in(Client(), make_person()).get(address(room, "jump/p/")).status_code == 404
