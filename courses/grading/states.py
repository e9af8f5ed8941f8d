"""The states of a result and the moves between them. A result that nobody has submitted yet has no row."""

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
