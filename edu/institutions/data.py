"""Values that cross the door of institutions."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


def in_language(language: str, zh: str, en: str) -> str:
    """Return the name for a language code; Chinese where there is no English one."""
    return en if language.startswith("en") and en else zh


@dataclass(frozen=True, slots=True)
class InstitutionInfo:
    """An institution under the names it has today."""

    uuid: UUID
    code: str | None
    kind: str
    name_zh: str
    name_en: str
    city: str = ""
    level: str = ""

    def name(self, language: str) -> str:
        """Return today's name in the language."""
        return in_language(language, self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class NameOnDate:
    """What an institution is called today, and what it was called on a certain day."""

    current: str
    then: str

    @property
    def changed(self) -> bool:
        """True when a document of that day has to show both names."""
        return self.current != self.then


@dataclass(frozen=True, slots=True)
class NamePeriod:
    """One name of an institution and its period; `by_year` when only the years are known."""

    language: str
    name: str
    from_on: dt.date | None
    to_on: dt.date | None
    by_year: bool


@dataclass(frozen=True, slots=True)
class SlotInfo:
    """A category of credit that a programme asks for."""

    uuid: UUID
    code: str
    name_zh: str
    name_en: str
    credit_points_min: Decimal
    credit_points_max: Decimal | None
    programme_uuid: UUID

    def name(self, language: str) -> str:
        """Return the name in the language."""
        return in_language(language, self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class ProgrammeInfo:
    """A programme in one version of its plan, with its slots in the order of their codes."""

    uuid: UUID
    institution_uuid: UUID
    code: str
    name_zh: str
    name_en: str
    plan_version: str
    slots: tuple[SlotInfo, ...]

    def name(self, language: str) -> str:
        """Return the name in the language."""
        return in_language(language, self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class TermInfo:
    """An academic term of an institution."""

    uuid: UUID
    institution_uuid: UUID
    code: str
    name_zh: str
    name_en: str
    starts_on: dt.date
    ends_on: dt.date

    def name(self, language: str) -> str:
        """Return the name in the language."""
        return in_language(language, self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one cell of an imported list, and what to do; `row` as the spreadsheet counts, from 1."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do in a dry run; with problems nothing was written."""

    rows: int
    created: int
    changed: int
    unchanged: int
    problems: tuple[RowProblem, ...]
    dry_run: bool

    @property
    def ok(self) -> bool:
        """True when every row was good."""
        return not self.problems

    @property
    def written(self) -> bool:
        """True when the database now holds the list."""
        return self.ok and not self.dry_run
