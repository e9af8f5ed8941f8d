"""When a term may be sealed, as values."""

import datetime as dt
from uuid import UUID

import pytest

from credits.seals.rules import Window, verdict_on

A, B = UUID(int=1), UUID(int=2)
END = dt.date(2025, 1, 20)
RULED = Window(A, END, 1, 30, dt.date(2024, 10, 1))


def test_a_window_closes_so_many_days_after_the_term() -> None:
    assert RULED.closes_on == dt.date(2025, 2, 19)
    assert not verdict_on([RULED]).allows(dt.date(2025, 2, 19))
    assert verdict_on([RULED]).allows(dt.date(2025, 2, 20))


def test_a_window_without_a_rule_does_not_close() -> None:
    verdict = verdict_on([RULED, Window(B, END)])
    assert (verdict.closes_on, verdict.without_rule) == (None, (B,))
    assert not verdict.allows(dt.date(2099, 1, 1))


def test_the_last_window_counts() -> None:
    later = Window(B, dt.date(2025, 1, 31), 2, 60, dt.date(2024, 10, 1))
    assert verdict_on([RULED, later]).closes_on == dt.date(2025, 4, 1)


@pytest.mark.parametrize(
    ("begins", "closes"), [(dt.date(2025, 2, 1), dt.date(2025, 2, 19)), (dt.date(2025, 6, 1),) * 2]
)
def test_a_rule_set_after_the_term_closes_nothing_before_it_begins(begins: dt.date, closes: dt.date) -> None:
    assert Window(A, END, 1, 30, begins).closes_on == closes


def test_without_any_institution_there_is_nothing_to_seal() -> None:
    verdict = verdict_on([])
    assert verdict.nothing
    assert not verdict.allows(dt.date(2099, 1, 1))
