"""What becomes of an answer that was given without a network."""

from enum import StrEnum

from edu.kernel.states import StateTable


class AnswerStatus(StrEnum):
    """Where a handed-in answer stands."""

    WAITING = "waiting"  # its time has no proof and matters: a teacher decides
    TAKEN = "taken"  # graded with the time it was given: at once, or when a teacher believed the time
    DECLINED = "declined"  # by a teacher, with a reason; not graded


ANSWER: StateTable[AnswerStatus] = StateTable(
    name="answer given without a network",
    initial=AnswerStatus.WAITING,
    moves={
        AnswerStatus.WAITING: frozenset({AnswerStatus.TAKEN, AnswerStatus.DECLINED}),
        AnswerStatus.TAKEN: frozenset(),
        AnswerStatus.DECLINED: frozenset(),
    },
)
