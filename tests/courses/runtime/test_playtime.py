"""What of a player's report is believed."""

import datetime as dt
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.runtime import playtime

SECONDS = st.integers(min_value=0, max_value=4000)
RANGES = st.lists(st.tuples(SECONDS, SECONDS).map(lambda pair: (min(pair), max(pair))), max_size=8)
CLAIMS = RANGES.map(lambda ranges: [(Decimal(a), Decimal(b)) for a, b in ranges])


def test_a_quarter_of_a_minute_at_double_speed_is_believed_and_no_more() -> None:
    half_minute = [(Decimal(0), Decimal(30))]
    assert playtime.admit(half_minute, elapsed_s=Decimal(15)) == playtime.Beat(((0, 30),), 0)
    assert playtime.admit([(Decimal(0), Decimal(600))], elapsed_s=Decimal(15)) == playtime.Beat(((0, 33),), 567)


def test_the_first_report_starts_the_clock_only() -> None:
    assert playtime.admit([(Decimal(0), Decimal(15))], elapsed_s=Decimal(0)) == playtime.Beat((), 15)


def test_a_long_silence_earns_a_minute() -> None:
    beat = playtime.admit([(Decimal(0), Decimal(3600))], elapsed_s=Decimal(3600))
    assert playtime.total(beat.ranges) == playtime.GAP_S_MAX * playtime.SPEED_MAX + playtime.SLACK_S


def test_nothing_lies_beyond_the_end_of_the_film() -> None:
    beat = playtime.admit([(Decimal(90), Decimal(110))], elapsed_s=Decimal(15), length_s=100)
    assert beat.ranges == ((90, 100),)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a machine that does other things meanwhile
@given(CLAIMS, st.decimals(min_value=0, max_value=100, places=1))
def test_never_more_is_believed_than_the_clock_allows(claims: list[tuple[Decimal, Decimal]], elapsed: Decimal) -> None:
    beat = playtime.admit(claims, elapsed_s=elapsed)
    claimed = sum(int(b) - int(a) for a, b in claims)
    assert playtime.total(beat.ranges) + beat.refused_s == claimed
    assert playtime.total(beat.ranges) <= min(elapsed, Decimal(playtime.GAP_S_MAX)) * 2 + playtime.SLACK_S


@given(RANGES, RANGES)
def test_a_union_has_each_second_once(known: list[tuple[int, int]], added: list[tuple[int, int]]) -> None:
    union = playtime.merged(known, added)
    seconds = {second for a, b in [*known, *added] for second in range(a, b)}
    assert {second for a, b in union for second in range(a, b)} == seconds
    assert playtime.total(union) == len(seconds)
    assert playtime.merged(union, added) == union


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-10-{text}:00+08:00")


def test_a_stretch_is_cut_at_midnight_and_at_the_end_of_the_small_hours() -> None:
    parts = playtime.cut(at("01T23:30"), at("02T05:30"))
    assert [(start.hour, end.hour) for start, end in parts] == [(23, 0), (0, 5), (5, 5)]
    assert playtime.shared(720, parts) == [60, 600, 60]
    assert playtime.cut(at("01T09:00"), at("01T09:00")) == [(at("01T09:00"), at("01T09:00"))]
    assert playtime.shared(7, playtime.cut(at("01T09:00"), at("01T09:00"))) == [7]


@given(st.integers(0, 10_000), st.integers(0, 3 * 24 * 60))
def test_what_is_shared_out_is_what_was_there(seconds: int, minutes: int) -> None:
    parts = playtime.cut(at("01T22:15"), at("01T22:15") + dt.timedelta(minutes=minutes))
    assert sum(playtime.shared(seconds, parts)) == seconds
    assert all(share >= 0 for share in playtime.shared(seconds, parts))
