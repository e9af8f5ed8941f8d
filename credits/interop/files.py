"""Writing a record in one of the formats, and what the file is called."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from credits.interop import elmo, sheet, signing
from credits.interop.record import Format, Kind, Record
from credits.interop.sheet import SheetColumn
from edu.kernel import clock
from edu.kernel.errors import Refusal

CONTENT_TYPES = {
    Format.ELMO: "application/xml",
    Format.CLR: "application/json",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS = {Format.ELMO: "elmo.xml", Format.CLR: "clr.json", Format.XLSX: "xlsx"}


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that was made just now; it is handed over and not kept."""

    content: bytes
    name: str
    content_type: str
    rows: int


def write(record: Record, kind: Kind, format_: Format, columns: Sequence[SheetColumn]) -> MadeFile:
    """Return the file; Refusal when there is nothing to say, or nobody who could sign it."""
    rows = count(record, kind, format_, columns)
    if not rows:
        raise Refusal("nothing-to-export", _("There is nothing to put into this file yet."))
    day = record.made_at.astimezone(clock.SHANGHAI).strftime("%Y%m%d")
    content = _content(record, kind, format_, columns)
    return MadeFile(content, f"{kind.value}-{day}.{ENDINGS[format_]}", CONTENT_TYPES[format_], rows)


def count(record: Record, kind: Kind, format_: Format, columns: Sequence[SheetColumn]) -> int:
    """Return how many rows the file has: credits of the kind, or lines of the sheet, which holds both kinds."""
    if format_ is Format.XLSX:
        return sum(1 for _row in sheet.rows_of(record, columns))
    return len(record.achievements if kind is Kind.TRANSCRIPT else record.recognitions)


def _content(record: Record, kind: Kind, format_: Format, columns: Sequence[SheetColumn]) -> bytes:
    base_url = str(settings.GUIXUE_BASE_URL)
    if format_ is Format.ELMO:
        return elmo.write(record, kind, base_url)
    if format_ is Format.CLR:
        signed = signing.secured(record, kind, base_url)
        return json.dumps(signed, ensure_ascii=False, indent=1).encode()
    return sheet.write([record], columns)
