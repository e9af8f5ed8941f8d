"""Charts as server SVG: geometry only, pure. Widths are percentages, so that text keeps its size on a phone.

Rules (Government Analysis Function, "Colours in charts"): the title says the finding, labels stand at the marks,
at most four colours in fixed order, a table behind every chart, source and date below.
"""

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from unicodedata import east_asian_width

SERIES_MAX = 4  # more colours cannot be told apart, nor keep 3:1 against each other
PLOT_HEIGHT_PX = 220
PLOT_TOP_PX = 28  # room for the topmost label
PLOT_BOTTOM_PX = 28  # room for the names of the periods
# Room beside the plot, in percent of the narrowest screen (358 px): a half-width character of 13 px takes two.
CHAR_PERCENT = 2.0
LABEL_PERCENT_MAX = 32.0  # a longer name runs over the edge of a phone: shorten it
LABEL_GAP_PX = 36  # two lines of text
STEPS = (1, 2, 2.5, 5, 10)
GRID_LINES = 4  # about as many as the eye takes in without counting


@dataclass(frozen=True)
class Bar:
    """One bar; `shown` is the value with its unit as people read it, `strong` picks it out of muted others."""

    label: Any
    value: float
    shown: Any
    strong: bool = False


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars: for comparing places or institutions; its own table."""

    title: Any
    bars: list[Bar]
    head: tuple[Any, Any]
    source: Any = ""
    csv_url: str = ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Bars with their width in percent; when some are strong, the others are muted."""
        largest = max((bar.value for bar in self.bars), default=0) or 1
        picked = any(bar.strong for bar in self.bars)
        return [
            {"bar": bar, "width": f"{bar.value / largest * 100:.1f}", "css": "s1" if bar.strong or not picked else "sm"}
            for bar in self.bars
        ]


@dataclass(frozen=True)
class Series:
    """A line through all periods; None is a gap."""

    name: Any
    values: list[float | None]


@dataclass(frozen=True)
class LineChart:
    """Lines over periods: for what changes with time; the same figures as a table below."""

    title: Any
    periods: list[Any]
    series: list[Series]
    unit: Any = ""
    source: Any = ""
    csv_url: str = ""
    height: int = PLOT_HEIGHT_PX
    decimals: int = 0
    caption: Any = field(default="")

    def __post_init__(self) -> None:
        assert len(self.series) <= SERIES_MAX, "More than four lines: make two charts."
        assert all(len(series.values) == len(self.periods) for series in self.series)

    @property
    def step(self) -> float:
        """What lies between two grid lines: a round number."""
        return round_up(max((v for s in self.series for v in s.values if v is not None), default=0) / GRID_LINES)

    @property
    def top(self) -> float:
        """The top of the scale: the first grid line not below the largest value."""
        largest = max((v for s in self.series for v in s.values if v is not None), default=0)
        return self.step * max(math.ceil(largest / self.step - 1e-9), 1)

    @property
    def left(self) -> float:
        """Where the plot begins: right of the scale's figures, in percent."""
        return 3 + CHAR_PERCENT * len(f"{self.top:,g}")

    @property
    def right(self) -> float:
        """Where the plot ends: left of the names of the lines, in percent."""
        widest = max((half_widths(str(series.name)) for series in self.series), default=0)
        return 100 - min(CHAR_PERCENT * widest + 3, LABEL_PERCENT_MAX)

    def x(self, index: int) -> float:
        span, inset = self.right - self.left, 2.0
        if len(self.periods) == 1:
            return self.left + span / 2
        return self.left + inset + (span - inset) * index / (len(self.periods) - 1)

    def y(self, value: float) -> float:
        room = self.height - PLOT_TOP_PX - PLOT_BOTTOM_PX
        return self.height - PLOT_BOTTOM_PX - value / self.top * room

    def show(self, value: float) -> str:
        return f"{value:,.{self.decimals}f}"

    @property
    def grid(self) -> list[dict[str, str]]:
        """Horizontal lines with their figures, the base line first."""
        values = [self.step * i for i in range(round(self.top / self.step) + 1)]
        return [{"y": f"{self.y(v):.1f}", "text_y": f"{self.y(v) + 4:.1f}", "text": f"{v:,g}"} for v in values]

    @property
    def ticks(self) -> list[dict[str, Any]]:
        """Names of the periods; ends are anchored so that nothing is cut, every other one goes where there are many."""
        last = len(self.periods) - 1
        return [
            {"x": f"{self.x(i):.1f}", "text": period, "anchor": "middle" if i else "start", "few": i in {0, last}}
            for i, period in enumerate(self.periods)
        ]

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """Each series as segments, dots and its name right of its last value."""
        drawn = [self._draw(number, series) for number, series in enumerate(self.series, 1)]
        named = [series for series in drawn if series["dots"]]
        for series, y in zip(named, spread([float(s["dots"][-1]["y"]) for s in named]), strict=True):
            series["end"] = {**series["dots"][-1], "name_y": f"{y - 4:.1f}", "value_y": f"{y + 13:.1f}"}
        return drawn

    def _draw(self, number: int, series: Series) -> dict[str, Any]:
        points = [
            None if value is None else {"x": f"{self.x(i):.2f}", "y": f"{self.y(value):.1f}", "shown": self.show(value)}
            for i, value in enumerate(series.values)
        ]
        return {
            "css": f"s{number}",
            "name": series.name,
            "dots": [p for p in points if p is not None],
            "segments": [{"a": a, "b": b} for a, b in pairwise(points) if a is not None and b is not None],
            "end": None,
        }

    @property
    def table(self) -> list[tuple[Any, list[str]]]:
        """Rows of the table: a period and its figures, blanks where there are none."""
        return [
            (period, ["" if s.values[i] is None else self.show(s.values[i] or 0) for s in self.series])
            for i, period in enumerate(self.periods)
        ]


def round_up(value: float) -> float:
    """Return the smallest "round" number (1, 2, 2.5, 5 times a power of ten) not below `value`; 1 for nought."""
    if value <= 0:
        return 1
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(step * power for step in STEPS if step * power >= value - 1e-9)


def half_widths(text: str) -> int:
    """Return how many half-width columns the text takes: Han characters are two wide."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def spread(heights: list[float]) -> list[float]:
    """Return places for labels wanted at `heights`, in the same order, no two nearer than LABEL_GAP_PX."""
    places = list(heights)
    order = sorted(range(len(heights)), key=heights.__getitem__)
    for above, below in pairwise(order):
        places[below] = max(places[below], places[above] + LABEL_GAP_PX)
    return places
