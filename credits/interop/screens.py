"""What pages say of a file before it is made and after: losses, recipients and makers in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext

from credits.interop import words
from credits.interop.countries import name_of
from credits.interop.loss import LossReport, document_of
from credits.interop.models import HOME_COUNTRY, RecordExport
from edu.institutions import api as institutions


@dataclass(frozen=True, slots=True)
class LossRow:
    """A field that a format loses, or puts where only our own readers look."""

    part: words.Word
    field: words.Word
    why: words.Word
    rows: str


@dataclass(frozen=True, slots=True)
class EmptyRow:
    """Places of theirs that we leave empty."""

    places: str
    why: words.Word


@dataclass(frozen=True, slots=True)
class LossPage:
    """A loss report in words."""

    carried: int
    lost: tuple[LossRow, ...]
    extension: tuple[LossRow, ...]
    left_empty: tuple[EmptyRow, ...]
    left_out: int

    @property
    def is_whole(self) -> bool:
        """True when the file says all there is to say, where everybody looks."""
        return not (self.lost or self.extension or self.left_out)


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A file that was made, as lists show it."""

    export: RecordExport
    when: datetime
    kind: words.Word
    format: words.Word
    recipient: str
    country: str  # "" for the mainland
    maker: str
    basis: str
    articles: str


def loss_page(report: LossReport | Mapping[str, Any]) -> LossPage:
    """Return a report of today, or one that was kept, in the reader's language."""
    said: Mapping[str, Any] = document_of(report) if isinstance(report, LossReport) else report
    return LossPage(
        carried=int(str(said["carried"])),
        lost=_loss_rows(said["lost"]),
        extension=_loss_rows(said["extension"]),
        left_empty=tuple(EmptyRow(one["place"], words.REASON_WORDS[one["reason"]]) for one in said["left_empty"]),
        left_out=int(str(said["left_out"])),
    )


def export_rows(found: Iterable[RecordExport]) -> list[ExportRow]:
    """Return files with the names of their makers: "" for the holder's own."""
    rows = list(found)
    language = get_language() or "zh-hans"
    wanted = {row.actor_institution_uuid for row in rows if row.actor_person_uuid != row.holder_uuid}
    names = institutions.institutions([uuid for uuid in wanted if uuid]) if wanted else {}
    return [_export_row(row, {uuid: info.name(language) for uuid, info in names.items()}, language) for row in rows]


def _export_row(row: RecordExport, names: Mapping[UUID, str], language: str) -> ExportRow:
    short = "en" if language.startswith("en") else "zh"
    by_holder = row.actor_person_uuid == row.holder_uuid
    institution = names.get(row.actor_institution_uuid, "") if row.actor_institution_uuid else ""
    return ExportRow(
        export=row,
        when=row.happened_at,
        kind=words.KIND_WORDS[row.kind],
        format=words.FORMAT_WORDS[row.format],
        recipient=row.recipient or gettext("Kept by the holder"),
        country="" if row.recipient_country == HOME_COUNTRY else name_of(row.recipient_country, language),
        maker=gettext("The holder") if by_holder else gettext("Registrar, %(name)s") % {"name": institution},
        basis=row.legal_document.get(f"name_{short}", ""),
        articles=row.legal_document.get(f"articles_{short}", ""),
    )


def _loss_rows(lines: Any) -> tuple[LossRow, ...]:
    return tuple(
        LossRow(
            part=words.part_word(one["path"]),
            field=words.field_word(one["path"]),
            why=words.REASON_WORDS[one["reason"]] if one["reason"] else "",
            rows=one["rows"],
        )
        for one in lines
    )
