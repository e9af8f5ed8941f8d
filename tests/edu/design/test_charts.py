"""Geometry of charts: scales are round, gaps stay gaps, labels do not lie on each other."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edu.design.charts import LABEL_GAP_PX, Bar, BarChart, LineChart, Series, half_widths, round_up, spread


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_a_round_number_is_never_below_and_at_most_two_and_a_half_times_above(value: float) -> None:
    rounded = round_up(value)
    assert value - 1e-9 <= rounded <= value * 2.5 + 1e-9


def test_nought_has_a_scale_too() -> None:
    assert LineChart("t", ["a", "b"], [Series("s", [0, 0])]).top == 1


def test_grid_lines_are_round_and_reach_over_the_largest_value() -> None:
    chart = LineChart("t", ["a", "b"], [Series("s", [18, 24])])
    assert [line["text"] for line in chart.grid] == ["0", "10", "20", "30"]


def test_a_gap_is_no_line() -> None:
    (drawn,) = LineChart("t", ["a", "b", "c", "d"], [Series("s", [1, None, 3, 4])]).drawn
    assert len(drawn["dots"]) == 3
    assert len(drawn["segments"]) == 1


def test_a_line_without_any_value_has_no_label() -> None:
    (drawn,) = LineChart("t", ["a"], [Series("s", [None])]).drawn
    assert drawn["end"] is None


def test_the_table_says_the_same_with_blanks_for_gaps() -> None:
    chart = LineChart("t", ["a", "b"], [Series("s", [1200, None])])
    assert chart.table == [("a", ["1,200"]), ("b", [""])]


def test_more_than_four_lines_are_refused() -> None:
    with pytest.raises(AssertionError):
        LineChart("t", ["a"], [Series(str(n), [1]) for n in range(5)])


@given(st.lists(st.floats(min_value=0, max_value=220), max_size=4))
def test_labels_keep_their_distance(heights: list[float]) -> None:
    places = sorted(spread(heights))
    assert all(below - above >= LABEL_GAP_PX - 1e-6 for above, below in pairwise(places))


def test_han_characters_are_twice_as_wide() -> None:
    assert half_widths("跨省 17") == 7


def test_everything_lies_inside_the_plot() -> None:
    chart = LineChart("t", list("abcde"), [Series("a very long name of a province", [5, 4, 3, 2, 1])])
    assert 0 < chart.left <= chart.x(0) < chart.x(4) <= chart.right <= 100


def test_bars_are_as_long_as_their_values_and_a_picked_one_mutes_the_others() -> None:
    chart = BarChart("t", [Bar("a", 4, "4"), Bar("b", 1, "1", strong=True)], ("x", "y"))
    assert [(line["width"], line["css"]) for line in chart.lines] == [("100.0", "sm"), ("25.0", "s1")]


def test_bars_of_nought_do_not_divide_by_it() -> None:
    assert BarChart("t", [Bar("a", 0, "0")], ("x", "y")).lines[0]["width"] == "0.0"
