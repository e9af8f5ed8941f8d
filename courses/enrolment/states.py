"""What may become of an enrolment."""

from enum import StrEnum

from edu.kernel.states import StateTable


class EnrolmentStatus(StrEnum):
    """Where a learner stands in a run."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"


ENROLMENT = StateTable[EnrolmentStatus](
    name="enrolment",
    initial=EnrolmentStatus.ACTIVE,
    moves={
        EnrolmentStatus.ACTIVE: frozenset({EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED}),
        EnrolmentStatus.WITHDRAWN: frozenset(
            {EnrolmentStatus.ACTIVE}
        ),  # enrolled again: the same row, its history kept
        EnrolmentStatus.COMPLETED: frozenset(),
    },
)
TAKES_A_SEAT = frozenset({EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED})
