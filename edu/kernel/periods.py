"""Periods of calendar dates, closed at both ends; an open end is None."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `from_on` to `to_on`, both included; ValueError when they are out of order."""

    from_on: dt.date | None
    to_on: dt.date | None

    def __post_init__(self) -> None:
        if self.from_on and self.to_on and self.from_on > self.to_on:
            raise ValueError(f"A period cannot end ({self.to_on}) before it begins ({self.from_on}).")

    def __contains__(self, day: dt.date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)

    def overlaps(self, other: "Period") -> bool:
        """True when some day lies in both."""
        starts_in_time = self.from_on is None or other.to_on is None or self.from_on <= other.to_on
        ends_in_time = self.to_on is None or other.from_on is None or other.from_on <= self.to_on
        return starts_in_time and ends_in_time


def year(number: int) -> Period:
    """Return the period of a whole year, for facts of which only the year is known."""
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31))


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or the last day of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + years, month + 1, 1)
    next_first = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + dt.timedelta(days=day.day - 1), next_first - dt.timedelta(days=1))
