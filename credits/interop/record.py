"""A person's record in neutral words: what every format is written from. All leaves are strings, "" when unknown.

Amounts are "2.00", days "2026-09-07", moments RFC 3339; one field more here is one line more in every mapping (a test).
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a document is about. Credit stands in one of them only, so that nobody adds it up twice."""

    TRANSCRIPT = "transcript"  # what hosts certified
    RECOGNITION = "recognition"  # what the home institution counted of it


class Format(StrEnum):
    """The formats in which a record leaves the house; the values are stored and stay."""

    ELMO = "elmo-1.7"
    CLR = "clr-2.0"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class HolderFacts:
    """Whose record it is."""

    name_zh: str = ""
    name_latin: str = ""
    student_number: str = ""
    home_code: str = ""
    home_name_zh: str = ""
    home_name_en: str = ""
    programme_code: str = ""
    programme_name_zh: str = ""
    programme_name_en: str = ""


@dataclass(frozen=True, slots=True)
class Achievement:
    """What a host certified: one lot of the ledger."""

    uuid: str = ""
    issuer_code: str = ""
    issuer_name_zh: str = ""
    issuer_name_en: str = ""
    course_code: str = ""
    course_name_zh: str = ""
    course_name_en: str = ""
    run_code: str = ""
    starts_on: str = ""
    ends_on: str = ""
    unit: str = ""  # "credit_points" or "contact_hours"
    amount: str = ""
    contact_hours: str = ""
    score: str = ""
    grade: str = ""
    scale: str = ""
    attempt: str = ""
    certified_at: str = ""
    certificate_number: str = ""
    certificate_address: str = ""
    available: str = ""  # how much of it is not used, set aside or recognised yet


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a home institution counted of an achievement."""

    uuid: str = ""
    original_uuid: str = ""
    home_code: str = ""
    home_name_zh: str = ""
    home_name_en: str = ""
    host_code: str = ""
    host_name_zh: str = ""
    host_name_en: str = ""
    course_code: str = ""
    course_name_zh: str = ""
    course_name_en: str = ""
    amount: str = ""
    amount_original: str = ""
    grade: str = ""
    scale: str = ""
    grade_original: str = ""
    scale_original: str = ""
    slot_code: str = ""
    slot_name_zh: str = ""
    slot_name_en: str = ""
    case_number: str = ""
    rule_hash: str = ""
    recognised_on: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One person's record as it was at a moment; `whole` is False when only chosen credits stand in it."""

    uuid: str
    made_at: dt.datetime
    holder: HolderFacts
    achievements: tuple[Achievement, ...]
    recognitions: tuple[Recognition, ...]
    whole: bool = True

    def rows(self, part: str) -> tuple[HolderFacts | Achievement | Recognition, ...]:
        """Return what a part of a path stands for: "holder", "achievement", "recognition"."""
        found: dict[str, tuple[HolderFacts | Achievement | Recognition, ...]] = {
            "holder": (self.holder,),
            "achievement": self.achievements,
            "recognition": self.recognitions,
        }
        return found[part]


PARTS: dict[str, type] = {"holder": HolderFacts, "achievement": Achievement, "recognition": Recognition}


def paths() -> Iterator[str]:
    """Yield every field of a record as "part.field", in the order of the classes."""
    for part, kind in PARTS.items():
        for field in dataclasses.fields(kind):
            yield f"{part}.{field.name}"


def counted(record: Record, path: str) -> int:
    """Return on how many rows of a record a field has a value."""
    part, name = path.split(".")
    return sum(1 for row in record.rows(part) if getattr(row, name))


def name_of(zh: str, en: str) -> str:
    """Return the one name for formats that have room for one: the English where there is one."""
    return en or zh
