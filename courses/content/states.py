"""Where an import stands and where a submission does, and which status may follow which."""

from enum import StrEnum

from edu.kernel.states import StateTable


class ImportStatus(StrEnum):
    """One status per stage of an import that a person would ask about."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"  # the archive is at fault: the message says what to mend
    FAILED = "failed"  # we are at fault, ATTEMPTS_MAX times over
    CANCELLED = "cancelled"  # an author called it off


IMPORT_MOVES: StateTable[ImportStatus] = StateTable(
    name="import",
    initial=ImportStatus.WAITING,
    moves={
        ImportStatus.WAITING: frozenset({ImportStatus.RUNNING, ImportStatus.FAILED, ImportStatus.CANCELLED}),
        # Back to waiting when the worker died and the lease lapsed.
        ImportStatus.RUNNING: frozenset(
            {
                ImportStatus.WAITING,
                ImportStatus.DONE,
                ImportStatus.REFUSED,
                ImportStatus.FAILED,
                ImportStatus.CANCELLED,
            }
        ),
        ImportStatus.DONE: frozenset(),
        ImportStatus.REFUSED: frozenset(),
        ImportStatus.FAILED: frozenset({ImportStatus.WAITING}),
        ImportStatus.CANCELLED: frozenset(),
    },
)


class SubmissionStatus(StrEnum):
    """Where a version stands that its author wants learners to see."""

    WAITING = "waiting"
    APPROVED = "approved"  # learners see it
    RETURNED = "returned"  # to its author, with a reason
    WITHDRAWN = "withdrawn"  # by its author, or the approval of the page was ended
    REPLACED = "replaced"  # its author sent a newer one


SUBMISSION_MOVES: StateTable[SubmissionStatus] = StateTable(
    name="submission",
    initial=SubmissionStatus.WAITING,
    moves={
        SubmissionStatus.WAITING: frozenset(set(SubmissionStatus) - {SubmissionStatus.WAITING}),
        SubmissionStatus.APPROVED: frozenset(),
        SubmissionStatus.RETURNED: frozenset(),
        SubmissionStatus.WITHDRAWN: frozenset(),
        SubmissionStatus.REPLACED: frozenset(),
    },
)
