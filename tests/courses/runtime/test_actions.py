"""Handlers store what learners do, once, together with score and completion; refusals leave no trace."""

import datetime as dt
import json
import threading
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import webob
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from courses.enrolment.models import Enrolment
from courses.runtime import queries
from courses.runtime.actions import call_handler
from courses.runtime.grants import Grant
from courses.runtime.models import BlockCompletion, BlockScore, BlockState
from courses.runtime.views import open_unit
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.people.models import Person
from tests.courses.runtime.conftest import MakeClassroom
from tests.factories.blocks import CHOICE, NUMBER, WORD, block, problem, text
from tests.factories.people import make_person

TRANSACTION_WORDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def statements(captured: CaptureQueriesContext) -> list[str]:
    """The statements that ask or write, without those that only open and close a transaction."""
    return [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(TRANSACTION_WORDS)]


def post_json(grant: Grant, handler: str, data: object, suffix: str = "") -> Any:
    request = webob.Request.blank("/", method="POST", body=json.dumps(data).encode(), content_type="application/json")
    return json.loads(call_handler(grant, handler, suffix, request).response.body)


def answer(grant: Grant, usage: str, **answers: str) -> Any:
    """Check a problem whose first answer is given."""
    name = f"input_{_html_id(grant, usage)}_2_1"
    request = webob.Request.blank("/", method="POST", POST={name: answers["value"]})
    return json.loads(call_handler(grant, "xmodule_handler", "problem_check", request).response.body)


def _html_id(grant: Grant, usage: str) -> str:
    runtime, _unit = open_unit(grant)
    return str(runtime.block(usage).usage_key.html_id())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "right", "wrong"),
    [(CHOICE, "choice_1", "choice_0"), (NUMBER, "70", "71"), (WORD, "中位数", "平均数")],
)
def test_an_answer_is_checked_scored_and_completed(classroom: MakeClassroom, data: str, right: str, wrong: str) -> None:
    room = classroom([problem("p", data, weight=2)])
    grant = room.grant("problem@p")

    assert answer(grant, "problem@p", value=wrong)["success"] == "incorrect"
    assert queries.scores_of(room.run.pk, [room.person.pk])[0].earned == 0
    assert answer(grant, "problem@p", value=right)["success"] == "correct"

    score = queries.scores_of(room.run.pk, [room.person.pk])[0]
    assert (score.earned, score.possible) == (Decimal(2), Decimal(2))
    assert queries.completions_of(room.run.pk, room.person.pk) == {"problem@p": 1}


@pytest.mark.django_db
def test_a_handler_takes_four_statements(classroom: MakeClassroom) -> None:
    room = classroom([problem(f"p{n}") for n in range(20)])
    grant = room.grant("problem@p7")
    open_unit(room.grant())
    name = f"input_{_html_id(grant, 'problem@p7')}_2_1"

    for _visit in ("first", "second"):
        request = webob.Request.blank("/", method="POST", POST={name: "choice_1"})
        with CaptureQueriesContext(connection) as captured:
            call_handler(grant, "xmodule_handler", "problem_check", request)
        assert len(statements(captured)) <= 4, statements(captured)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 20, 100])
def test_a_unit_takes_the_same_few_queries_whatever_the_number_of_blocks(classroom: MakeClassroom, count: int) -> None:
    room = classroom([text("t")] + [problem(f"p{n}") for n in range(count)])

    with CaptureQueriesContext(connection) as first:
        open_unit(room.grant())
    with CaptureQueriesContext(connection) as second:
        open_unit(room.grant())

    assert len(statements(first)) == 5  # place, blocks, state; then seeds and completion are written
    assert len(statements(second)) == 3  # place, state, completion


@pytest.mark.django_db
def test_reading_completes_what_is_only_read(classroom: MakeClassroom) -> None:
    room = classroom([text("t"), problem("p")])

    open_unit(room.grant())

    assert queries.completions_of(room.run.pk, room.person.pk) == {"html@t": 1}


@pytest.mark.django_db
def test_a_preview_stores_nothing(classroom: MakeClassroom) -> None:
    room = classroom([text("t"), problem("p")])
    grant = room.grant("problem@p", keeps=False)

    open_unit(grant)
    assert answer(grant, "problem@p", value="choice_1")["success"] == "correct"

    assert not BlockState.objects.exists()
    assert not BlockScore.objects.exists()
    assert not BlockCompletion.objects.exists()


@pytest.mark.django_db
def test_who_has_left_the_run_is_refused_and_nothing_is_stored(classroom: MakeClassroom) -> None:
    room = classroom([block("done@d")])
    Enrolment.objects.update(status="withdrawn")

    with pytest.raises(NotPermitted):
        post_json(room.grant("done@d"), "toggle_button", {"done": True})
    with pytest.raises(NotPermitted):
        open_unit(room.grant())

    assert not BlockState.objects.exists()


@pytest.mark.django_db
def test_a_page_left_open_past_the_end_of_the_run_stores_nothing(classroom: MakeClassroom) -> None:
    room = classroom([block("done@d")])
    grant = room.grant("done@d")

    with clock.at(clock.now() + dt.timedelta(days=200)), pytest.raises(NotPermitted):
        post_json(grant, "toggle_button", {"done": True})

    assert not BlockState.objects.exists()


@pytest.mark.django_db
def test_a_block_of_another_unit_and_an_unknown_handler_are_not_there(classroom: MakeClassroom) -> None:
    room = classroom([block("done@d")])

    with pytest.raises(NotThere):
        post_json(room.grant("done@elsewhere"), "toggle_button", {"done": True})
    with pytest.raises(NotThere):
        post_json(room.grant("done@d"), "student_view", {})

    assert not BlockState.objects.exists()


@pytest.mark.django_db
def test_done_may_be_taken_back(classroom: MakeClassroom) -> None:
    room = classroom([block("done@d")])

    post_json(room.grant("done@d"), "toggle_button", {"done": True})
    assert queries.completions_of(room.run.pk, room.person.pk) == {"done@d": 1}
    post_json(room.grant("done@d"), "toggle_button", {"done": False})

    assert queries.completions_of(room.run.pk, room.person.pk) == {"done@d": 0}
    assert queries.scores_of(room.run.pk, [room.person.pk])[0].earned == 0


@pytest.mark.django_db
def test_a_video_remembers_its_position(classroom: MakeClassroom) -> None:
    room = classroom([block("video@v", html5_sources=["/static/a.mp4"], youtube_id_1_0="")])
    grant = room.grant("video@v")

    request = webob.Request.blank("/", method="POST", POST={"saved_video_position": "00:01:23"})
    call_handler(grant, "ajax_handler", "save_user_state", request)
    post_json(grant, "publish_completion", {"completion": 1.0})

    _runtime, unit = open_unit(room.grant())
    assert 'data-position="83"' in unit.blocks[0].body
    assert queries.completions_of(room.run.pk, room.person.pk) == {"video@v": 1}


@pytest.mark.django_db
def test_state_that_is_too_large_is_refused_whole(classroom: MakeClassroom) -> None:
    room = classroom([block("word_cloud@w", num_inputs=1)])
    words = ["很长" * 200_000]

    with pytest.raises(Refusal):
        post_json(room.grant("word_cloud@w"), "handle_submit_state", {"student_words": words})

    assert not BlockState.objects.exists()


@pytest.mark.django_db
def test_a_zero_character_does_not_break_the_store(classroom: MakeClassroom) -> None:
    room = classroom([problem("p", WORD)])

    answer(room.grant("problem@p"), "problem@p", value="中\x00位数")

    assert BlockState.objects.filter(usage_id="problem@p").exists()


LEARNERS_AT_ONCE = 32
HANDLERS_AT_ONCE = 32


def test_no_word_is_lost_when_many_learners_answer_at_once(committed_database: str, classroom: MakeClassroom) -> None:
    room = classroom([block("word_cloud@w", num_inputs=1), block("poll@o", answers=ANSWERS)])
    people = [make_person(name=f"学生{n}") for n in range(LEARNERS_AT_ONCE)]
    for person in people:
        Enrolment.objects.create(person=person, run=room.run, enrolled_at=room.run.enrolment_opens_at)
    failures: list[BaseException] = []

    def act(person: Person) -> None:
        place = replace(room, person=person)
        try:
            post_json(place.grant("word_cloud@w"), "handle_submit_state", {"student_words": ["图表"]})
            post_json(place.grant("poll@o"), "vote", {"choice": "bar"})
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    _run_together([threading.Thread(target=act, args=(person,)) for person in people])

    assert failures == []
    cloud = BlockState.objects.get(scope="user_state_summary", usage_id="word_cloud@w")
    poll = BlockState.objects.get(scope="user_state_summary", usage_id="poll@o")
    assert cloud.state["all_words"] == {"图表": LEARNERS_AT_ONCE}
    assert poll.state["tally"]["bar"] == LEARNERS_AT_ONCE


def test_32_handlers_at_once_on_one_block_lose_nothing(committed_database: str, classroom: MakeClassroom) -> None:
    room = classroom([problem("p", max_attempts=40)])
    grant = room.grant("problem@p")
    name = f"input_{_html_id(grant, 'problem@p')}_2_1"
    failures: list[BaseException] = []

    def act() -> None:
        try:
            request = webob.Request.blank("/", method="POST", POST={name: "choice_0"})
            call_handler(grant, "xmodule_handler", "problem_check", request)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    _run_together([threading.Thread(target=act) for _n in range(HANDLERS_AT_ONCE)])

    assert failures == []
    assert BlockState.objects.get(scope="user_state", usage_id="problem@p").state["attempts"] == HANDLERS_AT_ONCE


def test_a_page_that_was_read_before_does_not_undo_what_a_handler_stored(
    committed_database: str, classroom: MakeClassroom
) -> None:
    room = classroom([problem("p")])
    grant = room.grant("problem@p")
    open_unit(room.grant())
    late, _unit = open_unit(room.grant())  # read; its rows are written again below, as a slow page would

    answer(grant, "problem@p", value="choice_1")
    for row in late.rows._rows.values():
        row.fields["attempts"], row.dirty = 0, True
    late.rows.write()

    assert BlockState.objects.get(scope="user_state", usage_id="problem@p").state["attempts"] == 1


ANSWERS = [["bar", {"label": "柱形", "img": "", "img_alt": ""}], ["line", {"label": "折线", "img": "", "img_alt": ""}]]


def _run_together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
