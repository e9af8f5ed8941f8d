"""A run's phase follows from its dates, in Python and in SQL alike."""

import datetime as dt

import pytest

from courses.data import RunPhase
from courses.runs import rules
from courses.runs.models import CourseRun
from tests.factories.courses import make_course, make_run

TODAY = dt.date(2026, 11, 24)
NOON = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)

# opens, closes (from NOON), starts, ends (from TODAY, in days)
CASES = [
    (DAY, 2 * DAY, 5, 9, RunPhase.NOT_YET_OPEN),
    (dt.timedelta(0), DAY, 5, 9, RunPhase.OPEN),
    (-DAY, SECOND, 5, 9, RunPhase.OPEN),
    (-DAY, SECOND, -1, 9, RunPhase.OPEN),
    (-DAY, dt.timedelta(0), 1, 9, RunPhase.CLOSED),
    (-DAY, dt.timedelta(0), 0, 9, RunPhase.RUNNING),
    (-9 * DAY, -8 * DAY, -5, 0, RunPhase.RUNNING),
    (-9 * DAY, -8 * DAY, -5, -1, RunPhase.ENDED),
    (-9 * DAY, DAY, -5, -1, RunPhase.ENDED),
]


@pytest.mark.parametrize(("opens", "closes", "starts", "ends", "phase"), CASES)
def test_the_phase_follows_from_the_dates(
    opens: dt.timedelta, closes: dt.timedelta, starts: int, ends: int, phase: RunPhase
) -> None:
    found = rules.phase(
        now=NOON,
        today=TODAY,
        enrolment_opens_at=NOON + opens,
        enrolment_closes_at=NOON + closes,
        starts_on=TODAY + starts * DAY,
        ends_on=TODAY + ends * DAY,
    )
    assert found == phase


@pytest.mark.django_db
def test_the_database_answers_as_the_rule_does() -> None:
    course = make_course()
    for number, (opens, closes, starts, ends, phase) in enumerate(CASES):
        make_run(
            course,
            code=f"{number}-{phase}",
            enrolment_opens_at=NOON + opens,
            enrolment_closes_at=NOON + closes,
            starts_on=TODAY + starts * DAY,
            ends_on=TODAY + ends * DAY,
        )
    for phase in RunPhase:
        found = CourseRun.objects.in_phase(phase, now=NOON, today=TODAY).values_list("code", flat=True)
        assert sorted(found) == sorted(f"{n}-{case[4]}" for n, case in enumerate(CASES) if case[4] == phase)


def test_no_limit_means_always_a_seat() -> None:
    assert rules.has_seat(seats=None, taken=10_000)
    assert rules.has_seat(seats=2, taken=1)
    assert not rules.has_seat(seats=2, taken=2)
