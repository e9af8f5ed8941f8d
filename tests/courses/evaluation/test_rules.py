"""What of an evaluation may be shown, and when: nobody's answer can be computed from it."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.evaluation.rules import GROUP_MIN, ITEMS, Answer, Place, Window, problem_in, shown, window

ENDS = dt.date(2026, 6, 30)


def answer(grade: int = 4, place: Place = Place.URBAN, comment: str = "") -> Answer:
    return Answer(dict.fromkeys(ITEMS, grade), place, comment)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (dt.date(2026, 6, 15), Window.LATER),
        (dt.date(2026, 6, 16), Window.OPEN),
        (dt.date(2026, 7, 30), Window.OPEN),
        (dt.date(2026, 7, 31), Window.OVER),
    ],
)
def test_learners_answer_from_two_weeks_before_the_end_until_thirty_days_after(today: dt.date, expected: str) -> None:
    assert window(ENDS, today) == expected


def test_four_answers_show_nothing_but_their_number() -> None:
    found = shown([answer(comment="Ich")] * 4)

    assert (found.count, found.all, found.rural, found.comments) == (4, None, None, ())


def test_five_answers_show_means_and_counts() -> None:
    found = shown([answer(5), answer(4), answer(4), answer(2), answer(1)])

    assert found.all is not None
    assert found.all.items[0].mean == Decimal("3.20")
    assert found.all.items[0].counts == (1, 1, 0, 2, 1)


@pytest.mark.parametrize(("rural", "others", "apart"), [(5, 5, True), (5, 4, False), (4, 5, False), (9, 0, False)])
def test_rural_learners_stand_apart_only_beside_enough_others(rural: int, others: int, apart: bool) -> None:
    found = shown([answer(place=Place.RURAL)] * rural + [answer()] * others)

    assert (found.rural is not None) is apart
    assert (found.others is not None) is apart


@given(st.lists(st.sampled_from(list(Place)), max_size=14))
def test_no_group_smaller_than_five_is_ever_shown_or_left_over(places: list[Place]) -> None:
    found = shown([answer(place=place) for place in places])

    sizes = [group.count for group in (found.all, found.rural, found.others) if group]
    assert all(size >= GROUP_MIN for size in sizes)
    if found.rural:
        assert found.rural.count + found.others.count == found.count  # type: ignore[union-attr]  # both or none


def test_comments_come_in_an_order_of_their_own() -> None:
    found = shown([answer(comment=text) for text in ("c", "", "a", "b", "")])

    assert found.comments == ("a", "b", "c")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (Answer({}, Place.UNSAID), "answers-missing"),
        (Answer(dict.fromkeys(ITEMS, 6), Place.UNSAID), "unknown-grade"),
        (answer(comment="x" * 1001), "comment-too-long"),
    ],
)
def test_what_is_wrong_with_an_answer_has_a_code(wrong: Answer, code: str) -> None:
    assert problem_in(wrong) == code
    assert problem_in(answer()) == ""
