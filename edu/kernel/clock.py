"""The one clock that says when a deed happens; stories and tests may set it, production may not."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_set_to: ContextVar[dt.datetime | None] = ContextVar("clock_set_to", default=None)
_may_be_set = True


class ClockIsReal(RuntimeError):
    """Raised when somebody tries to set the clock of a production process."""


def forbid_setting() -> None:
    """From now on this process refuses `at`; production settings call it once at start."""
    global _may_be_set
    _may_be_set = False


def now() -> dt.datetime:
    """Return the time of the deed, aware, in UTC."""
    return _set_to.get() or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Return the calendar date in Asia/Shanghai; every `_on` field holds such a date."""
    return now().astimezone(SHANGHAI).date()


@contextmanager
def at(moment: dt.datetime) -> Iterator[dt.datetime]:
    """Let `now()` answer `moment` (aware) inside the block; ClockIsReal in production, ValueError if naive."""
    if not _may_be_set:
        raise ClockIsReal("The clock may not be set here.")
    if moment.tzinfo is None:
        raise ValueError("The moment needs a time zone.")
    token = _set_to.set(moment.astimezone(dt.UTC))
    try:
        yield moment
    finally:
        _set_to.reset(token)


def rfc3339(moment: dt.datetime) -> str:
    """Return `moment` as RFC 3339 in UTC with milliseconds and Z, the form for signed and exported bytes."""
    if moment.tzinfo is None:
        raise ValueError("The moment needs a time zone.")
    utc = moment.astimezone(dt.UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
