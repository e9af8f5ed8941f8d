"""What an agreement and an equivalence say, as values: terms, canonical documents, how two documents differ."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from edu.kernel.credit import canonical
from edu.kernel.periods import Period

AGREEMENT_TYPE = "guixue.agreement"
EQUIVALENCE_TYPE = "guixue.equivalence"
DOCUMENT_VERSION = "1"
YEARS_MAX = 10  # a longer promise outlives the programme plans it speaks of (they change about every four years)
RATIO_MAX = Decimal(2)  # doubling a course's credit is already beyond any practice we read of
PERCENT_MAX = Decimal(100)


class CapScope(StrEnum):
    """Over what a cap counts the credit that one student brings home under an agreement."""

    TERM = "term"
    PROGRAMME = "programme"


class EquivalenceKind(StrEnum):
    """As what a host course counts at home."""

    EQUIVALENT = "equivalent"
    ELECTIVE = "elective"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LegalSource:
    """The text that allows or asks for something, quoted, with the address where it stands."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `credit_points_max` (home credit) within the scope; who says so is quoted."""

    scope: CapScope
    credit_points_max: Decimal
    source: LegalSource


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """The conditions two institutions agree on; the period is of first days of terms in which a course is taken."""

    valid_from_on: dt.date
    valid_to_on: dt.date
    categories: tuple[str, ...]  # codes or names of home slots that may be filled; empty means every slot
    caps: tuple[Cap, ...]
    rounding_step: Decimal  # home credit is rounded half up to a multiple of this
    hours_per_credit: Decimal
    grade_scale: str  # the home side's scale, a key of the grade tables: "five_level", "pass_fail"
    source: LegalSource
    note: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two institutions, as the document names it."""

    uuid: UUID
    code: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class EquivalenceTerms:
    """What a rule says: this host course counts in this home slot, so much, from this grade, for these terms."""

    host_course_uuid: UUID
    slot_uuid: UUID
    kind: EquivalenceKind
    ratio: Decimal
    minimum_grade: Decimal  # percent at the host
    valid_from_on: dt.date
    valid_to_on: dt.date | None
    evidence: str
    reason: str = ""  # why nothing counts, where kind is none


@dataclass(frozen=True, slots=True)
class Change:
    """One line in which two documents differ; an empty side means it was not there."""

    path: str
    before: str
    after: str


def fault_of_terms(terms: AgreementTerms) -> str | None:
    """Return the code of the first thing that keeps these conditions from holding together, or None."""
    if terms.valid_from_on > terms.valid_to_on:
        return "period-out-of-order"
    if terms.valid_to_on.year - terms.valid_from_on.year > YEARS_MAX:
        return "period-too-long"
    if terms.rounding_step <= 0 or terms.hours_per_credit <= 0 or any(c.credit_points_max <= 0 for c in terms.caps):
        return "amounts-not-positive"
    if any(not cap.source.text.strip() for cap in terms.caps) or not terms.source.text.strip():
        return "source-missing"
    if len({cap.scope for cap in terms.caps}) != len(terms.caps):
        return "cap-twice"
    return None


def fault_of_equivalence(terms: EquivalenceTerms) -> str | None:
    """Return the code of the first contradiction in a rule, or None."""
    if terms.valid_to_on and terms.valid_from_on > terms.valid_to_on:
        return "period-out-of-order"
    if terms.kind is EquivalenceKind.NONE and not terms.reason.strip():
        return "reason-missing"
    if terms.kind is not EquivalenceKind.NONE and not 0 < terms.ratio <= RATIO_MAX:
        return "ratio-out-of-range"
    if not 0 <= terms.minimum_grade <= PERCENT_MAX:
        return "grade-out-of-range"
    if not terms.evidence.strip():
        return "evidence-missing"
    return None


def agreement_document(
    *, number: str, version: int, parties: tuple[Party, Party], terms: AgreementTerms
) -> dict[str, Any]:
    """Return the canonical document of one version: strings only, parties in the order of their codes."""
    ordered = sorted(parties, key=lambda party: party.code)
    return {
        "type": AGREEMENT_TYPE,
        "version": DOCUMENT_VERSION,
        "number": number,
        "edition": str(version),
        "parties": [{"uuid": str(p.uuid), "code": p.code, "name_zh": p.name_zh} for p in ordered],
        "valid_from_on": terms.valid_from_on.isoformat(),
        "valid_to_on": terms.valid_to_on.isoformat(),
        "categories": list(terms.categories),
        "caps": [_cap_document(cap) for cap in terms.caps],
        "rounding_step": canonical(terms.rounding_step),
        "hours_per_credit": canonical(terms.hours_per_credit),
        "grade_scale": terms.grade_scale,
        "source": {"text": terms.source.text, "url": terms.source.url},
        "note": terms.note,
    }


def _cap_document(cap: Cap) -> dict[str, Any]:
    return {
        "scope": str(cap.scope),
        "credit_points_max": canonical(cap.credit_points_max),
        "source": {"text": cap.source.text, "url": cap.source.url},
    }


def terms_of(document: Mapping[str, Any]) -> AgreementTerms:
    """Return the terms that a document of ours says; the inverse of `agreement_document`."""
    return AgreementTerms(
        valid_from_on=dt.date.fromisoformat(document["valid_from_on"]),
        valid_to_on=dt.date.fromisoformat(document["valid_to_on"]),
        categories=tuple(document["categories"]),
        caps=tuple(
            Cap(CapScope(cap["scope"]), Decimal(cap["credit_points_max"]), LegalSource(**cap["source"]))
            for cap in document["caps"]
        ),
        rounding_step=Decimal(document["rounding_step"]),
        hours_per_credit=Decimal(document["hours_per_credit"]),
        grade_scale=document["grade_scale"],
        source=LegalSource(**document["source"]),
        note=document["note"],
    )


def equivalence_document(
    *, uuid: UUID, edition: int, host_course_code: str, slot_code: str, plan_version: str, terms: EquivalenceTerms
) -> dict[str, Any]:
    """Return the canonical document of one version of a rule."""
    return {
        "type": EQUIVALENCE_TYPE,
        "version": DOCUMENT_VERSION,
        "uuid": str(uuid),
        "edition": str(edition),
        "host_course_uuid": str(terms.host_course_uuid),
        "host_course_code": host_course_code,
        "slot_uuid": str(terms.slot_uuid),
        "slot_code": slot_code,
        "plan_version": plan_version,
        "kind": str(terms.kind),
        "ratio": ratio_text(terms.ratio),
        "minimum_grade": canonical(terms.minimum_grade),
        "valid_from_on": terms.valid_from_on.isoformat(),
        "valid_to_on": terms.valid_to_on.isoformat() if terms.valid_to_on else "",
        "reason": terms.reason,
        "evidence": terms.evidence,
    }


def ratio_text(ratio: Decimal) -> str:
    """Return a ratio as it stands in hashed bytes: three places, "1.000"."""
    return str(ratio.quantize(Decimal("0.001")))


def period_before(old: Period, new_from_on: dt.date) -> Period:
    """Return what is left of an old rule's period when a new one begins; ValueError when nothing is left."""
    last = new_from_on - dt.timedelta(days=1)
    return Period(old.from_on, last if old.to_on is None or old.to_on > last else old.to_on)


def covers_category(categories: tuple[str, ...], *, slot_code: str, slot_name: str) -> bool:
    """True when an agreement lets credit land in this slot; no categories means every slot."""
    return not categories or slot_code in categories or slot_name in categories


def document_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return the leaves in which two documents differ, in the order of their paths."""
    old, new = dict(_leaves(before, "")), dict(_leaves(after, ""))
    paths = sorted(old.keys() | new.keys())
    return tuple(Change(p, old.get(p, ""), new.get(p, "")) for p in paths if old.get(p, "") != new.get(p, ""))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list | tuple):
        if all(isinstance(item, str) for item in value):
            yield path, ", ".join(value)
            return
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index + 1}]")
    else:
        yield path, str(value)
