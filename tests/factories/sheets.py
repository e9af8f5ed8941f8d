"""Spreadsheets in memory, good and bad."""

import io
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook


def make_xlsx(rows: Sequence[Sequence[object]], *, merge: str = "", sheets: int = 1) -> bytes:
    """Return a workbook with the rows; `merge` names a range to merge."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    for _ in range(sheets - 1):
        book.create_sheet()
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def make_csv(rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> bytes:
    """Return the rows as CSV; no cell may need quoting."""
    return "".join(",".join(str(cell) for cell in row) + "\n" for row in rows).encode(encoding)


def repacked(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return a workbook with a replacement made in one of its parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new) if name == part else data)
    return buffer.getvalue()
