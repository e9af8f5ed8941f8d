"""A learner meets what was chosen for them; what waits for a condition opens when it holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.content import queries as content
from courses.progress.queries import advance_of
from courses.runtime.views import open_unit
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.courses.runtime.test_actions import answer
from tests.factories.blocks import CHOICE, Spec, block, problem, text

pytestmark = pytest.mark.django_db

POOL = [problem(f"p{n}", CHOICE) for n in range(5)]
IN_POOL = {usage: "library_content@l" for usage, _fields in POOL}


def shown(room: Classroom) -> list[tuple[str, str]]:
    return [(found.usage_id, found.state) for found in open_unit(room.grant())[1].blocks]


def test_a_library_draws_for_each_learner_and_only_what_was_drawn_is_left_to_do(classroom: MakeClassroom) -> None:
    room = classroom([text("h"), block("library_content@l", max_count=2), *POOL], parents=IN_POOL)

    drawn = shown(room)
    assert [state for _usage, state in drawn] == ["shown"] * 3
    assert shown(room) == drawn

    for usage, _state in drawn[1:]:
        answer(room.grant(usage), usage, value="choice_1")
    advance = advance_of(room.run.pk, room.person.pk, room.content.pk, room.content.uuid)
    assert advance.is_complete


def test_a_condition_says_that_it_waits_and_opens_once_it_holds(classroom: MakeClassroom) -> None:
    waiting = block("conditional@c", sources="problem/q", correct=True, message="先答对上一题。")
    room = classroom([problem("q", CHOICE), waiting, text("more")], parents={"html@more": "conditional@c"})

    assert shown(room) == [("problem@q", "shown"), ("conditional@c", "waiting")]
    assert "先答对上一题。" in open_unit(room.grant())[1].blocks[1].body

    answer(room.grant("problem@q"), "problem@q", value="choice_0")
    assert shown(room)[1] == ("conditional@c", "waiting")
    answer(room.grant("problem@q"), "problem@q", value="choice_1")
    assert shown(room) == [("problem@q", "shown"), ("html@more", "shown")]


def test_a_unit_without_a_condition_costs_no_query_more(classroom: MakeClassroom) -> None:
    room = classroom([text("h"), block("library_content@l", max_count=2), *POOL], parents=IN_POOL)
    open_unit(room.grant())

    with CaptureQueriesContext(
        connection,
    ) as captured:
        open_unit(room.grant())

    assert len([q for q in captured.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]) <= 3


@pytest.mark.parametrize(("specs", "queries_wanted"), [([text("h")], 1), ([block("library_content@l"), *POOL], 2)])
def test_who_chooses_is_read_without_a_search_for_each_block(
    classroom: MakeClassroom, specs: list[Spec], queries_wanted: int
) -> None:
    room = classroom(specs, parents=IN_POOL)

    with CaptureQueriesContext(connection) as captured:
        found = content.choosers(room.content.pk)

    assert len(captured) == queries_wanted
    assert not any("SELECT" in query["sql"].partition("WHERE")[2] for query in captured.captured_queries)
    assert len(found) == queries_wanted - 1
