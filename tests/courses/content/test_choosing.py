"""Which children of a library, an experiment or a condition a learner meets: pure, stable, fair."""

from collections import Counter
from typing import Any

import pytest

from courses.content import choosing
from courses.content.choosing import Item, Standing


def library(children: int, **settings: Any) -> list[Item]:
    top = Item("library_content@l", "vertical@u", "library_content", settings)
    return [top, *(Item(f"problem@{n}", "library_content@l", "problem", {}) for n in range(children))]


def met(items: list[Item], who: str) -> set[str]:
    (chooser,) = choosing.choosers(items)
    return set(choosing.chosen(chooser, who))


@pytest.mark.parametrize(
    ("given", "shown"), [({"max_count": 3}, 3), ({}, 1), ({"max_count": -1}, 8), ({"max_count": "x"}, 8)]
)
def test_a_draw_shows_as_many_as_its_author_wants(given: dict[str, Any], shown: int) -> None:
    assert len(met(library(8, **given), "1:1")) == shown


def test_the_same_learner_meets_the_same_and_learners_differ_evenly() -> None:
    items = library(4, max_count=2)
    assert met(items, "1:7") == met(items, "1:7")
    counts = Counter(child for n in range(400) for child in met(items, f"1:{n}"))
    assert set(counts) == {f"problem@{n}" for n in range(4)}
    assert all(150 < count < 250 for count in counts.values())  # 200 each on average


def test_a_child_that_is_added_displaces_one_at_most() -> None:
    for n in range(50):
        assert len(met(library(4, max_count=2), f"1:{n}") - met(library(5, max_count=2), f"1:{n}")) <= 1


def test_an_experiment_shows_the_child_of_one_group_with_all_below_it() -> None:
    items = [
        Item(
            "split_test@s", "vertical@u", "split_test", {"group_id_to_child": {"0": "i4x://o/c/vertical/a", "1": "x/b"}}
        ),
        Item("vertical@a", "split_test@s", "vertical", {}),
        Item("html@in-a", "vertical@a", "html", {}),
        Item("vertical@b", "split_test@s", "vertical", {}),
        Item("html@in-b", "vertical@b", "html", {}),
    ]
    seen = {choosing.left_out(choosing.choosers(items), f"1:{n}") for n in range(40)}
    assert seen == {frozenset({"vertical@a", "html@in-a"}), frozenset({"vertical@b", "html@in-b"})}


def test_what_stands_below_a_condition_need_not_be_completed() -> None:
    items = [
        Item("conditional@c", "vertical@u", "conditional", {"sources": "problem/p", "attempted": True}),
        Item("html@h", "conditional@c", "html", {}),
    ]
    assert choosing.conditioned(items) == {"html@h"}


@pytest.mark.parametrize(
    ("given", "standing", "open_"),
    [
        ({"attempted": "True"}, {}, False),
        ({"attempted": "True"}, {"problem@p": Standing(0, 1, 1, scored=True)}, True),
        ({"correct": True}, {"problem@p": Standing(0, 1, 1, scored=True)}, False),
        ({"correct": True}, {"problem@p": Standing(1, 1, 1, scored=True)}, True),
        ({"attempted": "False"}, {}, True),
        ({"completed": True}, {"problem@p": Standing(completion=1)}, True),
        (
            {"conditional_attr": "correct", "conditional_value": "True"},
            {"problem@p": Standing(1, 1, 1, scored=True)},
            True,
        ),
    ],
)
def test_a_condition_opens_when_it_holds(given: dict[str, Any], standing: dict[str, Standing], open_: bool) -> None:
    item = Item("conditional@c", "u", "conditional", {"sources": "i4x://o/c/problem/p", **given})
    found = choosing.condition(item, {"p": "problem@p"})
    assert found is not None
    assert choosing.holds(found, standing) is open_


@pytest.mark.parametrize("given", [{"poll_answer": "yes"}, {"attempted": True, "sources": "problem/gone"}, {}])
def test_a_condition_that_nobody_here_can_answer_is_none(given: dict[str, Any]) -> None:
    item = Item("conditional@c", "u", "conditional", {"sources": "problem/p", **given})
    assert choosing.condition(item, {"p": "problem@p"}) is None
