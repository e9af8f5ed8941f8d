"""Where a lighter copy of a film stands, and which status may follow which."""

from enum import StrEnum

from edu.kernel.states import StateTable


class RenditionStatus(StrEnum):
    """One status per stage of a copy that an author would ask about."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    NEEDLESS = "needless"  # the file itself is as light, or has no such part: the reason says which
    REFUSED = "refused"  # the file is at fault: the reason says what to mend
    FAILED = "failed"  # we are at fault, ATTEMPTS_MAX times over
    CANCELLED = "cancelled"


OPEN = (RenditionStatus.WAITING, RenditionStatus.RUNNING)
AGAIN = (RenditionStatus.REFUSED, RenditionStatus.FAILED, RenditionStatus.CANCELLED)

RENDITION_MOVES: StateTable[RenditionStatus] = StateTable(
    name="rendition",
    initial=RenditionStatus.WAITING,
    moves={
        RenditionStatus.WAITING: frozenset({RenditionStatus.RUNNING, RenditionStatus.CANCELLED}),
        # Back to waiting when the worker died and the lease lapsed.
        RenditionStatus.RUNNING: frozenset(
            {
                RenditionStatus.WAITING,
                RenditionStatus.DONE,
                RenditionStatus.NEEDLESS,
                RenditionStatus.REFUSED,
                RenditionStatus.FAILED,
                RenditionStatus.CANCELLED,
            }
        ),
        RenditionStatus.DONE: frozenset(),
        RenditionStatus.NEEDLESS: frozenset(),
        RenditionStatus.REFUSED: frozenset({RenditionStatus.WAITING}),
        RenditionStatus.FAILED: frozenset({RenditionStatus.WAITING}),
        RenditionStatus.CANCELLED: frozenset({RenditionStatus.WAITING}),
    },
)
