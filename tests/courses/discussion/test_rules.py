"""Pure rules of the discussion: pace, names, texts."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.discussion.rules import DAY_MAX, SHORT_MAX, surname, too_fast
from edu.kernel.texts import one_line, plain

NOW = dt.datetime(2026, 11, 26, 4, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "latin", "chinese", "shown"),
    [
        ("韦晓梅", "Wei Xiaomei", True, "韦"),
        ("欧阳静", "Ouyang Jing", True, "欧阳"),
        ("欧阳", "", True, "欧"),
        ("阿依古丽·买买提", "", True, "阿依古丽"),
        ("韦晓梅", "Wei Xiaomei", False, "Wei"),
        ("John Smith", "", True, "John"),
    ],
)
def test_fellow_learners_see_one_part_of_a_name(name: str, latin: str, chinese: bool, shown: str) -> None:
    assert surname(name, latin, chinese=chinese) == shown


def test_a_lively_exchange_is_not_a_flood() -> None:
    lately = [NOW - dt.timedelta(minutes=1)] * (SHORT_MAX - 1)
    earlier = [NOW - dt.timedelta(hours=2)] * (DAY_MAX - SHORT_MAX)

    assert not too_fast([*lately, *earlier], NOW)
    assert too_fast([*lately, lately[0]], NOW)
    assert too_fast([*lately, *earlier, *earlier[:1]], NOW)
    assert not too_fast([NOW - dt.timedelta(hours=24)] * 500, NOW)


@given(st.text(max_size=300))
def test_what_is_kept_is_plain_and_stays_as_it_is_when_kept_again(text: str) -> None:
    kept = plain(text)

    assert plain(kept) == kept
    assert not set(kept) & {"\r", "\t", "\x00", "\u202e", "\u200b"}
    assert "\n" not in one_line(text)


def test_characters_that_this_python_does_not_know_yet_are_kept() -> None:
    assert plain("\U0002ebf0") == "\U0002ebf0"  # CJK Extension I, Unicode 15.1
