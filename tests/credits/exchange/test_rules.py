"""What counts and why: rules on values, without a database."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from credits.agreements.rules import AgreementTerms, Cap, CapScope, EquivalenceKind, LegalSource
from credits.exchange.rules import (
    AgreementFacts,
    Conversion,
    EquivalenceFacts,
    Facts,
    RunFacts,
    StudentFacts,
    WorkingDays,
    convert,
    count,
    plan_conditions,
)
from edu.kernel.canonical import content_hash

HOME, HOST = UUID(int=1), UUID(int=2)
SOURCE = LegalSource("第十七条", "https://example.org/17")
TERMS = AgreementTerms(
    valid_from_on=dt.date(2026, 1, 1),
    valid_to_on=dt.date(2028, 12, 31),
    categories=(),
    caps=(),
    rounding_step=Decimal("0.5"),
    hours_per_credit=Decimal(16),
    grade_scale="five_level",
    source=SOURCE,
)
AGREEMENT = AgreementFacts(uuid4(), "HY2026-0001", 1, "a" * 64, TERMS, covers_term=True)
RULE = EquivalenceFacts(
    uuid=uuid4(),
    edition=1,
    content_hash="b" * 64,
    kind=EquivalenceKind.ELECTIVE,
    ratio=Decimal(1),
    minimum_grade=Decimal(60),
    valid_from_on=dt.date(2026, 1, 1),
    valid_to_on=None,
    reason="",
    slot_uuid=uuid4(),
    slot_code="GE",
    slot_zh="通识选修",
    slot_en="General electives",
    slot_credit_points_max=None,
)
RUN = RunFacts(uuid4(), uuid4(), HOST, dt.date(2026, 9, 1), Decimal("2.00"), open_to_others=True)
STUDENT = StudentFacts(uuid4(), HOME, uuid4())
ALL_WELL = Facts(STUDENT, RUN, AGREEMENT, RULE)


def codes(facts: Facts) -> list[str]:
    return [finding.code for finding in count(facts).findings]


def test_what_counts_names_amount_grade_rule_agreement_and_source() -> None:
    assert count(ALL_WELL).counts is True
    assert codes(ALL_WELL) == ["counts-elective", "minimum-grade", "rule", "agreement", "legal-source"]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(ALL_WELL, student=None), "no-student-record"),
        (replace(ALL_WELL, run=replace(RUN, host_uuid=HOME)), "own-course"),
        (replace(ALL_WELL, run=replace(RUN, open_to_others=False)), "not-open"),
        (replace(ALL_WELL, student=replace(STUDENT, programme_uuid=None)), "no-programme"),
        (replace(ALL_WELL, agreement=None), "no-agreement"),
        (replace(ALL_WELL, agreement=replace(AGREEMENT, covers_term=False)), "agreement-other-term"),
        (replace(ALL_WELL, equivalence=None), "no-rule"),
        (replace(ALL_WELL, equivalence=replace(RULE, kind=EquivalenceKind.NONE, reason="重复")), "rule-says-none"),
        (
            replace(ALL_WELL, agreement=replace(AGREEMENT, terms=replace(TERMS, categories=("PE",)))),
            "category-not-covered",
        ),
    ],
)
def test_what_stands_in_the_way_is_the_only_reason(facts: Facts, code: str) -> None:
    counting = count(facts)
    assert counting.counts is False
    assert [finding.code for finding in counting.findings] == [code]
    assert counting.conversion == Conversion(Decimal("0.00"), Decimal("2.00"))


@pytest.mark.parametrize("categories", [("GE",), ("通识选修",), ("PE", "GE")])
def test_a_category_is_named_by_code_or_name(categories: tuple[str, ...]) -> None:
    terms = replace(TERMS, categories=categories)
    assert count(replace(ALL_WELL, agreement=replace(AGREEMENT, terms=terms))).counts is True


@pytest.mark.parametrize(("used", "counts"), [("0.00", True), ("2.00", True), ("2.01", False), ("4.00", False)])
def test_a_cap_counts_what_is_promised_with_this_course(used: str, counts: bool) -> None:
    terms = replace(TERMS, caps=(Cap(CapScope.TERM, Decimal(4), SOURCE),))
    facts = replace(ALL_WELL, agreement=replace(AGREEMENT, terms=terms), cap_used={CapScope.TERM: Decimal(used)})
    counting = count(facts)
    assert counting.counts is counts
    cap = next(finding for finding in counting.findings if finding.code.startswith("cap"))
    assert cap.values["source"] == SOURCE.text


@pytest.mark.parametrize(
    ("host", "ratio", "slot_max", "home", "unusable"),
    [
        ("2.00", "1", None, "2.00", "0.00"),
        ("2.00", "0.75", None, "1.50", "0.00"),
        ("2.50", "0.9", None, "2.50", "0.00"),  # 2.25 rounds half up to the step of 0.5
        ("2.40", "0.9", None, "2.00", "0.00"),
        ("2.50", "1", "2.00", "2.00", "0.50"),
        ("4.00", "0.5", "1.00", "1.00", "2.00"),
        ("0.20", "1", None, "0.00", "0.00"),
    ],
)
def test_credit_converts_by_ratio_step_and_slot(
    host: str, ratio: str, slot_max: str | None, home: str, unusable: str
) -> None:
    got = convert(
        host=Decimal(host), ratio=Decimal(ratio), step=Decimal("0.5"), slot_max=Decimal(slot_max) if slot_max else None
    )
    assert got == Conversion(Decimal(home), Decimal(unusable))


def test_a_surplus_is_said() -> None:
    facts = replace(ALL_WELL, equivalence=replace(RULE, slot_credit_points_max=Decimal("1.50")))
    assert "surplus" in codes(facts)
    assert count(facts).conversion == Conversion(Decimal("1.50"), Decimal("0.50"))


def test_the_promise_has_the_same_hash_for_the_same_facts_and_another_for_others() -> None:
    def hashed(facts: Facts) -> str:
        document = plan_conditions(facts, count(facts).conversion, counts=True)
        return content_hash({"type": "t", "version": "1"} | document)

    assert hashed(ALL_WELL) == hashed(replace(ALL_WELL, cap_used={CapScope.TERM: Decimal(9)}))
    assert hashed(ALL_WELL) != hashed(replace(ALL_WELL, equivalence=replace(RULE, content_hash="c" * 64)))


CALENDAR = WorkingDays(
    holidays=frozenset({dt.date(2026, 10, 1), dt.date(2026, 10, 2), dt.date(2026, 10, 5)}),
    working_weekends=frozenset({dt.date(2026, 10, 10)}),
)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (dt.date(2026, 11, 23), 2, dt.date(2026, 11, 25)),  # Monday
        (dt.date(2026, 11, 27), 2, dt.date(2026, 12, 1)),  # Friday: the weekend does not count
        (dt.date(2026, 9, 30), 2, dt.date(2026, 10, 7)),  # two holidays, a weekend, another holiday
        (dt.date(2026, 10, 9), 1, dt.date(2026, 10, 10)),  # a Saturday that is worked
    ],
)
def test_working_days_know_weekends_holidays_and_worked_saturdays(start: dt.date, days: int, due: dt.date) -> None:
    assert CALENDAR.after(start, days) == due
