"""Which status an agreement version and an equivalence rule may have, and which may follow which."""

from enum import StrEnum

from edu.kernel.states import StateTable


class AgreementStatus(StrEnum):
    """Where one version of an agreement stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED_BY_ONE = "approved_by_one"
    IN_FORCE = "in_force"
    ENDED = "ended"


AGREEMENT_MOVES = StateTable(
    name="agreement",
    initial=AgreementStatus.DRAFT,
    moves={
        AgreementStatus.DRAFT: frozenset({AgreementStatus.PROPOSED, AgreementStatus.ENDED}),
        AgreementStatus.PROPOSED: frozenset({AgreementStatus.DRAFT, AgreementStatus.APPROVED_BY_ONE}),
        AgreementStatus.APPROVED_BY_ONE: frozenset({AgreementStatus.DRAFT, AgreementStatus.IN_FORCE}),
        AgreementStatus.IN_FORCE: frozenset({AgreementStatus.ENDED}),
        AgreementStatus.ENDED: frozenset(),
    },
)


class EquivalenceStatus(StrEnum):
    """Where one version of an equivalence rule stands; a retired rule still decides the terms it was valid for."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"
    DISCARDED = "discarded"


EQUIVALENCE_MOVES = StateTable(
    name="equivalence",
    initial=EquivalenceStatus.DRAFT,
    moves={
        EquivalenceStatus.DRAFT: frozenset({EquivalenceStatus.APPROVED, EquivalenceStatus.DISCARDED}),
        EquivalenceStatus.APPROVED: frozenset({EquivalenceStatus.RETIRED}),
        EquivalenceStatus.RETIRED: frozenset(),
        EquivalenceStatus.DISCARDED: frozenset(),
    },
)
