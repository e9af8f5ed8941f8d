"""Where a pack of a textbook stands, and which status may follow which."""

from enum import StrEnum

from edu.kernel.states import StateTable


class PackStatus(StrEnum):
    """One status per stage of a pack that an author would ask about."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    SAME = "same"  # the bytes are those of a pack that is there: nothing new for schools
    REFUSED = "refused"  # the content is at fault: the code says what to mend
    FAILED = "failed"  # we are at fault


OPEN = (PackStatus.WAITING, PackStatus.RUNNING)

PACK_MOVES: StateTable[PackStatus] = StateTable(
    name="textbook pack",
    initial=PackStatus.WAITING,
    moves={
        PackStatus.WAITING: frozenset({PackStatus.RUNNING}),
        # Back to waiting when the worker died and the lease lapsed.
        PackStatus.RUNNING: frozenset(
            {PackStatus.WAITING, PackStatus.DONE, PackStatus.SAME, PackStatus.REFUSED, PackStatus.FAILED}
        ),
        PackStatus.DONE: frozenset(),
        PackStatus.SAME: frozenset(),
        PackStatus.REFUSED: frozenset(),
        PackStatus.FAILED: frozenset(),
    },
)
