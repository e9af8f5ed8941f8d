"""What a visitor can do about a run."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest

from courses.data import CourseInfo, EnrolmentInfo, RunInfo, RunPhase
from courses.enrolment.rules import NextStep, next_step

TODAY = dt.date(2026, 11, 24)
NOON = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)


def run(phase: RunPhase, *, taken: int = 0, starts_in_days: int = 7) -> RunInfo:
    course = CourseInfo(uuid4(), uuid4(), "DL1", "数据素养", "Data literacy", "dl1")
    start = TODAY + dt.timedelta(days=starts_in_days)
    return RunInfo(
        uuid4(),
        course,
        "A",
        start,
        start + dt.timedelta(days=90),
        NOON,
        NOON,
        1,
        taken,
        Decimal(2),
        Decimal(32),
        True,
        phase,
    )


def place(status: str) -> EnrolmentInfo:
    return EnrolmentInfo(uuid4(), uuid4(), uuid4(), status, None)


@pytest.mark.parametrize(
    ("info", "mine", "signed_in", "step"),
    [
        (None, None, True, NextStep.NO_RUN),
        (run(RunPhase.OPEN), None, True, NextStep.ENROL),
        (run(RunPhase.OPEN), None, False, NextStep.SIGN_IN),
        (run(RunPhase.OPEN, taken=1), None, True, NextStep.FULL),
        (run(RunPhase.OPEN), place("withdrawn"), True, NextStep.ENROL),
        (run(RunPhase.NOT_YET_OPEN, taken=1), None, True, NextStep.WAIT_FOR_OPENING),
        (run(RunPhase.CLOSED), None, True, NextStep.CLOSED),
        (run(RunPhase.RUNNING), None, False, NextStep.CLOSED),
        (run(RunPhase.ENDED), None, True, NextStep.ENDED),
        (run(RunPhase.OPEN, taken=1), place("active"), True, NextStep.WAIT_FOR_START),
        (run(RunPhase.RUNNING, starts_in_days=0), place("active"), True, NextStep.CONTINUE),
        (run(RunPhase.ENDED, starts_in_days=-200), place("completed"), True, NextStep.REVIEW),
    ],
)
def test_the_next_step(info: RunInfo | None, mine: EnrolmentInfo | None, signed_in: bool, step: NextStep) -> None:
    assert next_step(info, mine, signed_in=signed_in, today=TODAY) == step
