"""What a certificate says: a document of strings, frozen when it is signed.

The first version of the type is decided here and never reused: readers in twenty years have this page only.
Amounts are written "2.00", days "2026-09-07", moments "2026-11-23T07:08:09.123Z". A key without a value is left out.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from edu.kernel import clock
from edu.kernel.credit import canonical

TYPE = "guixue.credit-certificate"
VERSION = "1"


@dataclass(frozen=True, slots=True)
class IssuerFacts:
    """An institution under its names now and, where they changed, those of the time of study."""

    code: str
    name_zh: str
    name_en: str
    former_zh: str = ""
    former_en: str = ""


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What the ledger and the catalogue know of one certified achievement."""

    lot_uuid: UUID
    course_code: str
    course_zh: str
    course_en: str
    run_code: str
    credit_points: Decimal | None  # None for a credit that counts in contact hours
    contact_hours: str
    grade: str
    scale: str
    from_on: dt.date
    to_on: dt.date


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder as the certificate names them."""

    name_zh: str
    name_latin: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What makes this certificate this one: number, address, key, moment."""

    number: str
    address: str
    key_id: str
    issued_at: dt.datetime
    supersedes: str = ""


def build(
    *, lot: LotFacts, holder: Holder, issuer: IssuerFacts, paper: Paper, home: IssuerFacts | None = None
) -> dict[str, Any]:
    """Return the statement; canonical_bytes of it is what is signed."""
    document = {
        "type": TYPE,
        "version": VERSION,
        "number": paper.number,
        "address": paper.address,
        "key_id": paper.key_id,
        "issued_at": clock.rfc3339(paper.issued_at),
        "supersedes": paper.supersedes,
        "lot": str(lot.lot_uuid),
        "holder": {"name_zh": holder.name_zh, "name_latin": holder.name_latin},
        "issuer": institution_of(issuer),
        "home_institution": institution_of(home) if home else {},
        "course": {"code": lot.course_code, "name_zh": lot.course_zh, "name_en": lot.course_en, "run": lot.run_code},
        "study": {"from_on": lot.from_on.isoformat(), "to_on": lot.to_on.isoformat()},
        "credit_points": canonical(lot.credit_points) if lot.credit_points is not None else "",
        "contact_hours": lot.contact_hours,
        "grade": {"value": lot.grade, "scale": lot.scale},
    }
    return without_blanks(document)


def field(statement: Mapping[str, Any], path: str) -> str:
    """Return the string at a dotted path, or "" where the statement says nothing."""
    value: Any = statement
    for key in path.split("."):
        value = value.get(key, "") if isinstance(value, Mapping) else ""
    return value if isinstance(value, str) else ""


def issued_at(statement: Mapping[str, Any]) -> dt.datetime | None:
    """Return the signed moment of issue, or None when it is not one."""
    text = field(statement, "issued_at")
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def printed_words(statement: Mapping[str, Any]) -> str:
    """Return every character that the paper prints of this statement, for the check of the fonts."""
    return "".join(_leaves({key: statement[key] for key in statement if key not in {"type", "version", "lot"}}))


def institution_of(facts: IssuerFacts) -> dict[str, str]:
    """Return an institution as statements write it."""
    return {
        "code": facts.code,
        "name_zh": facts.name_zh,
        "name_en": facts.name_en,
        "former_name_zh": facts.former_zh,
        "former_name_en": facts.former_en,
    }


def without_blanks(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document without keys that have no value, also inside its parts and lists."""
    kept = {key: _kept(value) for key, value in document.items()}
    return {key: value for key, value in kept.items() if value not in ("", {}, [])}


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        return without_blanks(value)
    return [_kept(item) for item in value] if isinstance(value, list) else value


def _leaves(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value] if isinstance(value, str) else []
