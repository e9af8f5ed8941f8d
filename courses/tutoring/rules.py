"""What a tutoring hour may be, and until when it can be booked: pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

MINUTES_MIN: Final = 10
MINUTES_MAX: Final = 240  # a half day; longer things are lessons
CAPACITY_MAX: Final = 60  # a class
DAYS_AFTER_END_MAX: Final = 30  # questions before a resit
BOOKINGS_AHEAD_MAX: Final = 3  # a learner's in one run, so that others find a seat too
EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPlan:
    """What a teacher offers."""

    starts_at: dt.datetime
    minutes: int
    capacity: int
    place: str  # a room, or the address of an online meeting
    topic: str = ""


def problem_in(plan: SlotPlan, *, now: dt.datetime, last_on: dt.date, local: dt.tzinfo) -> str:
    """Return the code of what is wrong with an offer, or ""; `last_on` is the last day of teaching."""
    if plan.starts_at <= now:
        return "slot-in-the-past"
    if plan.starts_at.astimezone(local).date() > last_on + dt.timedelta(days=DAYS_AFTER_END_MAX):
        return "slot-after-the-run"
    if not MINUTES_MIN <= plan.minutes <= MINUTES_MAX:
        return "slot-minutes"
    if not 1 <= plan.capacity <= CAPACITY_MAX:
        return "slot-capacity"
    return "" if plan.place else "slot-without-place"


def minute_of(moment: dt.datetime) -> int:
    """Return the whole minutes since 1970, in which the database compares hours of one person."""
    return int((moment - EPOCH).total_seconds()) // 60


def can_change(starts_at: dt.datetime, now: dt.datetime) -> bool:
    """True until the hour begins: until then it is booked and given back."""
    return now < starts_at
