"""Where a recognition case may stand, what may follow, and how a case may be decided."""

from enum import StrEnum

from edu.kernel.states import StateTable


class CaseStatus(StrEnum):
    """Where one case stands: one lot that somebody wants to count at home."""

    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    RECOGNISED = "recognised"
    PARTLY_RECOGNISED = "partly_recognised"
    NOT_RECOGNISED = "not_recognised"
    WITHDRAWN = "withdrawn"


CASE_MOVES = StateTable(
    name="recognition case",
    initial=CaseStatus.DRAFTED,
    moves={
        CaseStatus.DRAFTED: frozenset({CaseStatus.SUBMITTED, CaseStatus.WITHDRAWN}),
        CaseStatus.SUBMITTED: frozenset({CaseStatus.IN_REVIEW, CaseStatus.RECOGNISED}),
        CaseStatus.IN_REVIEW: frozenset(
            {
                CaseStatus.RECOGNISED,
                CaseStatus.PARTLY_RECOGNISED,
                CaseStatus.NOT_RECOGNISED,
                CaseStatus.RETURNED,
                CaseStatus.WITHDRAWN,
            }
        ),
        CaseStatus.RETURNED: frozenset({CaseStatus.SUBMITTED, CaseStatus.WITHDRAWN}),
        CaseStatus.RECOGNISED: frozenset(),
        CaseStatus.PARTLY_RECOGNISED: frozenset(),
        CaseStatus.NOT_RECOGNISED: frozenset(),
        CaseStatus.WITHDRAWN: frozenset(),
    },
)


class Outcome(StrEnum):
    """What a registrar (or the plan's own conditions) may decide."""

    RECOGNISE = "recognise"
    PARTIAL = "partial"
    RETURN = "return"
    REFUSE = "refuse"


DECIDED_AS = {
    Outcome.RECOGNISE: CaseStatus.RECOGNISED,
    Outcome.PARTIAL: CaseStatus.PARTLY_RECOGNISED,
    Outcome.RETURN: CaseStatus.RETURNED,
    Outcome.REFUSE: CaseStatus.NOT_RECOGNISED,
}
OPEN = frozenset({CaseStatus.DRAFTED, CaseStatus.SUBMITTED, CaseStatus.IN_REVIEW, CaseStatus.RETURNED})
POSTED = frozenset({CaseStatus.RECOGNISED, CaseStatus.PARTLY_RECOGNISED})
