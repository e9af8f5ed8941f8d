"""docs/exchange-formats.md says what the mapping says."""

from pathlib import Path

import pytest

from credits.interop import tables
from credits.interop.mapping import LEFT_EMPTY, TABLES
from credits.interop.words import FIELD_WORDS, REASON_WORDS

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "exchange-formats.md"


def test_the_page_has_the_tables_of_today() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert tables.renewed(text) == text, "run python -m credits.interop.tables docs/exchange-formats.md"


def test_every_reason_and_field_has_its_words_there_and_on_screen() -> None:
    reasons = {line.reason for lines in TABLES.values() for line in lines if line.reason}
    reasons |= {one.reason for places in LEFT_EMPTY.values() for one in places}
    text = DOCUMENT.read_text("utf-8")
    assert [reason for reason in sorted(reasons) if f"| {reason} |" not in text.partition("### Why not")[2]] == []
    assert reasons <= REASON_WORDS.keys()
    assert {line.path.split(".")[1] for lines in TABLES.values() for line in lines} == FIELD_WORDS.keys()


def test_a_page_without_a_place_for_the_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        tables.renewed("# nothing")
