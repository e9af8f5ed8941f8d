"""Writing xlsx for the academic affairs systems of schools: the columns a school chose, every cell a text.

A text that begins like a formula stays a text: the cell's type says so, and its style keeps a spreadsheet from
reading it anew when somebody edits the cell.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from credits.interop.limits import CELL_CHARACTERS_MAX
from credits.interop.record import Achievement, Recognition, Record, paths

SHEET_NAME = "学分"
TEXT_FORMAT = "@"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "|", "%")  # what spreadsheets, old and new, take for a formula


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: the school's own heading, and our field; "" leaves it empty for the school to fill."""

    path: str
    head: str


def known_paths() -> frozenset[str]:
    """Return the fields that a column may show."""
    return frozenset(paths())


def rows_of(record: Record, columns: Sequence[SheetColumn]) -> Iterator[tuple[str, ...]]:
    """Yield a person's rows: one for each achievement and each recognition of it; recognitions alone at the end."""
    left = list(record.recognitions)
    for achievement in record.achievements:
        own = [one for one in record.recognitions if one.original_uuid == achievement.uuid]
        left = [one for one in left if one not in own]
        if not own:
            yield _row(record, achievement, None, columns)
        for recognition in own:
            yield _row(record, achievement, recognition, columns)
    for recognition in left:
        yield _row(record, None, recognition, columns)


def write(records: Iterable[Record], columns: Sequence[SheetColumn]) -> bytes:
    """Return the workbook's bytes: one sheet, the headings, a row for each result."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET_NAME)
    sheet.append([_cell(sheet, column.head) for column in columns])
    for record in records:
        for row in rows_of(record, columns):
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(
    record: Record, achievement: Achievement | None, recognition: Recognition | None, columns: Sequence[SheetColumn]
) -> tuple[str, ...]:
    parts = {"holder": record.holder, "achievement": achievement, "recognition": recognition}
    values = []
    for column in columns:
        part, _, name = column.path.partition(".")
        values.append(str(getattr(parts.get(part), name, "") or ""))
    return tuple(values)


def _cell(sheet: WriteOnlyWorksheet, value: str) -> Cell:
    text = _UNPRINTABLE.sub("", value)[:CELL_CHARACTERS_MAX]
    cell = WriteOnlyCell(sheet, value="")
    cell.value = text
    cell.data_type = "s"  # openpyxl would make a formula of "=…", and a number of nothing: all is text
    cell.number_format = TEXT_FORMAT
    if text.startswith(_TRIGGERS):
        cell.quotePrefix = True
    return cell
