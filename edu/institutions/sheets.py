"""Reading lists that people send: CSV and xlsx, row by row, with everything refused that could deceive or overwhelm.

Cells come out as text. A list that is not what it seems is refused as a whole, before anything is done with it.
"""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from edu.kernel.errors import Refusal

FILE_BYTES_MAX = 10 * 1024 * 1024  # the list of all 2,631 institutions is 0.2 MB; ten is an upload over a school's line
UNPACKED_BYTES_MAX = 120 * 1024 * 1024  # 20,000 rows of 20 columns unpack to about 30 MB
ROWS_MAX = 20_000  # the largest university takes in under 15,000 students a year
SCANNED_ROWS_MAX = 120_000  # formatted empty rows below the list are common, but not without end
COLUMNS_MAX = 40  # no template of ours has more than twelve
CELL_CHARS_MAX = 500  # the longest column in any list is 200
EXACT_DIGITS_MAX = 15  # beyond that a spreadsheet rounds numbers
XLSX_START = b"PK\x03\x04"
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b")
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a list may have: its key in code and the heads under which people write it, best first."""

    key: str
    heads: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a list; `number` as the spreadsheet counts, `cells` by column key, absent columns as "".

    `given` are the keys of the columns that the list has: an empty cell says something, an absent column nothing.
    """

    number: int
    cells: dict[str, str]
    given: frozenset[str] = frozenset()


def read_sheet(content: bytes, columns: Sequence[Column]) -> list[SheetRow]:
    """Return the rows of a CSV or xlsx file with the given columns; blank rows are skipped.

    Refusal when the file is too large, no such file at all, has formulas or merged cells, other heads than the
    columns, no rows or more than ROWS_MAX.
    """
    if len(content) > FILE_BYTES_MAX:
        raise Refusal("sheet-too-large", _("The file is larger than 10 MB. Split the list into several files."))
    lines = _xlsx_lines(content) if content.startswith(XLSX_START) else _csv_lines(content)
    numbered = ((number, cells) for number, cells in lines if any(cells))
    head = next(numbered, None)
    if head is None:
        raise Refusal("sheet-empty", _("The file is empty. Fill in the template and send it again."))
    keys = _keys(head[1], columns)
    rows: list[SheetRow] = []
    for number, cells in numbered:
        if len(rows) == ROWS_MAX:
            raise Refusal("sheet-too-long", _("The list has more than 20,000 rows. Split it into several files."))
        rows.append(_row(number, cells, keys, columns))
    if not rows:
        raise Refusal("sheet-empty", _("The list has a head but no rows. Fill it in and send it again."))
    return rows


def _row(number: int, cells: list[str], keys: list[str], columns: Sequence[Column]) -> SheetRow:
    if any(cells[len(keys) :]):
        raise Refusal(
            "sheet-stray-cell", _("Row %(row)d has a value beyond the last column. Remove it.") % {"row": number}
        )
    if any(len(cell) > CELL_CHARS_MAX for cell in cells):
        raise Refusal("sheet-long-cell", _("Row %(row)d has a cell of more than 500 characters.") % {"row": number})
    found = dict(zip(keys, cells, strict=False))
    return SheetRow(number, {column.key: found.get(column.key, "") for column in columns}, frozenset(keys))


def _keys(heads: list[str], columns: Sequence[Column]) -> list[str]:
    """Return the key of each column in the order of the file; Refusal naming what is missing, strange or doubled."""
    while heads and not heads[-1]:
        heads = heads[:-1]
    known = {spelling.casefold(): column.key for column in columns for spelling in (column.key, *column.heads)}
    strange = [head or "?" for head in heads if head.casefold() not in known]
    if strange:
        raise Refusal(
            "sheet-strange-column",
            _("The list has columns that are not known here: %(columns)s. The template has: %(known)s.")
            % {"columns": _listed(strange), "known": _listed(column.heads[0] for column in columns)},
        )
    keys = [known[head.casefold()] for head in heads]
    missing = [column.heads[0] for column in columns if column.required and column.key not in keys]
    if missing:
        raise Refusal(
            "sheet-missing-column",
            _("The list lacks columns: %(columns)s. The first row must hold the heads of the template.")
            % {"columns": _listed(missing)},
        )
    if len(set(keys)) != len(keys):
        raise Refusal("sheet-doubled-column", _("A column stands twice in the list. Remove one of them."))
    return keys


def _listed(words: Iterable[str]) -> str:
    return ", ".join(word[:40] for word in words)


def _csv_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    if b"\0" in content or content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Refusal(
            "sheet-not-a-list", _("This is neither an xlsx nor a CSV file. Save the list as .xlsx and send it again.")
        )
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        for cells in reader:
            if len(cells) > COLUMNS_MAX:
                raise Refusal("sheet-too-wide", _("The list has more than 40 columns. Use the template."))
            yield reader.line_num, [_clean(cell) for cell in cells]
    except csv.Error:
        raise Refusal(
            "sheet-broken",
            _("The CSV file breaks off or has a stray quotation mark in line %(line)d.") % {"line": reader.line_num},
        ) from None


def _decoded(content: bytes) -> str:
    """Return the text: UTF-8, or GB 18030 as Excel in China saves it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(
        "sheet-encoding", _("The CSV file is neither UTF-8 nor GB 18030. Save the list as .xlsx and send it again.")
    )


def _xlsx_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    _check_package(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        if len([sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]) != 1:
            raise Refusal(
                "sheet-several", _("The file has several sheets. Keep the one with the list and remove the others.")
            )
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        sheet.reset_dimensions()  # what the file says of its own size is not to be believed
        for number, row in enumerate(sheet.iter_rows(max_col=COLUMNS_MAX + 1), start=1):
            if number > SCANNED_ROWS_MAX:
                raise Refusal("sheet-too-long", _("The list has more than 20,000 rows. Split it into several files."))
            if len(row) > COLUMNS_MAX and row[COLUMNS_MAX].value is not None:
                raise Refusal("sheet-too-wide", _("The list has more than 40 columns. Use the template."))
            yield number, [_cell_text(cell, number) for cell in row[:COLUMNS_MAX]]
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        DefusedXmlException,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        EOFError,
        OSError,
        SyntaxError,
    ):
        raise _broken() from None


def _check_package(content: bytes) -> None:
    """Refuse an archive that is no workbook, unpacks beyond the limit, or merges cells."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(member.file_size for member in package.infolist()) > UNPACKED_BYTES_MAX:
                raise Refusal("sheet-bomb", _("The file unpacks to more than 120 MB and was not opened."))
            if "[Content_Types].xml" not in package.namelist():
                raise _broken()
            for name in package.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with package.open(name) as part:
                        _check_merged(part)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError):
        raise _broken() from None


def _check_merged(part: IO[bytes]) -> None:
    tail = b""
    while chunk := part.read(_CHUNK):
        if _MERGED.search(tail + chunk):
            raise Refusal(
                "sheet-merged", _("The list has merged cells. Unmerge them, so that every row has its own values.")
            )
        tail = chunk[-40:]


def _broken() -> Refusal:
    return Refusal(
        "sheet-broken", _("The xlsx file cannot be read. Open it in a spreadsheet, save it as .xlsx and send it again.")
    )


def _cell_text(cell: Any, row: int) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise Refusal(
            "sheet-formula",
            _("Row %(row)d has a formula. Copy the list and paste it as values only.") % {"row": row},
        )
    if cell.data_type == "e":
        raise Refusal(
            "sheet-error-value", _("Row %(row)d has an error value (%(value)s).") % {"row": row, "value": value}
        )
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and len(str(abs(value))) > EXACT_DIGITS_MAX:
        raise Refusal(
            "sheet-rounded-number",
            _("Row %(row)d has a number of more than 15 digits, which a spreadsheet rounds. Format the column as text.")
            % {"row": row},
        )
    return _clean(str(value))


def _clean(text: str) -> str:
    return " ".join(text.replace("\u3000", " ").split())
