"""What happened to blocks and files between two versions, on plain values."""

import random

import pytest

from courses.content import comparing
from courses.content.comparing import BlockChange, Body, FieldChange, FileShape, Kind, Shape


def tree(*lines: str) -> list[Shape]:
    """Shapes from lines "parent id name fingerprint"; the name "-" is none."""
    found = []
    for line in lines:
        parent, usage_id, name, fingerprint = line.split()
        found.append(
            Shape(usage_id, usage_id.split("@")[0], "" if parent == "-" else parent, "block", "", name, fingerprint)
        )
    return found


OLD = tree("- course@c 课 1", "course@c v@1 一 1", "v@1 html@a 甲 1", "v@1 html@b 乙 1", "v@1 html@c 丙 1")


def kinds(changes: list[BlockChange]) -> dict[str, set[str]]:
    return {change.usage_id: {kind.value for kind in change.kinds} for change in changes}


def test_equal_versions_do_not_differ() -> None:
    assert comparing.block_changes(OLD, OLD) == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ([*OLD, *tree("v@1 html@d 丁 1")], {"html@d": {"added"}}),
        (OLD[:-1], {"html@c": {"removed"}}),
        ([*OLD[:3], *tree("v@1 html@b 乙二 1"), OLD[4]], {"html@b": {"renamed"}}),
        ([*OLD[:3], *tree("v@1 html@b 乙 2"), OLD[4]], {"html@b": {"changed"}}),
        ([*OLD[:3], *tree("course@c html@b 乙二 2"), OLD[4]], {"html@b": {"moved", "renamed", "changed"}}),
        ([*OLD[:2], OLD[4], OLD[2], OLD[3]], {"html@c": {"moved"}}),
    ],
)
def test_what_happened_to_one_block(new: list[Shape], expected: dict[str, set[str]]) -> None:
    assert kinds(comparing.block_changes(OLD, new)) == expected


def test_a_block_put_in_front_does_not_move_its_neighbours() -> None:
    new = [*OLD[:2], *tree("v@1 html@new 新 1"), *OLD[2:]]
    assert kinds(comparing.block_changes(OLD, new)) == {"html@new": {"added"}}


def test_as_few_blocks_are_called_moved_as_explain_the_order() -> None:
    """Compared with the definition on many small orders: what is left of the others must be in the old order."""
    chance = random.Random(4)
    blocks = tree("- v@1 一 1", *(f"v@1 html@{n} 名{n} 1" for n in range(7)))
    for _round in range(200):
        order = blocks[1:]
        chance.shuffle(order)
        moved = {change.usage_id for change in comparing.block_changes(blocks, [blocks[0], *order])}
        stayed = [block.usage_id for block in order if block.usage_id not in moved]
        assert stayed == sorted(stayed)
        assert len(stayed) == longest_by_trying([block.usage_id for block in order])


def longest_by_trying(order: list[str]) -> int:
    best = [1] * len(order)
    for here in range(len(order)):
        best[here] = 1 + max((best[before] for before in range(here) if order[before] < order[here]), default=0)
    return max(best)


def test_what_is_gone_is_listed_where_it_stood() -> None:
    new = [OLD[0], OLD[1], *tree("v@1 html@a 甲 2"), OLD[4]]
    assert [change.usage_id for change in comparing.block_changes(OLD, new)] == ["html@a", "html@b"]


def test_a_renewed_identifier_is_noticed() -> None:
    new = [*OLD[:4], *tree("v@1 html@c2 丙 9")]
    changes = {change.usage_id: change for change in comparing.block_changes(OLD, new)}
    assert changes["html@c2"].twin == "html@c"
    assert changes["html@c"].twin == "html@c2"


def test_two_of_one_name_are_no_twins() -> None:
    new = [*OLD[:4], *tree("v@1 html@c2 丙 9", "v@1 html@c3 丙 9")]
    assert {change.twin for change in comparing.block_changes(OLD, new)} == {""}


def html(text: str, olx: str = "<html/>", **settings: object) -> Body:
    return Body(settings, {"data": text}, olx)


def test_fields_that_differ_are_told_and_the_name_is_none_of_them() -> None:
    old, new = html("<p>一</p>", due="1", display_name="甲"), html("<p>二</p>", weight=2, display_name="乙")
    assert comparing.field_changes(old, new) == [
        FieldChange("due", "1", None),
        FieldChange("weight", None, 2),
        FieldChange("data", "<p>一</p>", "<p>二</p>"),
    ]


def test_an_aside_that_differs_is_told_beside_the_fields() -> None:
    aside = '<html><tags xblock-family="xblock_asides.v1" level="{}"/></html>'
    (change,) = comparing.field_changes(html("一", aside.format("1")), html("一", aside.format("2")))
    assert change.name == comparing.ASIDES
    assert 'level="2"' in change.after


def test_children_of_a_container_are_blocks_of_their_own_and_no_change_of_it() -> None:
    old = Body({}, {}, '<vertical url_name="v"><html url_name="a"/></vertical>', is_container=True)
    new = Body({}, {}, '<vertical url_name="v"><html url_name="a"/><html url_name="b"/></vertical>', is_container=True)
    assert comparing.field_changes(old, new) == []
    noted = Body({}, {}, '<vertical url_name="v"><!-- 待改 --><html url_name="a"/></vertical>', is_container=True)
    assert [change.name for change in comparing.field_changes(old, noted)] == [comparing.DEFINITION]


def test_a_broken_definition_is_compared_as_text() -> None:
    old, new = Body({}, {}, "<problem><p>甲</problem>"), Body({}, {}, "<problem><p>乙</problem>")
    assert comparing.field_changes(old, new) == [FieldChange(comparing.DEFINITION, old.olx, new.olx)]


def test_an_entity_in_a_definition_is_not_resolved() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "甲甲甲">]><html a="1">&x;</html>'
    (change,) = comparing.field_changes(Body({}, {}, "<html/>"), Body({}, {}, bomb))
    assert "甲甲甲甲" not in str(change.after)


def test_a_block_of_which_only_the_name_differs_is_not_called_changed() -> None:
    both = BlockChange("a", (Kind.RENAMED, Kind.CHANGED), OLD[0], OLD[0])
    settled = comparing.settled(both, [])
    assert settled is not None
    assert settled.kinds == (Kind.RENAMED,)
    assert comparing.settled(BlockChange("a", (Kind.CHANGED,), OLD[0], OLD[0]), []) is None


def test_keys_of_outside_tools_are_secret() -> None:
    assert FieldChange("lti_passports", [], ["a:b:c"]).is_secret
    assert not FieldChange("display", [], ["a:b:c"]).is_secret


def test_files_are_told_by_path_and_bytes() -> None:
    old = [FileShape("a", "1", 1), FileShape("b", "2", 2), FileShape("c", "3", 3), FileShape("d", "4", 4)]
    new = [FileShape("a", "1", 1), FileShape("b", "9", 8), FileShape("c2", "3", 3), FileShape("e", "5", 5)]
    told = [(change.kind.value, change.path, change.path_before) for change in comparing.file_changes(old, new)]
    assert told == [("changed", "b", ""), ("renamed", "c2", "c"), ("removed", "d", ""), ("added", "e", "")]
