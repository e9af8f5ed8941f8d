"""Terms, documents and their differences: values only."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from credits.agreements.rules import (
    Cap,
    CapScope,
    Change,
    EquivalenceKind,
    EquivalenceTerms,
    LegalSource,
    Party,
    agreement_document,
    document_changes,
    fault_of_equivalence,
    fault_of_terms,
    period_before,
    terms_of,
)
from credits.agreements.words import FIELD_WORDS, REFUSALS, path_words
from edu.kernel.canonical import content_hash
from edu.kernel.periods import Period
from tests.factories.credits import make_cap, make_terms

PARTIES = (Party(UUID(int=2), "4145010602", "桂林甲"), Party(UUID(int=1), "4145010593", "南宁乙"))
RULE = EquivalenceTerms(
    host_course_uuid=UUID(int=3),
    slot_uuid=UUID(int=4),
    kind=EquivalenceKind.ELECTIVE,
    ratio=Decimal(1),
    minimum_grade=Decimal(60),
    valid_from_on=dt.date(2026, 1, 1),
    valid_to_on=None,
    evidence="大纲对照",
)


def document(**changes: object) -> dict[str, Any]:
    return agreement_document(number="HY2026-0001", version=1, parties=PARTIES, terms=make_terms(**changes))


def test_a_document_says_its_terms_and_gives_them_back() -> None:
    terms = make_terms(caps=(make_cap(), make_cap(CapScope.PROGRAMME, "12")), categories=("GE",), note="备注")
    there = agreement_document(number="HY2026-0001", version=1, parties=PARTIES, terms=terms)
    assert terms_of(there) == terms


def test_the_hash_does_not_depend_on_who_drafted() -> None:
    turned = agreement_document(number="HY2026-0001", version=1, parties=PARTIES[::-1], terms=make_terms())
    assert content_hash(turned) == content_hash(document())


def test_changes_are_told_leaf_by_leaf() -> None:
    after = document(rounding_step=Decimal("1.00"), caps=(make_cap(),))
    changes = document_changes(document(), after)
    assert Change("rounding_step", "0.50", "1.00") in changes
    assert Change("caps[1].credit_points_max", "", "4.00") in changes
    assert document_changes(after, after) == ()


def test_every_leaf_of_a_document_has_words() -> None:
    full = document(caps=(make_cap(),), categories=("GE",))
    paths = [change.path for change in document_changes({}, full)]
    unspoken = [path for path in paths if path_words(path, FIELD_WORDS) == path]
    assert unspoken == ["parties[1].code", "parties[1].uuid", "parties[2].code", "parties[2].uuid", "type", "version"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"valid_to_on": dt.date(2019, 1, 1)}, "period-out-of-order"),
        ({"valid_to_on": dt.date(2031, 1, 1)}, "period-too-long"),
        ({"rounding_step": Decimal(0)}, "amounts-not-positive"),
        ({"hours_per_credit": Decimal(0)}, "amounts-not-positive"),
        ({"caps": (Cap(CapScope.TERM, Decimal(0), LegalSource("甲", "")),)}, "amounts-not-positive"),
        ({"source": LegalSource(" ", "")}, "source-missing"),
        ({"caps": (Cap(CapScope.TERM, Decimal(4), LegalSource("", "")),)}, "source-missing"),
        ({"caps": (make_cap(), make_cap())}, "cap-twice"),
    ],
)
def test_terms_that_cannot_hold_are_named(changes: dict[str, Any], fault: str | None) -> None:
    assert fault_of_terms(make_terms(**changes)) == fault
    assert fault is None or fault in REFUSALS


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"valid_to_on": dt.date(2025, 1, 1)}, "period-out-of-order"),
        ({"kind": EquivalenceKind.NONE}, "reason-missing"),
        ({"kind": EquivalenceKind.NONE, "reason": "重复", "ratio": Decimal(0)}, None),
        ({"ratio": Decimal(0)}, "ratio-out-of-range"),
        ({"ratio": Decimal("2.001")}, "ratio-out-of-range"),
        ({"minimum_grade": Decimal("100.01")}, "grade-out-of-range"),
        ({"evidence": " "}, "evidence-missing"),
    ],
)
def test_rules_that_contradict_themselves_are_named(changes: dict[str, Any], fault: str | None) -> None:
    assert fault_of_equivalence(replace(RULE, **changes)) == fault
    assert fault is None or fault in REFUSALS


def test_an_old_rule_ends_on_the_day_before_the_new_one() -> None:
    old = Period(dt.date(2024, 9, 1), None)
    assert period_before(old, dt.date(2026, 9, 1)).to_on == dt.date(2026, 8, 31)
    ended = Period(dt.date(2024, 9, 1), dt.date(2025, 1, 1))
    assert period_before(ended, dt.date(2026, 9, 1)).to_on == dt.date(2025, 1, 1)
    with pytest.raises(ValueError, match="cannot end"):
        period_before(old, dt.date(2024, 9, 1))
