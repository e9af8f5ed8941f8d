"""What blocks keep of a learner: every text that can be typed comes back, and what jsonb cannot hold stays out."""

import pytest

from courses.runtime.models import BlockState
from courses.runtime.state import StateRows, user_key
from courses.runtime.views import open_unit
from tests.courses.runtime.conftest import MakeClassroom
from tests.courses.runtime.test_actions import answer, post_json
from tests.factories.blocks import WORD, block, problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (r"\u0000", r"\u0000"),
        (r"c:\\u0000\u0041", r"c:\\u0000\u0041"),
        ("中\x00位\x00\x00数", "中位数"),
        ("\\\x00", "\\"),
        ("half \ud83d", "half \N{REPLACEMENT CHARACTER}"),
        ("whole 😀", "whole 😀"),
    ],
)
def test_what_is_typed_is_kept_but_for_what_the_database_cannot_hold(
    classroom: MakeClassroom, typed: str, kept: str
) -> None:
    room = classroom([block("word_cloud@w", num_inputs=1)])

    post_json(room.grant("word_cloud@w"), "handle_submit_state", {"student_words": [typed]})

    own = BlockState.objects.get(usage_id="word_cloud@w", scope="user_state")
    shared = BlockState.objects.get(usage_id="word_cloud@w", scope="user_state_summary")
    assert own.state["student_words"] == [kept]
    assert list(shared.state["all_words"]) == [kept]


def test_a_problem_takes_an_answer_about_characters(classroom: MakeClassroom) -> None:
    room = classroom([problem("p", WORD)])

    assert answer(room.grant("problem@p"), "problem@p", value=r"\u0000")["success"] == "incorrect"

    assert r"\u0000" in open_unit(room.grant())[1].blocks[0].body


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}])
def test_a_value_that_is_no_json_is_refused_before_the_database_is_asked(
    classroom: MakeClassroom, value: object
) -> None:
    room = classroom([block("done@d")])
    rows = StateRows()
    row = rows.row(user_key(room.person.pk, room.run.pk, "done@d"))
    row.fields, row.dirty = {"x": value}, True

    with pytest.raises((TypeError, ValueError)):
        rows.write()

    assert not BlockState.objects.exists()
