"""The screens: a student from the course to the signed plan, registrars from the queue to the decision."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from credits.exchange.actions import draft_plan, sign_plan
from credits.exchange.models import StudyPlan
from edu.people.models import AccessNote
from tests.factories.credits import (
    World,
    accepted_plan,
    agreement_in_force,
    approved_plan,
    make_world,
    rule_in_force,
    signed_plan,
)
from tests.factories.people import make_actor, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world()
    agreement_in_force(world)
    rule_in_force(world)
    return world


def student(world: World) -> Client:
    return sign_in(Client(), world.student_person)


def home(world: World) -> Client:
    return sign_in(Client(), world.home_registrar_person)


def host(world: World) -> Client:
    return sign_in(Client(), world.host_registrar_person)


def at(name: str, **kwargs: object) -> str:
    return reverse(f"credits:{name}", kwargs=kwargs)


def test_a_student_makes_checks_and_signs_a_plan_on_screen(world: World) -> None:
    client = student(world)
    start = client.get(at("start_plan", run_uuid=world.run.uuid))
    assert "通识选修" in start.content.decode()
    note = client.post(at("start_plan", run_uuid=world.run.uuid), follow=True)
    assert note.redirect_chain[-1][0].endswith("/note/")
    plan = StudyPlan.objects.get()
    check = client.post(at("plan_note", plan_uuid=plan.uuid), {"note": "想学"}, follow=True)
    plan.refresh_from_db()
    assert plan.content_hash in check.content.decode()
    done = client.post(at("check_plan", plan_uuid=plan.uuid), {"seen_hash": plan.content_hash}, follow=True)
    assert plan.number in done.content.decode()
    for page in ("plan", "withdraw_plan"):
        assert client.get(at(page, plan_uuid=plan.uuid)).status_code == 200
    mine = client.get(at("my_plans")).content.decode()
    assert "数据素养" in mine


def test_registrars_decide_on_screen_and_the_look_is_noted(world: World) -> None:
    plan = signed_plan(world)
    client = home(world)
    assert plan.number in client.get(at("plan_queue")).content.decode()
    case = client.get(at("plan_case", plan_uuid=plan.uuid))
    assert plan.content_hash in case.content.decode()
    assert AccessNote.objects.filter(subject=world.student_person, what="study-plan").count() == 1
    answer = client.post(at("plan_case", plan_uuid=plan.uuid), {"decision": "approve", "seen_hash": plan.content_hash})
    assert answer.status_code == 302
    answer = host(world).post(
        at("plan_case", plan_uuid=plan.uuid), {"decision": "approve", "seen_hash": plan.content_hash}
    )
    plan.refresh_from_db()
    assert plan.status == "accepted"
    assert student(world).get(at("plan", plan_uuid=plan.uuid)).status_code == 200


def test_a_stale_decision_is_a_409_page_that_tells_what_changed(world: World) -> None:
    plan = signed_plan(world)
    agreement_in_force(world, rounding_step=Decimal("1.00"))
    client = home(world)
    shown = client.get(at("plan_case", plan_uuid=plan.uuid)).content.decode()
    assert "1.00" in shown
    answer = client.post(at("plan_case", plan_uuid=plan.uuid), {"decision": "approve", "seen_hash": plan.content_hash})
    assert answer.status_code == 409
    assert "0.50" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.status == "home_review"


def test_a_denial_without_a_reason_keeps_the_form(world: World) -> None:
    plan = signed_plan(world)
    answer = home(world).post(
        at("plan_case", plan_uuid=plan.uuid),
        {"decision": "deny", "seen_hash": plan.content_hash, "reason_text": "已满"},
    )
    assert answer.status_code == 200
    assert "已满" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.status == "home_review"


def test_a_full_run_says_so_on_the_case_page(world: World) -> None:
    world.run.seats = 0
    world.run.save()
    plan = approved_plan(world)
    answer = host(world).post(
        at("plan_case", plan_uuid=plan.uuid), {"decision": "approve", "seen_hash": plan.content_hash}, follow=True
    )
    assert [str(message) for message in answer.context["messages"]] != []
    plan.refresh_from_db()
    assert plan.status == "host_pending"


def test_strangers_and_students_see_nothing(world: World) -> None:
    plan = signed_plan(world)
    stranger = sign_in(Client(), make_person(role="registrar"))
    assert stranger.get(at("plan_case", plan_uuid=plan.uuid)).status_code == 404
    assert host(world).get(at("plan_case", plan_uuid=plan.uuid)).status_code == 404
    assert student(world).get(at("plan_queue")).status_code == 404
    other = sign_in(Client(), make_person(role="student"))
    for name in ("plan", "plan_note", "check_plan", "plan_signed", "withdraw_plan"):
        assert other.get(at(name, plan_uuid=plan.uuid)).status_code == 404
    assert Client().get(at("my_plans")).status_code == 302


def test_withdrawing_on_screen(world: World) -> None:
    plan = accepted_plan(world)
    answer = student(world).post(at("withdraw_plan", plan_uuid=plan.uuid), follow=True)
    assert answer.status_code == 200
    plan.refresh_from_db()
    assert plan.status == "withdrawn"


@pytest.mark.parametrize("view", ["mine", "open", "returned", "done", "nonsense"])
def test_every_view_of_the_queue_answers(world: World, view: str) -> None:
    signed_plan(world)
    query = {"view": view, "q": "XK", "late": "1", "partner": str(world.host.uuid)}
    assert home(world).get(at("plan_queue"), query).status_code == 200
    assert home(world).get(at("plan_queue"), {"partner": "x", "page": "9"}).status_code == 200


def queries_of_queue(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> int:
    cache.clear()
    with django_assert_max_num_queries(40) as counted:
        assert client.get(at("plan_queue")).status_code == 200
    return len(counted)


def test_the_queue_costs_the_same_for_one_plan_and_for_many(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_plan(world)
    client = home(world)
    one = queries_of_queue(client, django_assert_max_num_queries)
    for number in range(6):
        person = make_person(
            name=f"学生{number}", role="student", institution=world.home, number=f"S{number}", programme=world.programme
        )
        plan = draft_plan(run_uuid=world.run.uuid, acting=make_actor(person))
        sign_plan(plan_uuid=plan.uuid, seen_hash=plan.content_hash, acting=make_actor(person))
    assert queries_of_queue(client, django_assert_max_num_queries) == one


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_stand_in_both_languages(world: World, language: str) -> None:
    plan = signed_plan(world)
    version = plan.agreement_version
    prefix = f"/{language}"
    staff = home(world)
    for path in (
        "/registry/plans/",
        f"/registry/plans/{plan.uuid}/",
        "/registry/agreements/",
        "/registry/agreements/new/",
        f"/registry/agreements/{version.uuid}/",
        f"/registry/agreements/{version.uuid}/edit/",
        "/registry/rules/",
        "/registry/rules/new/",
        f"/registry/rules/{plan.equivalence.uuid}/",
        f"/registry/rules/new/?follows={plan.equivalence.uuid}",
        "/registry/recognitions/",
    ):
        assert staff.get(prefix + path).status_code == 200, path
    mine = student(world)
    for path in (
        "/credits/plans/",
        f"/credits/plans/{plan.uuid}/",
        "/credits/recognitions/",
        "/credits/recognitions/new/",
    ):
        assert mine.get(prefix + path).status_code == 200, path
