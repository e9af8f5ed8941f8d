"""How far somebody has come."""

from decimal import Decimal

from courses.progress.rules import UnitSteps, advance

UNITS = [
    UnitSteps("u1", "s1", frozenset({"a", "b"})),
    UnitSteps("u2", "s1", frozenset()),
    UnitSteps("u3", "s2", frozenset({"c"})),
]


def test_nothing_done_begins_with_the_first_unit() -> None:
    found = advance(UNITS, {})

    assert found.next_unit == "u1"
    assert found.units_begun == frozenset()
    assert (found.subsections_done_count, found.subsections_total) == (0, 2)


def test_a_unit_is_done_when_all_its_blocks_are() -> None:
    assert advance(UNITS, {"a": Decimal(1)}).units_done == frozenset()
    assert advance(UNITS, {"a": Decimal(1), "b": Decimal("0.5")}).units_begun == {"u1"}
    assert advance(UNITS, {"a": Decimal(1), "b": Decimal(1)}).units_done == {"u1"}


def test_a_unit_with_nothing_to_do_is_done_when_opened_and_completes_its_subsection() -> None:
    found = advance(UNITS, {"a": Decimal(1), "b": Decimal(1), "u2": Decimal(1)})

    assert found.subsections_done == {"s1"}
    assert found.next_unit == "u3"
    assert not found.is_complete


def test_all_done_is_complete() -> None:
    found = advance(UNITS, dict.fromkeys(["a", "b", "u2", "c"], Decimal(1)))

    assert found.is_complete
    assert found.next_unit == ""
