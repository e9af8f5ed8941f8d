"""Study plans: each approval names what was seen, a stale one is told what changed, and a refusal leaves no trace."""

from decimal import Decimal
from typing import Any

import pytest

from courses import api as courses
from credits import events
from credits.agreements.actions import end_agreement
from credits.agreements.equivalence_actions import retire_equivalence
from credits.exchange.actions import (
    accept_plan,
    approve_plan,
    deny_plan,
    draft_plan,
    return_plan,
    rewrite_plan,
    sign_plan,
    withdraw_plan,
)
from credits.exchange.models import StudyPlan, StudyPlanMove
from credits.exchange.states import PlanStatus
from edu.events.models import Event
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from tests.factories.credits import (
    World,
    accepted_plan,
    agreement_in_force,
    approved_plan,
    make_world,
    rule_in_force,
    signed_plan,
)
from tests.factories.people import make_actor, make_affiliation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world()
    agreement_in_force(world)
    rule_in_force(world)
    return world


def trace() -> tuple[int, int, list[str]]:
    """What a refusal must leave as it was: moves, events, statuses."""
    return (
        StudyPlanMove.objects.count(),
        Event.objects.count(),
        list(StudyPlan.objects.order_by("pk").values_list("status", flat=True)),
    )


def seen(plan: StudyPlan) -> dict[str, Any]:
    return {"plan_uuid": plan.uuid, "seen_hash": plan.content_hash}


def test_a_plan_goes_from_the_student_to_home_to_host_and_ends_in_an_enrolment(world: World) -> None:
    plan = accepted_plan(world)
    place = courses.enrolment(world.student_person.uuid, world.run.uuid)
    assert place is not None
    assert place.cross_enrolment_uuid == plan.uuid
    assert [move.target for move in plan.moves.all()] == [
        "drafted", "student_signed", "home_review", "home_approved", "host_pending", "accepted",
    ]  # fmt: skip
    assert {a.party: a.content_hash for a in plan.approvals.all()} == dict.fromkeys(
        ["student", "home", "host"], plan.content_hash
    )


def test_every_move_of_a_plan_is_an_event(world: World) -> None:
    plan = accepted_plan(world)
    moved = Event.objects.filter(name=events.PLAN_MOVED, payload__plan_uuid=str(plan.uuid))
    assert [row.payload["target"] for row in moved.order_by("pk")] == [
        move.target for move in plan.moves.exclude(source="")
    ]


def test_a_waiting_plan_says_by_when_it_is_due(world: World) -> None:
    plan = signed_plan(world)
    assert plan.due_on is not None
    assert plan.due_on > clock.today()
    accepted = accept_plan(**seen(approve_plan(**seen(plan), acting=world.home_registrar)), acting=world.host_registrar)
    assert accepted.due_on is None


def test_a_second_plan_for_the_same_run_is_refused(world: World) -> None:
    draft_plan(run_uuid=world.run.uuid, acting=world.student)
    before = trace()
    with pytest.raises(Refusal, match="plan-exists"):
        draft_plan(run_uuid=world.run.uuid, acting=world.student)
    assert trace() == before


def test_without_an_agreement_there_is_nothing_to_sign() -> None:
    world = make_world()
    with pytest.raises(Refusal, match="does-not-count") as refused:
        draft_plan(run_uuid=world.run.uuid, acting=world.student)
    assert refused.value.details["reasons"] == ["no-agreement"]
    assert StudyPlan.objects.count() == 0


def test_the_home_registrar_is_refused_when_the_rule_changed_after_the_student_signed(world: World) -> None:
    plan = signed_plan(world)
    rule = plan.equivalence
    retire_equivalence(
        equivalence_uuid=rule.uuid, last_on=rule.valid_from_on, reason="大纲变更", acting=world.home_registrar
    )
    before = trace()
    with pytest.raises(Stale, match="conditions-changed") as refused:
        approve_plan(**seen(plan), acting=world.home_registrar)
    assert trace() == before
    changes = {str(line["what"]): (line["before"], line["after"]) for line in refused.value.details["changes"]}
    assert ("yes", "no") in changes.values()
    assert plan.approvals.filter(party="home").exists() is False


def test_the_host_is_refused_when_the_agreement_ended_meanwhile_and_nobody_is_enrolled(world: World) -> None:
    plan = approved_plan(world)
    end_agreement(version_uuid=plan.agreement_version.uuid, reason="", acting=world.home_registrar)
    before = trace()
    with pytest.raises(Stale, match="conditions-changed"):
        accept_plan(**seen(plan), acting=world.host_registrar)
    assert trace() == before
    assert courses.enrolment(world.student_person.uuid, world.run.uuid) is None


def test_a_changed_agreement_is_told_line_by_line(world: World) -> None:
    plan = signed_plan(world)
    agreement_in_force(world, rounding_step=Decimal("1.00"))
    with pytest.raises(Stale) as refused:
        approve_plan(**seen(plan), acting=world.home_registrar)
    told = [(line["before"], line["after"]) for line in refused.value.details["changes"]]
    assert ("1", "2") in told  # version of the agreement
    assert ("0.50", "1.00") in told  # rounding step


def test_a_hash_that_was_never_shown_is_refused(world: World) -> None:
    plan = signed_plan(world)
    before = trace()
    with pytest.raises(Stale, match="plan-changed"):
        approve_plan(plan_uuid=plan.uuid, seen_hash="0" * 64, acting=world.home_registrar)
    assert trace() == before


def test_the_second_registrar_of_the_same_office_comes_too_late(world: World) -> None:
    plan = signed_plan(world)
    approve_plan(**seen(plan), acting=world.home_registrar)
    before = trace()
    colleague = make_actor(make_person(role="registrar", institution=world.home, number="T9"))
    with pytest.raises(Stale, match="decided-meanwhile"):
        deny_plan(**seen(plan), reason_code="other", reason_text="不同意", acting=colleague)
    assert trace() == before


def test_the_host_cannot_act_before_the_home_institution(world: World) -> None:
    plan = signed_plan(world)
    with pytest.raises(NotThere):
        accept_plan(**seen(plan), acting=world.host_registrar)


def test_the_home_registrar_cannot_accept_for_the_host(world: World) -> None:
    plan = approved_plan(world)
    with pytest.raises(NotPermitted):
        accept_plan(**seen(plan), acting=world.home_registrar)


def test_a_stranger_finds_no_plan(world: World) -> None:
    plan = signed_plan(world)
    stranger = make_actor(make_person(role="registrar"))
    with pytest.raises(NotThere):
        approve_plan(**seen(plan), acting=stranger)
    other_student = make_actor(make_person(role="student"))
    with pytest.raises(NotThere):
        withdraw_plan(plan_uuid=plan.uuid, acting=other_student)


def test_a_registrar_cannot_decide_their_own_plan(world: World) -> None:
    make_affiliation(person=world.student_person, role="registrar", institution=world.home, number="T8")
    plan = signed_plan(world)
    with pytest.raises(NotPermitted):
        approve_plan(**seen(plan), acting=make_actor(world.student_person, world.home, "registrar"))


def test_a_full_run_is_refused_and_the_plan_stays_with_the_host(world: World) -> None:
    world.run.seats = 0
    world.run.save()
    plan = approved_plan(world)
    before = trace()
    with pytest.raises(Refusal, match="run-full"):
        accept_plan(**seen(plan), acting=world.host_registrar)
    assert trace() == before
    assert plan.approvals.filter(party="host").exists() is False


def test_a_denial_needs_a_reason_and_a_sentence(world: World) -> None:
    plan = signed_plan(world)
    before = trace()
    for code, text in (("", "有理由"), ("other", " "), ("because", "有理由")):
        with pytest.raises(Refusal, match="reason-missing"):
            deny_plan(**seen(plan), reason_code=code, reason_text=text, acting=world.home_registrar)
    assert trace() == before
    denied = deny_plan(**seen(plan), reason_code="slot-full", reason_text="类别已满", acting=world.home_registrar)
    assert (denied.status, denied.reason_code, denied.reason_text) == ("denied", "slot-full", "类别已满")


def test_a_returned_plan_is_rewritten_and_signed_again_with_new_signatures(world: World) -> None:
    plan = approved_plan(world)
    return_plan(**seen(plan), reason_code="incomplete", reason_text="请说明", acting=world.host_registrar)
    again = rewrite_plan(plan_uuid=plan.uuid, note="已与任课教师确认", acting=world.student)
    assert again.content_hash != plan.content_hash
    signed = sign_plan(**seen(again), acting=world.student)
    assert signed.status == PlanStatus.HOME_REVIEW
    assert signed.round == 2
    assert [a.party for a in signed.approvals.filter(round=2)] == ["student"]


def test_the_student_signs_what_was_shown_or_nothing(world: World) -> None:
    plan = draft_plan(run_uuid=world.run.uuid, acting=world.student)
    rule_in_force(world, follows_uuid=plan.equivalence.uuid, valid_from_on=clock.today(), minimum_grade=Decimal(80))
    before = trace()
    with pytest.raises(Stale, match="conditions-changed") as refused:
        sign_plan(**seen(plan), acting=world.student)
    assert trace() == before
    assert ("60.00", "80.00") in [(c["before"], c["after"]) for c in refused.value.details["changes"]]


def test_withdrawing_an_accepted_plan_gives_the_seat_back(world: World) -> None:
    plan = accepted_plan(world)
    withdraw_plan(plan_uuid=plan.uuid, acting=world.student)
    place = courses.enrolment(world.student_person.uuid, world.run.uuid)
    assert place is not None
    assert place.is_active is False
