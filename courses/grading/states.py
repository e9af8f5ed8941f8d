"""The states of grading and the moves between them. A result that nobody has submitted yet has no row."""

from enum import StrEnum

from edu.kernel.states import StateTable


class ResultStatus(StrEnum):
    """Where a result stands."""

    SUBMITTED = "submitted"  # by a teacher of the run
    RETURNED = "returned"  # by the registrar, with a reason
    CERTIFIED = "certified"  # by another person than the submitter; credit follows from it


RESULT: StateTable[ResultStatus] = StateTable(
    name="result",
    initial=ResultStatus.SUBMITTED,
    moves={
        ResultStatus.SUBMITTED: frozenset({ResultStatus.RETURNED, ResultStatus.CERTIFIED}),
        ResultStatus.RETURNED: frozenset({ResultStatus.SUBMITTED}),
        ResultStatus.CERTIFIED: frozenset(),
    },
)


class PolicyStatus(StrEnum):
    """Where a version of a grading policy stands."""

    PROPOSED = "proposed"  # by a teacher of the run
    APPROVED = "approved"  # by another person; it holds from its day on
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by who proposed it


POLICY: StateTable[PolicyStatus] = StateTable(
    name="grading policy",
    initial=PolicyStatus.PROPOSED,
    moves={
        PolicyStatus.PROPOSED: frozenset({PolicyStatus.APPROVED, PolicyStatus.REFUSED, PolicyStatus.WITHDRAWN}),
        PolicyStatus.APPROVED: frozenset(),
        PolicyStatus.REFUSED: frozenset(),
        PolicyStatus.WITHDRAWN: frozenset(),
    },
)


class CorrectionStatus(StrEnum):
    """Where the correction of a certified result stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"  # by another person; the result now carries it
    REFUSED = "refused"


CORRECTION: StateTable[CorrectionStatus] = StateTable(
    name="correction",
    initial=CorrectionStatus.PROPOSED,
    moves={
        CorrectionStatus.PROPOSED: frozenset({CorrectionStatus.APPROVED, CorrectionStatus.REFUSED}),
        CorrectionStatus.APPROVED: frozenset(),
        CorrectionStatus.REFUSED: frozenset(),
    },
)


class SheetStatus(StrEnum):
    """Where an uploaded gradebook stands."""

    PREVIEWED = "previewed"
    APPLIED = "applied"
    DROPPED = "dropped"


SHEET: StateTable[SheetStatus] = StateTable(
    name="gradebook sheet",
    initial=SheetStatus.PREVIEWED,
    moves={
        SheetStatus.PREVIEWED: frozenset({SheetStatus.APPLIED, SheetStatus.DROPPED}),
        SheetStatus.APPLIED: frozenset(),
        SheetStatus.DROPPED: frozenset(),
    },
)


class RegradeStatus(StrEnum):
    """Where a regrade stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"  # what was graded until then stays graded, and the report says so
    FAILED = "failed"


REGRADE: StateTable[RegradeStatus] = StateTable(
    name="regrade",
    initial=RegradeStatus.WAITING,
    moves={
        RegradeStatus.WAITING: frozenset({RegradeStatus.RUNNING, RegradeStatus.CANCELLED}),
        # Back to waiting when the worker died and the lease lapsed.
        RegradeStatus.RUNNING: frozenset(
            {RegradeStatus.WAITING, RegradeStatus.DONE, RegradeStatus.CANCELLED, RegradeStatus.FAILED}
        ),
        RegradeStatus.DONE: frozenset(),
        RegradeStatus.CANCELLED: frozenset(),
        RegradeStatus.FAILED: frozenset(),
    },
)


class CaseStatus(StrEnum):
    """Where an integrity case stands."""

    OPEN = "open"
    DISMISSED = "dismissed"
    UPHELD = "upheld"  # what follows is for people: a score is changed in the gradebook, with a reason


CASE: StateTable[CaseStatus] = StateTable(
    name="integrity case",
    initial=CaseStatus.OPEN,
    moves={
        CaseStatus.OPEN: frozenset({CaseStatus.DISMISSED, CaseStatus.UPHELD}),
        CaseStatus.DISMISSED: frozenset({CaseStatus.OPEN}),
        CaseStatus.UPHELD: frozenset({CaseStatus.OPEN}),
    },
)
