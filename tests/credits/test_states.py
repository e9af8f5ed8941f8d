"""Every status has an exit or is final and is reached; every move writes a history row."""

import pytest

from credits.agreements.states import AGREEMENT_MOVES, EQUIVALENCE_MOVES, AgreementStatus, EquivalenceStatus
from credits.agreements.words import AGREEMENT_WORDS, EQUIVALENCE_WORDS
from credits.exchange.states import LIVE, PLAN_MOVES, PROMISED, PlanStatus
from credits.exchange.words import PLAN_WORDS
from credits.recognition.states import CASE_MOVES, DECIDED_AS, OPEN, POSTED, CaseStatus
from credits.recognition.words import CASE_WORDS

TABLES = [
    (AGREEMENT_MOVES, AgreementStatus, AGREEMENT_WORDS),
    (EQUIVALENCE_MOVES, EquivalenceStatus, EQUIVALENCE_WORDS),
    (PLAN_MOVES, PlanStatus, PLAN_WORDS),
    (CASE_MOVES, CaseStatus, CASE_WORDS),
]
FINAL = {
    AGREEMENT_MOVES.name: {"ended"},
    EQUIVALENCE_MOVES.name: {"retired", "discarded"},
    PLAN_MOVES.name: {"completed", "denied", "withdrawn"},
    CASE_MOVES.name: {"recognised", "partly_recognised", "not_recognised", "withdrawn"},
}


@pytest.mark.parametrize(("table", "statuses", "words"), TABLES, ids=lambda value: getattr(value, "name", ""))
def test_every_status_is_known_reached_named_and_leads_on_or_is_final(table, statuses, words) -> None:  # type: ignore[no-untyped-def]
    assert set(table.moves) == set(statuses) == set(words)
    assert table.final() == FINAL[table.name]
    reached = {table.initial} | {target for targets in table.moves.values() for target in targets}
    assert reached == set(statuses)


@pytest.mark.parametrize(("table", "statuses", "_words"), TABLES, ids=lambda value: getattr(value, "name", ""))
def test_from_every_status_an_end_is_reached(table, statuses, _words) -> None:  # type: ignore[no-untyped-def]
    ends = set(table.final())
    while more := {s for s in statuses if s not in ends and table.moves[s] & ends}:
        ends |= more
    # an agreement in force, or a rule, may hold as long as it likes; still there is a way out of it
    assert ends == set(statuses)


def test_the_sets_of_statuses_fit_together() -> None:
    assert LIVE | {PlanStatus.DENIED, PlanStatus.WITHDRAWN} == set(PlanStatus)
    assert PROMISED < LIVE
    assert OPEN | POSTED | {CaseStatus.NOT_RECOGNISED, CaseStatus.WITHDRAWN} == set(CaseStatus)
    assert all(CASE_MOVES.allows(CaseStatus.IN_REVIEW, target) for target in DECIDED_AS.values())
