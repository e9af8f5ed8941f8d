"""对我算多少学分 on the course page: what counts and why, or why not and what to do."""

from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from courses import api as courses
from courses.catalogue.panels import panels_for
from credits import api as credits_door
from credits.exchange.actions import draft_plan
from credits.exchange.panels import credit_panel
from edu.kernel.actor import Actor
from tests.factories.credits import (
    World,
    agreement_in_force,
    make_cap,
    make_world,
    rule_in_force,
    signed_plan,
)
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def shown(world: World, actor: Actor | None) -> str:
    request = RequestFactory().get("/")
    request.actor = actor  # type: ignore[attr-defined]  # set by the identity middleware
    panel = credit_panel(request, courses.run(world.run.uuid))
    assert panel is not None
    with translation.override("en"):
        return render_to_string(panel.html_template, {"panel": panel.context})


def test_a_student_sees_amount_slot_grade_rule_agreement_and_source() -> None:
    world = make_world()
    version = agreement_in_force(world, caps=(make_cap(),))
    rule_in_force(world)
    text = shown(world, world.student)
    for said in ("2.0 credits", "General electives", "60", version.agreement.number, "第十七条", "at most 4.0"):
        assert said in text
    assert f"/credits/plans/new/{world.run.uuid}/" in text


def test_a_student_without_an_agreement_reads_what_to_do() -> None:
    text = shown(make_world(), None)
    assert "Sign in" in text
    world = make_world()
    assert "apply for recognition" in shown(world, world.student)
    assert "certificate" in shown(world, Actor(make_person().uuid, None, "learner"))


def test_a_plan_under_way_is_linked() -> None:
    world = make_world()
    agreement_in_force(world)
    rule_in_force(world)
    plan = signed_plan(world)
    assert f"/credits/plans/{plan.uuid}/" in shown(world, world.student)


def test_the_panel_is_registered_and_staff_are_left_alone() -> None:
    world = make_world()
    request = RequestFactory().get("/")
    request.actor = world.home_registrar  # type: ignore[attr-defined]
    run = courses.run(world.run.uuid)
    assert credit_panel(request, run) is None
    request.actor = None  # type: ignore[attr-defined]
    templates = [panel.html_template for panel in panels_for(request, run)]
    assert "credits/exchange/panel.html" in templates


def test_a_cap_is_counted_over_plans_of_the_term() -> None:
    world = make_world()
    agreement_in_force(world, caps=(make_cap(credit_points_max="3.00"),))
    rule_in_force(world)
    signed_plan(world)
    found = credits_door.preview(world.student_person.uuid, world.run.uuid)
    assert [reason.code for reason in found.reasons] == ["cap-reached-term"]
    assert found.counts is False
    assert found.credit_points_home == Decimal("0.00")


def test_a_drafted_plan_does_not_use_up_a_cap() -> None:
    world = make_world()
    agreement_in_force(world, caps=(make_cap(credit_points_max="3.00"),))
    rule_in_force(world)
    draft_plan(run_uuid=world.run.uuid, acting=world.student)
    assert credits_door.preview(world.student_person.uuid, world.run.uuid).counts is True
