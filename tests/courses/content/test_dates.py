"""A date of a course means the same moment to the block that closes by it, to the grade, and to its author's form."""

import datetime as dt

import pytest

from courses.content.dates import moment_of

NOON = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01T12:00:00Z",
        "2026-09-01T20:00:00+08:00",
        "2026-09-01T12:00:00",
        "2026-09-01 12:00",
        "Sep 1, 2026 12:00",
    ],
)
def test_a_date_is_read_as_blocks_read_it(text: str) -> None:
    assert moment_of(text) == NOON


@pytest.mark.parametrize("text", ["", None, "soon", "2026-02-30T10:00", "2026-09-01T25:00:00Z"])
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert moment_of(text) is None
