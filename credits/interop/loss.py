"""What a file will not say: computed from mapping and record, shown before the download, kept with the export."""

from dataclasses import dataclass

from credits.interop.mapping import LEFT_EMPTY, Fate, LeftEmpty, Mapped, table
from credits.interop.record import Format, Kind, Record, counted

TYPE = "guixue.loss-report"
VERSION = "1"
PART_LEFT_OUT = {Kind.TRANSCRIPT: "recognition", Kind.RECOGNITION: "achievement"}


@dataclass(frozen=True, slots=True)
class LossLine:
    """A field that has a value on so many rows, and what becomes of it."""

    path: str
    place: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class LossReport:
    """What a record loses in a format: fields that disappear, fields only our own readers find, their empty places."""

    format: Format
    kind: Kind
    carried: int
    lost: tuple[LossLine, ...]
    extension: tuple[LossLine, ...]
    left_empty: tuple[LeftEmpty, ...]
    left_out: int  # rows of the other kind of document, which this one leaves out whole

    @property
    def is_whole(self) -> bool:
        """True when every value of the record stands in the file where the format looks for it."""
        return not (self.lost or self.extension or self.left_out)


def loss_of(records: tuple[Record, ...], format_: Format, kind: Kind, columns: tuple[str, ...] = ()) -> LossReport:
    """Return the report for the records of one file; only fields that have a value in them count."""
    mappings = table(format_, kind, columns)
    lines = [(mapped, sum(counted(record, mapped.path) for record in records)) for mapped in mappings]
    there = [(mapped, rows) for mapped, rows in lines if rows]
    whole_sheet = format_ is Format.XLSX
    return LossReport(
        format=format_,
        kind=kind,
        carried=sum(1 for mapped, _rows in there if mapped.fate is Fate.CARRIED),
        lost=_lines(there, Fate.LOST),
        extension=_lines(there, Fate.EXTENSION),
        left_empty=LEFT_EMPTY[format_],
        left_out=0 if whole_sheet else sum(len(record.rows(PART_LEFT_OUT[kind])) for record in records),
    )


def document_of(report: LossReport) -> dict[str, object]:
    """Return the report as the document that is kept: strings only, no value of anybody."""
    return {
        "type": TYPE,
        "version": VERSION,
        "format": report.format.value,
        "kind": report.kind.value,
        "carried": str(report.carried),
        "lost": [_said(line) for line in report.lost],
        "extension": [_said(line) for line in report.extension],
        "left_empty": [{"place": one.place, "reason": one.reason} for one in report.left_empty],
        "left_out": str(report.left_out),
    }


def _lines(there: list[tuple[Mapped, int]], fate: Fate) -> tuple[LossLine, ...]:
    return tuple(LossLine(one.path, one.place, one.reason, rows) for one, rows in there if one.fate is fate)


def _said(line: LossLine) -> dict[str, str]:
    return {"path": line.path, "place": line.place, "reason": line.reason, "rows": str(line.rows)}
