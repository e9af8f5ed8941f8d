"""What the pages of incoming credit say: states, faults and choices in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from credits.data import LotInfo
from credits.interop.models import IncomingChoice, IncomingFile, IncomingRow
from credits.interop.reading import Fault
from credits.interop.words import Word
from credits.ledger import queries as ledger
from credits.ledger.grounds import ForeignParty, LotExport
from edu.institutions.data import in_language
from edu.people import api as people

FAULT_WORDS: dict[str, Word] = {
    Fault.PARTS_CARRY_IT: _("Its parts carry the credit and are taken instead"),
    Fault.NOT_PASSED: _("Not passed"),
    Fault.NO_ID: _("Without an identifier"),
    Fault.IN_THE_LEDGER: _("In the ledger already: issued here"),
    Fault.IMPORTED_BEFORE: _("Taken over before"),
}
STATE_WORDS: dict[str, tuple[str, Word]] = {
    "values": ("warn", _("Amounts to be entered")),
    "colleague": ("warn", _("Waits for a colleague")),
    "taken": ("done", _("Credit entered from outside")),
    "aside": ("neutral", _("Put aside")),
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as lists show it."""

    file: IncomingFile
    person: str
    state: str
    tone: str
    word: Word


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a file with what was decided about it."""

    row: IncomingRow
    title: str
    fault: Word
    choice: IncomingChoice | None


@dataclass(frozen=True, slots=True)
class KnownRow:
    """Credit that came from outside earlier, for comparing."""

    lot: LotInfo
    title: str
    issuer: str


@dataclass(frozen=True, slots=True)
class HandedRow:
    """Credit that was handed to an institution outside."""

    export: LotExport
    person: str
    title: str
    party: str
    is_back: bool


def state_of(file: IncomingFile) -> str:
    """Return where a file stands: "values", "colleague", "taken" or "aside"."""
    verdict = getattr(file, "verdict", None)
    if verdict:
        return "taken" if verdict.confirmed else "aside"
    return "colleague" if getattr(file, "proposal", None) else "values"


def file_rows(files: Iterable[IncomingFile]) -> list[FileRow]:
    """Return files with the names of their students."""
    found = list(files)
    names = people.persons(file.holder_uuid for file in found)
    return [_file_row(file, names[file.holder_uuid].name if file.holder_uuid in names else "") for file in found]


def line_rows(file: IncomingFile) -> list[LineRow]:
    """Return the lines of a file with what somebody proposed for them."""
    choices: dict[Any, IncomingChoice] = {
        choice.row_id: choice for choice in IncomingChoice.objects.filter(row__file=file)
    }
    return [
        LineRow(row, _title(row), FAULT_WORDS.get(row.fault, ""), choices.get(row.pk))
        for row in file.rows.select_related("party")
    ]


def known_rows(person_uuid: UUID) -> list[KnownRow]:
    """Return what a person already holds from outside."""
    lots = [lot for lot in ledger.lots_of(person_uuid) if lot.source.kind == "import"]
    parties = {one.uuid: one for one in ForeignParty.objects.filter(uuid__in={lot.issuer_uuid for lot in lots})}
    language = get_language() or "zh-hans"
    return [
        KnownRow(
            lot,
            in_language(language, lot.facts.get("course_name_zh", ""), lot.facts.get("course_name_en", "")),
            in_language(language, parties[lot.issuer_uuid].name_zh, parties[lot.issuer_uuid].name_en)
            if lot.issuer_uuid in parties
            else "",
        )
        for lot in lots
    ]


def handed_rows(found: Iterable[LotExport]) -> list[HandedRow]:
    """Return credit that was handed over, with the names of its holders."""
    rows = list(found)
    names = people.persons(row.lot.holder_uuid for row in rows)
    language = get_language() or "zh-hans"
    return [
        HandedRow(
            export=row,
            person=names[row.lot.holder_uuid].name if row.lot.holder_uuid in names else "",
            title=in_language(
                language, row.lot.facts.get("course_name_zh", ""), row.lot.facts.get("course_name_en", "")
            ),
            party=in_language(language, row.party.name_zh, row.party.name_en),
            is_back=hasattr(row, "release"),
        )
        for row in rows
    ]


def _file_row(file: IncomingFile, person: str) -> FileRow:
    state = state_of(file)
    return FileRow(file, person, state, *STATE_WORDS[state])


def _title(row: IncomingRow) -> str:
    return in_language(get_language() or "zh-hans", row.course_name_zh, row.course_name_en)
