"""Whose file is kept, which part of a file is asked for, how long a pack waits for films."""

import datetime as dt

import pytest

from courses.textbooks import rules
from courses.textbooks.rules import Kept

NOW = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
LONG_AGO = NOW - dt.timedelta(days=60)
LATELY = NOW - dt.timedelta(days=3)


def test_the_newest_three_keep_their_files() -> None:
    packs = [Kept(5, None), *(Kept(number, LONG_AGO) for number in (4, 3, 2, 1))]
    assert rules.files_to_remove(packs, now=NOW) == [2, 1]


def test_a_file_that_was_just_replaced_stays_for_those_who_are_fetching_it() -> None:
    packs = [Kept(5, None), Kept(4, LATELY), Kept(3, LATELY), Kept(2, LATELY), Kept(1, LONG_AGO)]
    assert rules.files_to_remove(packs, now=NOW) == [1]


def test_what_schools_are_pointed_to_keeps_its_file_however_old() -> None:
    packs = [Kept(5, None), Kept(4, LONG_AGO), Kept(3, LONG_AGO), Kept(2, LONG_AGO, is_offered=True)]
    assert rules.files_to_remove(packs, now=NOW) == []


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-", (0, 99)),
        ("bytes=40-", (40, 99)),
        ("bytes=40-59", (40, 59)),
        ("bytes=40-5000", (40, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=100-", (100, 99)),
        ("bytes=-0", (100, 100)),
        ("bytes=9-5", None),
        ("bytes=0-1,5-6", None),
        ("lines=1-2", None),
    ],
)
def test_a_part_is_asked_for_as_the_rfc_says(header: str, part: tuple[int, int] | None) -> None:
    assert rules.wanted_part(header, 100) == part


def test_a_pack_waits_for_lighter_copies_not_for_ever_and_not_where_nobody_makes_them() -> None:
    asked = NOW - dt.timedelta(hours=1)
    assert rules.waits_for_films(asked, NOW, open_copies=True, can_copy=True)
    assert not rules.waits_for_films(asked, NOW, open_copies=False, can_copy=True)
    assert not rules.waits_for_films(asked, NOW, open_copies=True, can_copy=False)
    assert not rules.waits_for_films(NOW - dt.timedelta(hours=7), NOW, open_copies=True, can_copy=True)


def test_progress_is_whole_only_when_it_is_signed() -> None:
    assert [rules.percent(done, 200) for done in (0, 100, 200)] == [0, 50, 99]
    assert rules.percent(0, 0) == 0
