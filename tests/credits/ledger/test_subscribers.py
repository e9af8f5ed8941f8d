"""A certified result becomes one lot, a failing one none."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from courses import api as courses
from courses.data import CourseInfo, ResultInfo, RunInfo, RunPhase
from courses.events import RESULT_CERTIFIED
from credits.data import LotInfo
from credits.ledger import queries
from credits.ledger.panels import credit_of_result
from edu.events.actions import deliver_all, record
from edu.events.models import Delivery
from edu.kernel.actor import SYSTEM
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 6, 30, 4, tzinfo=dt.UTC)


@pytest.fixture
def result(monkeypatch: pytest.MonkeyPatch) -> ResultInfo:
    """A certified, passed result of a run that gives 2.00 credit points; the courses' door answers with it."""
    course = CourseInfo(uuid4(), uuid4(), "STAT101", "数据会说话", "Reading data", "stat101")
    run = RunInfo(
        uuid=uuid4(), course=course, code="2026A", starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 6, 30),
        enrolment_opens_at=NOON, enrolment_closes_at=NOON, seats=None, seats_taken=0,
        credit_points=Decimal("2.00"), contact_hours=Decimal("32.0"), open_to_others=True, phase=RunPhase.ENDED,
    )  # fmt: skip
    made = ResultInfo(
        uuid=uuid4(), enrolment_uuid=uuid4(), person_uuid=make_person().uuid, run=run, score=Decimal("86.00"),
        grade="86", scale="percent", passed=True, status="certified", attempt=1, submitted_by_uuid=uuid4(),
        submitted_at=NOON, certified_by_uuid=uuid4(), certified_at=NOON, content_version_uuid=uuid4(),
        policy_hash="b" * 64, document={}, document_hash="c" * 64, reason="",
    )  # fmt: skip
    answer(monkeypatch, made)
    return made


def answer(monkeypatch: pytest.MonkeyPatch, made: ResultInfo) -> None:
    monkeypatch.setattr(courses, "result", lambda uuid: {made.uuid: made}[uuid])


def certified(result: ResultInfo, **more: Any) -> tuple[LotInfo, ...]:
    """The news of a certified result, delivered."""
    uuids = {"result_uuid": result.uuid, "run_uuid": result.run.uuid, "person_uuid": result.person_uuid}
    with transaction.atomic():
        record(RESULT_CERTIFIED, {name: str(uuid) for name, uuid in uuids.items()}, acting=SYSTEM)
    deliver_all()
    assert not Delivery.objects.exclude(status="done").filter(subscriber="credits.ledger.mint").exists()
    return queries.lots_of(result.person_uuid)


def test_a_certified_result_mints_one_lot_however_often_the_news_comes(result: ResultInfo) -> None:
    [lot] = certified(result)
    assert certified(result) == (lot,)
    assert (lot.unit, lot.amount, lot.source.uuid) == ("credit_points", Decimal("2.00"), result.uuid)
    assert (lot.issuer_uuid, lot.activity_uuid) == (result.run.course.institution_uuid, result.run.uuid)
    assert lot.facts["course_name_zh"] == "数据会说话"
    assert lot.facts["certified_at"] == "2026-06-30T04:00:00.000Z"
    assert lot.amount_in("available") == Decimal("2.00")


def test_a_failing_result_mints_nothing(result: ResultInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = replace(result, passed=False, score=Decimal("41.00"), grade="41")
    answer(monkeypatch, failed)
    assert certified(failed) == ()
    assert credit_of_result(failed) is None


def test_a_training_without_credit_points_mints_its_contact_hours(
    result: ResultInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = replace(result, run=replace(result.run, credit_points=Decimal("0.00")))
    answer(monkeypatch, training)
    [lot] = certified(training)
    assert (lot.unit, lot.amount) == ("contact_hours", Decimal("32.00"))


def test_the_result_page_says_how_far_the_credit_has_come(result: ResultInfo) -> None:
    waiting = credit_of_result(result)
    assert waiting is not None
    assert waiting.context["lot"] is None
    certified(result)
    entered = credit_of_result(result)
    assert entered is not None
    assert entered.context["lot"].amount == Decimal("2.00")
