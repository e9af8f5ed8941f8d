"""The states of a batch and of each line of it."""

from enum import StrEnum

from edu.kernel.states import StateTable


class BatchStatus(StrEnum):
    """Where a batch stands."""

    WAITING = "waiting"  # its lines are not written yet
    RUNNING = "running"
    DONE = "done"  # every line has ended, well or not
    CANCELLED = "cancelled"


BATCH_MOVES: StateTable[BatchStatus] = StateTable(
    name="certificate batch",
    initial=BatchStatus.WAITING,
    moves={
        BatchStatus.WAITING: frozenset({BatchStatus.RUNNING, BatchStatus.CANCELLED}),
        BatchStatus.RUNNING: frozenset({BatchStatus.DONE, BatchStatus.CANCELLED}),
        BatchStatus.DONE: frozenset(),
        BatchStatus.CANCELLED: frozenset(),
    },
)


class LineStatus(StrEnum):
    """Where one person's certificate in a batch stands. It follows from the work alone, so it has no history."""

    WAITING = "waiting"
    ISSUED = "issued"
    REFUSED = "refused"  # a rule said no; the line says which
    FAILED = "failed"  # the paper could not be drawn, tried several times
