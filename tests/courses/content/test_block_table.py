"""docs/blocks.md says what the code runs."""

import re
from pathlib import Path

from courses.content.blocktypes import EDX_ONLY, SUPPORTED_LEAVES, WANTING, WRAPPERS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "blocks.md"


def said() -> dict[str, str]:
    """Return what the page says of each type."""
    found: dict[str, str] = {}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.findall(r"`([\w-]+)`", cells[0]):
            assert name not in found, f"{name} stands there twice"
            found[name] = cells[2]
    return found


def test_every_type_that_runs_or_waits_has_its_line_and_no_other() -> None:
    table = said()
    runs = {name for name, word in table.items() if word in {"works", "with limits"}}
    waits = {name for name, word in table.items() if word == "placeholder"}

    assert runs == SUPPORTED_LEAVES | WRAPPERS
    assert waits == WANTING.keys() | EDX_ONLY
    assert runs | waits == table.keys()
