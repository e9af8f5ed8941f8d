"""Two people deciding at the same moment: one wins, the other is told, nothing is written twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from courses import api as courses
from courses.enrolment.models import Enrolment
from credits.exchange.actions import accept_plan, approve_plan, deny_plan, draft_plan, sign_plan
from credits.exchange.models import StudyPlan
from credits.recognition.actions import recognise_by_plan
from credits.recognition.models import RecognitionCase, RecognitionDecision
from edu.kernel.errors import Refusal, Stale
from tests.factories.credits import (
    accepted_plan,
    agreement_in_force,
    approved_plan,
    certified_lot,
    make_world,
    rule_in_force,
    signed_plan,
)
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.usefixtures("committed_database")


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Do all deeds at the same moment, each on a connection of its own; return "done" or the code of each refusal."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=20)
            deed()
            return "done"
        except Refusal as refused:
            return ("stale:" if isinstance(refused, Stale) else "refused:") + refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))


def test_two_home_registrars_decide_one_plan_once() -> None:
    world = make_world()
    agreement_in_force(world)
    rule_in_force(world)
    plan = signed_plan(world)
    colleague = make_actor(make_person(role="registrar", institution=world.home, number="T9"))
    seen: dict[str, Any] = {"plan_uuid": plan.uuid, "seen_hash": plan.content_hash}
    outcome = at_once(
        lambda: approve_plan(**seen, acting=world.home_registrar),
        lambda: deny_plan(**seen, reason_code="other", reason_text="不同意", acting=colleague),
    )
    assert outcome == ["done", "stale:decided-meanwhile"]
    plan.refresh_from_db()
    decided = [move.target for move in plan.moves.all()][3:]
    assert decided in (["home_approved", "host_pending"], ["denied"])


def test_two_host_registrars_enrol_the_student_once() -> None:
    world = make_world()
    agreement_in_force(world)
    rule_in_force(world)
    plan = approved_plan(world)
    colleague = make_actor(make_person(role="registrar", institution=world.host, number="T9"))
    seen: dict[str, Any] = {"plan_uuid": plan.uuid, "seen_hash": plan.content_hash}
    outcome = at_once(
        lambda: accept_plan(**seen, acting=world.host_registrar), lambda: accept_plan(**seen, acting=colleague)
    )
    assert outcome == ["done", "stale:decided-meanwhile"]
    assert Enrolment.objects.count() == 1


def test_the_last_seat_goes_to_one_of_two_plans() -> None:
    world = make_world(seats=1)
    agreement_in_force(world)
    rule_in_force(world)
    first = approved_plan(world)
    other = make_actor(
        make_person(name="李二", role="student", institution=world.home, number="2", programme=world.programme)
    )
    second = draft_plan(run_uuid=world.run.uuid, acting=other)
    sign_plan(plan_uuid=second.uuid, seen_hash=second.content_hash, acting=other)
    approve_plan(plan_uuid=second.uuid, seen_hash=second.content_hash, acting=world.home_registrar)

    def accepting(plan: StudyPlan) -> Callable[[], object]:
        return lambda: accept_plan(plan_uuid=plan.uuid, seen_hash=plan.content_hash, acting=world.host_registrar)

    assert at_once(accepting(first), accepting(second)) == ["done", "refused:run-full"]
    assert courses.run(world.run.uuid).seats_taken == 1


def test_the_same_news_at_once_recognises_once() -> None:
    world = make_world()
    agreement_in_force(world)
    rule_in_force(world)
    accepted_plan(world)
    lot = certified_lot(world)
    news: dict[str, Any] = {"lot_uuid": lot.uuid, "run_uuid": world.run.uuid, "person_uuid": world.student_person.uuid}
    assert at_once(*[lambda: recognise_by_plan(**news)] * 4) == ["done"] * 4
    assert RecognitionDecision.objects.count() == 1
    assert RecognitionCase.objects.count() == 1


def test_a_student_who_asks_twice_at_once_has_one_plan() -> None:
    world = make_world()
    agreement_in_force(world)
    rule_in_force(world)
    outcome = at_once(*[lambda: draft_plan(run_uuid=world.run.uuid, acting=world.student)] * 2)
    assert outcome == ["done", "refused:plan-exists"]
    assert StudyPlan.objects.count() == 1
