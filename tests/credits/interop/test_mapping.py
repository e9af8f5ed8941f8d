"""The mapping tables tell the truth: one field after the other is changed, and the file is looked at."""

import json
import re
from typing import Any

import pytest
from lxml import etree

from credits.interop import clr, elmo, sheet
from credits.interop.loss import loss_of
from credits.interop.mapping import LEFT_EMPTY, TABLES, Fate, Mapped, table
from credits.interop.record import Format, Kind, paths
from credits.interop.sheet import SheetColumn
from tests.factories.interop import other_record, value_of, whole_record

BASE = "https://guixue.example"
DID = "did:web:guixue.example:issuers:home"
OURS_FROM = "extension"


def said_in_elmo(content: bytes, place: str) -> list[bytes]:
    """Return what stands at a place of the mapping: our own names below an extension, ELMO's above it."""
    steps, prefix = [], "e"
    for step in place.removeprefix("elmo/").split("/"):
        steps.append(f"{prefix}:{step}")
        prefix = "gx" if step == OURS_FROM else prefix
    found = etree.fromstring(content).xpath("//" + "/".join(steps), namespaces={"e": elmo.NAMESPACE, "gx": elmo.OURS})
    assert isinstance(found, list)
    return [etree.tostring(one) for one in found]  # type: ignore[arg-type]  # elements, by the path


def said_in_clr(document: dict[str, Any], place: str) -> list[str]:
    """Return what stands at a place: the last keys of a path, "[key=value]" choosing among the entries of a list."""
    wanted = place.removeprefix("ClrCredential.").split(".")
    rooted = place.startswith("ClrCredential.")
    found = []

    def walk(node: Any, keys: list[str]) -> None:
        if isinstance(node, list):
            for one in node:
                walk(one, keys)
            return
        if fits(node, keys):
            found.append(json.dumps(node, sort_keys=True))
        if isinstance(node, dict):
            for key, below in node.items():
                walk(below, [*keys, key])

    def fits(node: Any, keys: list[str]) -> bool:
        names = [re.sub(r"\[.*\]", "", one) for one in wanted]
        if keys[-len(names) :] != names or (rooted and len(keys) != len(names)):
            return False
        chosen = re.search(r"\[(\w+)=(\w+)\]$", wanted[-1])
        return not chosen or node.get(chosen[1]) == chosen[2]

    walk(document, [])
    return found


def written(format_: Format, kind: Kind, record: Any) -> Any:
    if format_ is Format.ELMO:
        return elmo.write(record, kind, BASE)
    return clr.build(record, kind, BASE, publisher_id=DID)


def said(format_: Format, document: Any, place: str) -> list[Any]:
    return said_in_elmo(document, place) if format_ is Format.ELMO else list(said_in_clr(document, place))


LINES = [(format_, kind, mapped) for (format_, kind), lines in TABLES.items() for mapped in lines]


@pytest.mark.parametrize(("format_", "kind", "mapped"), LINES, ids=lambda value: getattr(value, "path", str(value)))
def test_each_line_of_a_table_is_so(format_: Format, kind: Kind, mapped: Mapped) -> None:
    before, after = written(format_, kind, whole_record()), written(format_, kind, other_record(mapped.path))
    if mapped.fate is Fate.LOST:
        assert before == after, "the table says that the file does not know this field"
        return
    assert said(format_, before, mapped.place), "nothing stands at the place of the table"
    assert said(format_, before, mapped.place) != said(format_, after, mapped.place)
    assert (OURS_FROM in mapped.place.split("/")) == (mapped.fate is Fate.EXTENSION)


@pytest.mark.parametrize(("format_", "kind"), list(TABLES), ids=str)
def test_every_field_of_the_parts_has_its_line(format_: Format, kind: Kind) -> None:
    part = "achievement" if kind is Kind.TRANSCRIPT else "recognition"
    wanted = [path for path in paths() if path.split(".")[0] in {"holder", part}]
    assert sorted(mapped.path for mapped in TABLES[format_, kind]) == sorted(wanted)


def test_a_sheet_carries_the_columns_that_were_chosen_and_no_others() -> None:
    chosen = [SheetColumn(path, path) for path in paths() if path != "holder.name_zh"]
    lost = [line.path for line in table(Format.XLSX, Kind.TRANSCRIPT, tuple(column.path for column in chosen))
            if line.fate is Fate.LOST]  # fmt: skip
    assert lost == ["holder.name_zh"]
    record = whole_record()
    [_achieved, recognised] = sheet.rows_of(record, chosen)
    for path in ("recognition.uuid", "holder.student_number"):
        assert recognised[[column.path for column in chosen].index(path)] == value_of(path.split(".")[1])


@pytest.mark.parametrize("kind", list(Kind))
def test_places_that_are_said_to_stay_empty_are_empty(kind: Kind) -> None:
    content = written(Format.ELMO, kind, whole_record())
    for one in LEFT_EMPTY[Format.ELMO]:
        head, *more = one.place.split(", ")
        base = head.rpartition("/")[0]
        for place in (head, *(f"{base}/{name}" for name in more if not name.startswith("["))):
            if ":" in place or "scheme=" in place:
                continue
            assert all(not etree.fromstring(node).text for node in said_in_elmo(content, place)), place


def test_the_report_counts_rows_with_a_value_only() -> None:
    record = whole_record()
    report = loss_of((record, record), Format.CLR, Kind.TRANSCRIPT)
    assert {line.path: line.rows for line in report.lost} == {
        "holder.programme_code": 2,
        "holder.programme_name_zh": 2,
        "holder.programme_name_en": 2,
        "achievement.attempt": 2,
        "achievement.available": 2,
    }
    assert report.left_out == 2
    assert not report.is_whole
