"""When the balances of a term may be sealed: a window for corrections, by each institution's dated rule."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Window:
    """An institution's term and its rule: so many days after the end mistakes are corrected as a matter of course.

    Without a rule (`days` None) the window does not close. A rule that was set only after the term ended closes no
    window before it begins: nobody is surprised by one.
    """

    institution_uuid: UUID
    ends_on: dt.date
    rule_id: int | None = None
    days: int | None = None
    rule_from_on: dt.date | None = None
    source_text: str = ""

    @property
    def closes_on(self) -> dt.date | None:
        """The last day of the window; None without a rule."""
        if self.days is None or self.rule_from_on is None:
            return None
        return max(self.ends_on + dt.timedelta(days=self.days), self.rule_from_on)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a term may be sealed on a day, and if not, what it waits for."""

    closes_on: dt.date | None  # the last day of the last window; None while a rule is missing
    without_rule: tuple[UUID, ...]
    nothing: bool  # no institution of the term has credit

    def allows(self, day: dt.date) -> bool:
        """True when every window has closed before a day."""
        return not self.nothing and self.closes_on is not None and self.closes_on < day


def verdict_on(windows: Iterable[Window]) -> Verdict:
    """Return what the windows of a term's institutions say together."""
    found = tuple(windows)
    without = tuple(window.institution_uuid for window in found if window.closes_on is None)
    last = max((window.closes_on for window in found if window.closes_on), default=None)
    return Verdict(None if without else last, without, not found)
