"""Where a study plan may stand, and what may follow."""

from enum import StrEnum

from edu.kernel.states import StateTable


class PlanStatus(StrEnum):
    """Where one study plan (and the cross-enrolment it promises) stands."""

    DRAFTED = "drafted"
    STUDENT_SIGNED = "student_signed"
    HOME_REVIEW = "home_review"
    HOME_APPROVED = "home_approved"
    HOST_PENDING = "host_pending"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    DENIED = "denied"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


PLAN_MOVES = StateTable(
    name="study plan",
    initial=PlanStatus.DRAFTED,
    moves={
        PlanStatus.DRAFTED: frozenset({PlanStatus.STUDENT_SIGNED, PlanStatus.WITHDRAWN}),
        PlanStatus.STUDENT_SIGNED: frozenset({PlanStatus.HOME_REVIEW}),
        PlanStatus.HOME_REVIEW: frozenset(
            {PlanStatus.HOME_APPROVED, PlanStatus.RETURNED, PlanStatus.DENIED, PlanStatus.WITHDRAWN}
        ),
        PlanStatus.HOME_APPROVED: frozenset({PlanStatus.HOST_PENDING}),
        PlanStatus.HOST_PENDING: frozenset(
            {PlanStatus.ACCEPTED, PlanStatus.RETURNED, PlanStatus.DENIED, PlanStatus.WITHDRAWN}
        ),
        PlanStatus.RETURNED: frozenset({PlanStatus.DRAFTED, PlanStatus.WITHDRAWN}),
        PlanStatus.ACCEPTED: frozenset({PlanStatus.COMPLETED, PlanStatus.WITHDRAWN}),
        PlanStatus.COMPLETED: frozenset(),
        PlanStatus.DENIED: frozenset(),
        PlanStatus.WITHDRAWN: frozenset(),
    },
)

# A plan in one of these stands for its student and run: a second one is refused.
LIVE = frozenset(
    {
        PlanStatus.DRAFTED,
        PlanStatus.STUDENT_SIGNED,
        PlanStatus.HOME_REVIEW,
        PlanStatus.HOME_APPROVED,
        PlanStatus.HOST_PENDING,
        PlanStatus.RETURNED,
        PlanStatus.ACCEPTED,
        PlanStatus.COMPLETED,
    }
)
# Credit promised by these counts against a cap.
PROMISED = frozenset({PlanStatus.HOME_REVIEW, PlanStatus.HOST_PENDING, PlanStatus.ACCEPTED, PlanStatus.COMPLETED})
