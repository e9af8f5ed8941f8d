"""What will count and why: decisions on values, before and after enrolling. No database, no framework."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from credits.agreements.rules import AgreementTerms, CapScope, EquivalenceKind, covers_category, ratio_text
from edu.kernel.credit import CREDIT_PLACES, canonical, round_to_step

PLAN_TYPE = "guixue.study-plan"
PLAN_VERSION = "1"
DECISION_WORKING_DAYS = 2  # R4 in credits.md: two business days to accept (Acadeum, Utah)
NOUGHT = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """Who asks: the record at the home institution and the programme in one version of its plan."""

    record_uuid: UUID
    home_uuid: UUID
    programme_uuid: UUID | None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What would be taken, and when."""

    uuid: UUID
    course_uuid: UUID
    host_uuid: UUID
    starts_on: dt.date
    credit_points: Decimal
    open_to_others: bool


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """A version of an agreement in force; `covers_term` is False when it is for other terms."""

    uuid: UUID
    number: str
    edition: int
    content_hash: str
    terms: AgreementTerms
    covers_term: bool


@dataclass(frozen=True, slots=True)
class EquivalenceFacts:
    """The rule that decides the course for the programme in the term in which it is taken."""

    uuid: UUID
    edition: int
    content_hash: str
    kind: EquivalenceKind
    ratio: Decimal
    minimum_grade: Decimal
    valid_from_on: dt.date
    valid_to_on: dt.date | None
    reason: str
    slot_uuid: UUID
    slot_code: str
    slot_zh: str
    slot_en: str
    slot_credit_points_max: Decimal | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides what counts; what could not be found is None."""

    student: StudentFacts | None
    run: RunFacts
    agreement: AgreementFacts | None
    equivalence: EquivalenceFacts | None
    cap_used: Mapping[CapScope, Decimal] = field(default_factory=dict)  # home credit promised so far


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason as a code with its values; words.py makes the sentence."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conversion:
    """What becomes of the host's credit; `unusable` is in the host's credit, the rest of the host's credit is used."""

    home: Decimal
    unusable: Decimal


@dataclass(frozen=True, slots=True)
class Counting:
    """Whether a run counts, how much, and the reasons in the order in which people ask for them."""

    counts: bool
    conversion: Conversion
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for people: the code for machines and tests, the sentence translated when it is shown."""

    code: str
    text: Any
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgreementSummary:
    """The agreement a preview rests on."""

    uuid: UUID
    number: str
    edition: int
    valid_from_on: dt.date
    valid_to_on: dt.date
    source_text: str
    source_url: str


@dataclass(frozen=True, slots=True)
class EquivalenceSummary:
    """The rule a preview rests on."""

    uuid: UUID
    edition: int
    kind: str
    ratio: Decimal
    minimum_grade: Decimal
    valid_from_on: dt.date
    valid_to_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a student sees before enrolling: what will count, as what, and why; or why not and what to do."""

    counts: bool
    credit_points_host: Decimal
    credit_points_home: Decimal
    credit_points_unusable: Decimal
    slot: Any  # SlotInfo of the institutions' door, or None
    minimum_grade: Decimal | None
    reasons: tuple[Reason, ...]
    agreement: AgreementSummary | None
    equivalence: EquivalenceSummary | None
    facts: Facts


def convert(*, host: Decimal, ratio: Decimal, step: Decimal, slot_max: Decimal | None) -> Conversion:
    """Return what the host's credit becomes at home: by ratio, rounded half up to the step, up to the slot's limit.

    What the slot cannot take goes back through the ratio and is unusable host credit.
    """
    home = round_to_step(host * ratio, step)
    if slot_max is None or home <= slot_max:
        return Conversion(home.quantize(CREDIT_PLACES), NOUGHT)
    used = (host * slot_max / home).quantize(CREDIT_PLACES, rounding=ROUND_HALF_UP)
    return Conversion(slot_max.quantize(CREDIT_PLACES), (host - used).quantize(CREDIT_PLACES))


def count(facts: Facts) -> Counting:
    """Decide whether and how much a run counts, with the reasons; the first obstacle is the only reason given."""
    obstacle = _obstacle(facts)
    if obstacle:
        return Counting(False, Conversion(NOUGHT, facts.run.credit_points), (obstacle,))
    assert facts.agreement
    assert facts.equivalence
    conversion = conversion_of(facts)
    if full := _cap_in_the_way(facts, conversion.home):
        return Counting(False, Conversion(NOUGHT, facts.run.credit_points), (full,))
    return Counting(True, conversion, tuple(_grounds(facts, conversion)))


def conversion_of(facts: Facts) -> Conversion:
    """Return the conversion by the agreement and the rule of the facts, both of which must be there."""
    assert facts.agreement
    assert facts.equivalence
    return convert(
        host=facts.run.credit_points,
        ratio=facts.equivalence.ratio,
        step=facts.agreement.terms.rounding_step,
        slot_max=facts.equivalence.slot_credit_points_max,
    )


def _obstacle(facts: Facts) -> Finding | None:
    student, run, agreement, rule = facts.student, facts.run, facts.agreement, facts.equivalence
    if student is None:
        return Finding("no-student-record")
    if student.home_uuid == run.host_uuid:
        return Finding("own-course")
    if not run.open_to_others:
        return Finding("not-open")
    if student.programme_uuid is None:
        return Finding("no-programme")
    if agreement is None:
        return Finding("no-agreement")
    if not agreement.covers_term:
        return Finding("agreement-other-term", _period_values(agreement) | {"starts_on": run.starts_on.isoformat()})
    if rule is None:
        return Finding("no-rule")
    if rule.kind is EquivalenceKind.NONE:
        return Finding("rule-says-none", {"reason": rule.reason})
    if not covers_category(agreement.terms.categories, slot_code=rule.slot_code, slot_name=rule.slot_zh):
        return Finding(
            "category-not-covered", _slot_values(rule) | {"categories": "、".join(agreement.terms.categories)}
        )
    return None


def _cap_in_the_way(facts: Facts, wanted: Decimal) -> Finding | None:
    assert facts.agreement
    for cap in facts.agreement.terms.caps:
        used = facts.cap_used.get(cap.scope, NOUGHT)
        if used + wanted > cap.credit_points_max:
            return Finding(
                f"cap-reached-{cap.scope}",
                {
                    "used": canonical(used),
                    "wanted": canonical(wanted),
                    "max": canonical(cap.credit_points_max),
                    "source": cap.source.text,
                    "url": cap.source.url,
                },
            )
    return None


def _grounds(facts: Facts, conversion: Conversion) -> list[Finding]:
    agreement, rule, run = facts.agreement, facts.equivalence, facts.run
    assert agreement
    assert rule
    amounts = {"host": canonical(run.credit_points), "home": canonical(conversion.home)}
    found = [Finding(f"counts-{rule.kind}", amounts | _slot_values(rule))]
    if conversion.unusable:
        found.append(Finding("surplus", {"unusable": canonical(conversion.unusable)} | amounts | _slot_values(rule)))
    found.append(Finding("minimum-grade", {"grade": _plain(rule.minimum_grade)}))
    found.append(Finding("rule", {"ratio": _plain(rule.ratio), "edition": str(rule.edition)} | _rule_period(rule)))
    found.append(Finding("agreement", _period_values(agreement)))
    for cap in agreement.terms.caps:
        used = facts.cap_used.get(cap.scope, NOUGHT) + conversion.home
        values = {"used": canonical(used), "max": canonical(cap.credit_points_max)}
        found.append(Finding(f"cap-{cap.scope}", values | {"source": cap.source.text, "url": cap.source.url}))
    found.append(Finding("legal-source", {"source": agreement.terms.source.text, "url": agreement.terms.source.url}))
    return found


def _slot_values(rule: EquivalenceFacts) -> dict[str, str]:
    return {"slot_zh": rule.slot_zh, "slot_en": rule.slot_en}


def _period_values(agreement: AgreementFacts) -> dict[str, str]:
    return {
        "number": agreement.number,
        "edition": str(agreement.edition),
        "from_on": agreement.terms.valid_from_on.isoformat(),
        "to_on": agreement.terms.valid_to_on.isoformat(),
    }


def _rule_period(rule: EquivalenceFacts) -> dict[str, str]:
    return {
        "from_on": rule.valid_from_on.isoformat(),
        "to_on": rule.valid_to_on.isoformat() if rule.valid_to_on else "",
    }


def _plain(number: Decimal) -> str:
    """Return a number without trailing zeros: 60, 0.75."""
    return f"{number.normalize():f}"


def plan_conditions(facts: Facts, conversion: Conversion, *, counts: bool) -> dict[str, Any]:
    """Return the part of a plan's document that says what was promised; empty strings where nothing holds any more."""
    agreement, rule = facts.agreement, facts.equivalence
    return {
        "counts": "yes" if counts else "no",
        "conversion": {
            "credit_points_host": canonical(facts.run.credit_points),
            "credit_points_home": canonical(conversion.home),
            "credit_points_unusable": canonical(conversion.unusable),
            "kind": str(rule.kind) if rule else "",
            "ratio": ratio_text(rule.ratio) if rule else "",
            "minimum_grade": canonical(rule.minimum_grade) if rule else "",
            "rounding_step": canonical(agreement.terms.rounding_step) if agreement else "",
            "grade_scale": agreement.terms.grade_scale if agreement else "",
        },
        "agreement": {
            "uuid": str(agreement.uuid) if agreement else "",
            "number": agreement.number if agreement else "",
            "edition": str(agreement.edition) if agreement else "",
            "content_hash": agreement.content_hash if agreement else "",
            "source": agreement.terms.source.text if agreement else "",
        },
        "equivalence": {
            "uuid": str(rule.uuid) if rule else "",
            "edition": str(rule.edition) if rule else "",
            "content_hash": rule.content_hash if rule else "",
            "slot_uuid": str(rule.slot_uuid) if rule else "",
            "slot_code": rule.slot_code if rule else "",
            "slot_name_zh": rule.slot_zh if rule else "",
        },
    }


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The calendar of working days: weekdays, but for holidays, and with weekends that are worked instead."""

    holidays: frozenset[dt.date]
    working_weekends: frozenset[dt.date]

    def works(self, day: dt.date) -> bool:
        """True when offices are open on that day."""
        return day in self.working_weekends or (day.weekday() < 5 and day not in self.holidays)

    def after(self, day: dt.date, working_days: int) -> dt.date:
        """Return the last of the next `working_days` working days after `day`."""
        while working_days > 0:
            day += dt.timedelta(days=1)
            working_days -= self.works(day)
        return day
