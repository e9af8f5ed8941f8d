"""A block that goes wrong wherever it can harms nobody else in its unit."""

from dataclasses import replace

import pytest

from courses.runtime import queries
from courses.runtime.models import BlockState, StateScope
from courses.runtime.views import open_unit
from tests.courses.runtime.conftest import MakeClassroom
from tests.courses.runtime.oddities import odd_blocks
from tests.courses.runtime.test_actions import answer, post_json
from tests.factories.blocks import block, problem, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", ["raises", "default", "a set", "nan", "large"])
@pytest.mark.parametrize("tells", [True, False])
def test_whatever_a_block_leaves_behind_the_others_are_shown_and_stored(
    classroom: MakeClassroom, mode: str, tells: bool
) -> None:
    room = classroom([text("t"), block("odd@o", mode=mode), problem("p")])

    with odd_blocks():
        _runtime, unit = open_unit(replace(room.grant(), tells=tells))

    assert [shown.state for shown in unit.blocks] == ["shown", "failed", "shown"]
    assert ("给作者" in unit.blocks[1].body) is tells
    assert "Traceback" not in unit.blocks[1].body
    assert list(BlockState.objects.filter(scope="user_state").values_list("usage_id", flat=True)) == ["problem@p"]
    assert queries.completions_of(room.run.pk, room.person.pk) == {"html@t": 1}


def test_a_block_whose_package_is_gone_says_so_and_the_others_work(classroom: MakeClassroom) -> None:
    room = classroom([text("t"), block("gone@g"), problem("p")])

    with odd_blocks():
        states = [shown.state for shown in open_unit(replace(room.grant(), tells=True))[1].blocks]
        checked = answer(room.grant("problem@p"), "problem@p", value="choice_1")

    assert states == ["shown", "failed", "shown"]
    assert checked["success"] == "correct"


def test_every_scope_of_xblock_has_its_place(classroom: MakeClassroom) -> None:
    room = classroom([block("odd@a", mode="scopes"), block("odd@b")])

    with odd_blocks():
        first = [shown.body for shown in open_unit(room.grant())[1].blocks]
        second = [shown.body for shown in open_unit(room.grant())[1].blocks]

    # what is shared by all learners reaches the second block, what authors own lives as long as the request
    assert "<p>odd 11 12 13 14 15</p>" in first[0]
    assert "<p>odd 11 12 13 14 5</p>" in first[1]
    assert "<p>odd 21 22 13 14 25</p>" in second[0]
    shared = BlockState.objects.filter(scope=StateScope.SUMMARY, run=room.run).order_by("usage_id")
    assert [(row.usage_id, row.state) for row in shared] == [("", {"for_all": 22}), ("odd", {"for_type": 21})]


@pytest.mark.parametrize("data", ["raises", "a set", "nan", "large"])
def test_a_handler_that_fails_stores_nothing_and_the_next_one_goes_on(classroom: MakeClassroom, data: str) -> None:
    room = classroom([block("odd@o")])
    grant = room.grant("odd@o")

    with odd_blocks():
        post_json(grant, "go", None)
        with pytest.raises(Exception, match=r"boom|JSON|too long|太长"):
            post_json(grant, "go", data)
        assert post_json(grant, "go", None) == {"count": 2}
