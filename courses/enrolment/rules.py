"""What a visitor can do about a run: pure."""

import datetime as dt
from enum import StrEnum

from courses.data import EnrolmentInfo, RunInfo, RunPhase


class NextStep(StrEnum):
    """The one main action of a course page."""

    CONTINUE = "continue"  # a place, and teaching has begun
    WAIT_FOR_START = "wait_for_start"  # a place, teaching begins later
    REVIEW = "review"  # completed: the units stay open to read
    ENROL = "enrol"
    SIGN_IN = "sign_in"  # enrolment is open, nobody is signed in
    WAIT_FOR_OPENING = "wait_for_opening"
    FULL = "full"
    CLOSED = "closed"  # enrolment is over
    ENDED = "ended"
    NO_RUN = "no_run"


_BY_PHASE = {
    RunPhase.NOT_YET_OPEN: NextStep.WAIT_FOR_OPENING,
    RunPhase.CLOSED: NextStep.CLOSED,
    RunPhase.RUNNING: NextStep.CLOSED,
    RunPhase.ENDED: NextStep.ENDED,
}


def next_step(run: RunInfo | None, place: EnrolmentInfo | None, *, signed_in: bool, today: dt.date) -> NextStep:
    """Return what the page offers: a place beats the phase, the phase beats the seats."""
    if run is None:
        return NextStep.NO_RUN
    if place and place.status == "completed":
        return NextStep.REVIEW
    if place and place.status == "active":
        return NextStep.CONTINUE if run.starts_on <= today else NextStep.WAIT_FOR_START
    if run.phase != RunPhase.OPEN:
        return _BY_PHASE[run.phase]
    if run.is_full:
        return NextStep.FULL
    return NextStep.ENROL if signed_in else NextStep.SIGN_IN
