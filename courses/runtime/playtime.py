"""What of a player's report is believed, and how ranges of a video add up: pure, whole seconds."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SPEED_MAX = 2  # the fastest that our player offers
SLACK_S = 3  # a report travels; timers of a browser are coarse
SLACK_FROM_S = 10  # reports that follow each other faster than a player sends them would add their slacks up
GAP_S_MAX = 60  # players report every quarter of a minute; a longer silence is a closed page or a lost line
VIDEO_S_MAX = 24 * 3600
NIGHT_HOURS = range(5)  # 0:00 to 4:59

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Beat:
    """What is believed of a report, in the order in which it was played, and how many seconds are not."""

    ranges: tuple[Range, ...]
    refused_s: int


def admit(
    ranges: Iterable[tuple[Decimal, Decimal]],
    *,
    elapsed_s: Decimal,
    length_s: int | None = None,
    gap_s_max: int = GAP_S_MAX,
) -> Beat:
    """Return as much of the played ranges as fits into the time since the last report, at double speed at most.

    The first report of a sitting has no time before it and starts the clock only. Without a network the reports
    come late, and `gap_s_max` is as long as the stretch that they tell of.
    """
    budget = int(min(elapsed_s, Decimal(gap_s_max)) * SPEED_MAX) + (SLACK_S if elapsed_s >= SLACK_FROM_S else 0)
    believed: list[Range] = []
    refused = 0
    for start, end in (_whole(part, length_s) for part in ranges):
        taken = min(end - start, budget)
        budget -= taken
        refused += end - start - taken
        if taken > 0:
            believed.append((start, start + taken))
    return Beat(tuple(believed), refused)


def _whole(part: tuple[Decimal, Decimal], length_s: int | None) -> Range:
    start, end = (int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP)) for value in part)
    if length_s is not None:
        start, end = min(start, length_s), min(end, length_s)
    return start, end


def merged(known: Iterable[Sequence[int]], added: Iterable[Range]) -> tuple[Range, ...]:
    """Return the union of ranges, in order, without overlaps; touching ones become one."""
    union: list[Range] = []
    for start, end in sorted((part[0], part[1]) for part in [*known, *added]):
        if end <= start:
            continue
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((start, end))
    return tuple(union)


def total(ranges: Iterable[Range]) -> int:
    """Return how many seconds the ranges have together, each for itself."""
    return sum(end - start for start, end in ranges)


def is_night(hour: int) -> bool:
    """True in the small hours."""
    return hour in NIGHT_HOURS


def cut(from_at: dt.datetime, to_at: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return a stretch of local time in parts that each lie in one day, and in the small hours or out of them."""
    parts, start = [], from_at
    while start < to_at:
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        border = midnight + dt.timedelta(hours=NIGHT_HOURS.stop if is_night(start.hour) else 24)
        parts.append((start, min(border, to_at)))
        start = border
    return parts or [(to_at, to_at)]


def shared(seconds: int, parts: Sequence[tuple[dt.datetime, dt.datetime]]) -> list[int]:
    """Return whole seconds shared out over parts by their length; together they are what was shared."""
    whole = (parts[-1][1] - parts[0][0]).total_seconds()
    ends = [int(seconds * (end - parts[0][0]).total_seconds() / whole) if whole else seconds for _start, end in parts]
    return [end - before for before, end in zip([0, *ends], ends, strict=False)]
