"""Registrations are changed on screen: what was, who and why stays; what is refused leaves no trace."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client

from courses.lti.changing import change_platform, change_tool
from courses.lti.models import Tool, ToolChange
from courses.lti.passing_back import token_name
from courses.lti.platform_models import Platform, PlatformAccount, PlatformChange
from courses.lti.registering import PlatformPlan, close_tool, register_platform
from edu.events.models import Event
from edu.institutions.models import Institution
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people.models import Person
from tests.courses.lti.conftest import Lab, SmallTool, registered
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_person, sign_in

pytestmark = pytest.mark.django_db
PLAN = PlatformPlan(
    name="桂林大学 Moodle",
    issuer="https://moodle.example",
    client_id="guixue",
    deployment_ids=("1",),
    auth_url="https://moodle.example/auth",
    token_url="https://moodle.example/token",
    jwks_url="https://moodle.example/jwks",
)


@pytest.fixture
def institution() -> Institution:
    return make_institution()


@pytest.fixture
def office(institution: Institution) -> Person:
    return make_person(name="蒙老师", role="registrar", institution=institution)


def _filled(row: Tool, **changes: Any) -> dict[str, Any]:
    names = ("name", "login_url", "launch_url", "jwks_url", "purpose")
    sent = {name: getattr(row, name) for name in names}
    return {
        **sent,
        "redirect_urls": "\n".join(row.redirect_urls),
        "seen": row.revision,
        "reason": "地址迁移",
        **changes,
    }


def test_an_office_changes_a_tool_and_the_history_tells_who_what_and_why(
    client: Client, small_tool: SmallTool, institution: Institution, office: Person
) -> None:
    row = registered(small_tool, institution)
    sign_in(client, office)
    path = f"/en/registry/lti/tools/{row.uuid}/"
    page = client.get(f"{path}change/").content.decode()
    assert row.login_url in page
    assert 'name="seen" value="1"' in page
    sent = _filled(row, launch_url="https://lab.example/new", name="新电路实验室")
    assert client.post(f"{path}change/", sent).status_code == 302
    after = Tool.objects.get()
    assert (after.launch_url, after.name, after.revision) == ("https://lab.example/new", "新电路实验室", 2)
    assert (after.client_id, after.deployment_id) == (row.client_id, row.deployment_id)
    page = client.get(path).content.decode()
    for text in ("蒙老师", "地址迁移", row.launch_url, "https://lab.example/new"):
        assert text in page
    event = Event.objects.get(name="courses.lti.tool_changed")
    assert event.payload["changed"] == ["launch_url", "name"]
    assert "lab.example" not in str(event.payload)


def test_a_changed_address_holds_from_the_next_launch(lab: Lab) -> None:
    office = make_person(role="registrar", institution=lab.room.run.course.institution)
    moved = lab.tool.plan(login_url=f"{lab.tool.server.address}/login2")
    change_tool(tool_uuid=lab.row.uuid, plan=moved, seen=1, reason="迁移", acting=make_actor(office))
    assert lab.open()[0].endswith("/login2")
    assert lab.claims()["sub"]


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"reason": " "}, 422, "This field is required"),
        ({"launch_url": "http://lab.example/"}, 422, "beginning with https://"),
        ({"sends_name": "on"}, 422, "Say why the tool needs"),
        ({}, 422, "Nothing differs"),
        ({"name": "B", "seen": 7}, 409, "Changed meanwhile"),
        ({"name": "B", "seen": "x"}, 422, ""),
    ],
    ids=str,
)
def test_a_change_out_of_order_leaves_no_trace(
    client: Client,
    small_tool: SmallTool,
    institution: Institution,
    office: Person,
    wrong: dict[str, Any],
    status: int,
    words: str,
) -> None:
    row = registered(small_tool, institution)
    sign_in(client, office)
    answer = client.post(f"/en/registry/lti/tools/{row.uuid}/change/", _filled(row, **wrong))
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not ToolChange.objects.exists()
    assert Tool.objects.get().revision == 1


def test_who_was_overtaken_sees_the_others_change_and_keeps_their_own(
    client: Client, small_tool: SmallTool, institution: Institution, office: Person
) -> None:
    row = registered(small_tool, institution)
    other = make_actor(make_person(name="韦老师", role="registrar", institution=institution))
    change_tool(tool_uuid=row.uuid, plan=small_tool.plan(name="甲"), seen=1, reason="改名", acting=other)
    sign_in(client, office)
    path = f"/en/registry/lti/tools/{row.uuid}/change/"
    answer = client.post(path, _filled(row, name="乙"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "韦老师" in text
    assert 'value="乙"' in text
    assert Tool.objects.get().name == "甲"
    assert 'name="seen" value="2"' in text  # saving again is done knowingly
    assert client.post(path, _filled(row, name="乙", seen=2)).status_code == 302
    assert Tool.objects.get().name == "乙"


def test_only_the_office_of_the_institution_changes_anything(
    client: Client, small_tool: SmallTool, institution: Institution
) -> None:
    row = registered(small_tool, institution)
    plan = small_tool.plan(name="别的")
    for role, error in (("registrar", NotThere), ("teacher", NotPermitted)):
        person = make_person(role=role)
        sign_in(client, person)
        assert client.get(f"/en/registry/lti/tools/{row.uuid}/change/").status_code == 404
        assert client.post(f"/en/registry/lti/tools/{row.uuid}/change/", _filled(row, name="别的")).status_code == 404
        with pytest.raises(error):
            change_tool(tool_uuid=row.uuid, plan=plan, seen=1, reason="x", acting=make_actor(person))
    assert not ToolChange.objects.exists()


def test_a_closed_registration_is_not_changed(small_tool: SmallTool, institution: Institution, office: Person) -> None:
    row = registered(small_tool, institution)
    close_tool(tool_uuid=row.uuid, reason="合同到期", acting=make_actor(office))
    with pytest.raises(Refusal) as refusal:
        change_tool(
            tool_uuid=row.uuid, plan=small_tool.plan(name="别的"), seen=1, reason="x", acting=make_actor(office)
        )
    assert refusal.value.code == "registration-closed"
    assert not ToolChange.objects.exists()


def test_the_history_of_changes_stays(small_tool: SmallTool, institution: Institution, office: Person) -> None:
    row = registered(small_tool, institution)
    change_tool(tool_uuid=row.uuid, plan=small_tool.plan(name="甲"), seen=1, reason="改名", acting=make_actor(office))
    with pytest.raises(DatabaseError), transaction.atomic():
        ToolChange.objects.update(reason="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        ToolChange.objects.all().delete()


def test_an_office_changes_a_platform(client: Client, institution: Institution, office: Person) -> None:
    row = register_platform(plan=PLAN, acting=make_actor(office))
    sign_in(client, office)
    path = f"/en/registry/lti/platforms/{row.uuid}/"
    sent = {name: getattr(PLAN, name) for name in ("name", "issuer", "client_id", "auth_url", "token_url", "jwks_url")}
    sent |= {"deployment_ids": "1\n2", "seen": "1", "reason": "新课程区"}
    cache.set(token_name(row), "given before")
    assert client.post(f"{path}change/", sent).status_code == 302
    assert Platform.objects.get().deployment_ids == ["1", "2"]
    assert "新课程区" in client.get(path).content.decode()
    assert PlatformChange.objects.get().was == {"deployment_ids": ["1"]}


def test_a_kept_access_token_is_forgotten_with_the_change(
    office: Person, django_capture_on_commit_callbacks: Any
) -> None:
    row = register_platform(plan=PLAN, acting=make_actor(office))
    cache.set(token_name(row), "given before")
    plan = PlatformPlan(**{**vars_of(PLAN), "token_url": "https://moodle.example/token2"})
    with django_capture_on_commit_callbacks(execute=True):
        change_platform(platform_uuid=row.uuid, plan=plan, seen=1, reason="迁移", acting=make_actor(office))
    assert cache.get(token_name(row)) is None


def test_an_issuer_with_learners_stays(institution: Institution, office: Person) -> None:
    row = register_platform(plan=PLAN, acting=make_actor(office))
    plan = PlatformPlan(**{**vars_of(PLAN), "issuer": "https://other.example"})
    account = PlatformAccount.objects.create(platform=row, person=make_person(), subject="7", linked_at=clock.now())
    with pytest.raises(Refusal) as refusal:
        change_platform(platform_uuid=row.uuid, plan=plan, seen=1, reason="x", acting=make_actor(office))
    assert refusal.value.code == "issuer-has-learners"
    assert not PlatformChange.objects.exists()
    account.ended_at = clock.now()
    account.save()
    change_platform(platform_uuid=row.uuid, plan=plan, seen=1, reason="x", acting=make_actor(office))
    with pytest.raises(Stale):
        change_platform(platform_uuid=row.uuid, plan=PLAN, seen=1, reason="x", acting=make_actor(office))


def test_two_platforms_do_not_become_the_same(office: Person) -> None:
    register_platform(plan=PLAN, acting=make_actor(office))
    other = PlatformPlan(**{**vars_of(PLAN), "client_id": "other"})
    row = register_platform(plan=other, acting=make_actor(office))
    with pytest.raises(Refusal) as refusal:
        change_platform(platform_uuid=row.uuid, plan=PLAN, seen=1, reason="x", acting=make_actor(office))
    assert refusal.value.code == "platform-known"
    assert not PlatformChange.objects.exists()


def vars_of(plan: PlatformPlan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in PlatformPlan.__dataclass_fields__}
