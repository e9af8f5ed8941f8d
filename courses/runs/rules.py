"""What follows from a run's dates and seats: pure."""

import datetime as dt
from collections.abc import Iterable

from courses.data import RunInfo, RunPhase, RunPlan

PHASES_BY_USE = (RunPhase.OPEN, RunPhase.NOT_YET_OPEN, RunPhase.CLOSED, RunPhase.RUNNING, RunPhase.ENDED)


def phase(
    *,
    now: dt.datetime,
    today: dt.date,
    enrolment_opens_at: dt.datetime,
    enrolment_closes_at: dt.datetime,
    starts_on: dt.date,
    ends_on: dt.date,
) -> RunPhase:
    """Return where the run stands at `now`; `today` is the same moment's date in Asia/Shanghai.

    Ended beats everything; then enrolment decides; only when it is over does teaching.
    """
    if today > ends_on:
        return RunPhase.ENDED
    if now < enrolment_opens_at:
        return RunPhase.NOT_YET_OPEN
    if now < enrolment_closes_at:
        return RunPhase.OPEN
    return RunPhase.CLOSED if today < starts_on else RunPhase.RUNNING


def is_teaching(*, today: dt.date, starts_on: dt.date, ends_on: dt.date) -> bool:
    """True from the first day to the last, whether or not enrolment is still open."""
    return starts_on <= today <= ends_on


def has_seat(*, seats: int | None, taken: int) -> bool:
    """True when one more person fits."""
    return seats is None or taken < seats


def disorder_in(plan: RunPlan) -> str:
    """Return the code of what is out of order in a plan, or ""."""
    if plan.ends_on < plan.starts_on:
        return "run-ends-before-it-starts"
    if plan.enrolment_closes_at <= plan.enrolment_opens_at:
        return "enrolment-closes-before-it-opens"
    if plan.enrolment_opens_at.date() > plan.ends_on:
        return "enrolment-opens-after-the-end"
    return ""


def foremost(runs: Iterable[RunInfo]) -> RunInfo | None:
    """Return the run that a visitor cares for most: one to enrol in, else the next one, else the last one."""
    return min(runs, key=_use, default=None)


def _use(run: RunInfo) -> tuple[int, bool, int]:
    days = run.starts_on.toordinal()
    return PHASES_BY_USE.index(run.phase), run.is_full, -days if run.phase == RunPhase.ENDED else days
