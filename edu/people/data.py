"""Values that cross the door of people."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from edu.institutions.data import ImportReport


@dataclass(frozen=True, slots=True)
class PersonInfo:
    """A person, as far as other apps need one."""

    uuid: UUID
    name: str
    name_latin: str
    language: str


@dataclass(frozen=True, slots=True)
class AffiliationInfo:
    """What a person is to an institution, and for how long; `number` is the student or staff number."""

    uuid: UUID
    person_uuid: UUID
    institution_uuid: UUID
    role: str
    number: str
    programme_uuid: UUID | None
    from_on: dt.date
    to_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Identity:
    """The affiliation under which a signed-in person acts now, with what the page head says of it."""

    uuid: UUID
    person_uuid: UUID
    person_name: str
    institution_uuid: UUID
    institution_name: str
    role: str
    role_name: str
    number: str
    programme_uuid: UUID | None
    from_on: dt.date
    to_on: dt.date | None
    label: str  # "广西大学 · 学号 2023001"


@dataclass(frozen=True, slots=True)
class AccessNoteInfo:
    """Who looked at a person's record: by role and institution, never by name."""

    what: str
    viewer_role: str
    viewer_institution_uuid: UUID | None
    happened_at: dt.datetime


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A one-time code on its only appearance in clear."""

    person_uuid: UUID
    name: str
    number: str
    code: str
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """What taking over a list of people did; `codes` are the activation codes of new people, shown only now."""

    report: ImportReport
    codes: tuple[IssuedCode, ...]
