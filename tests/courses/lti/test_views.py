"""The office connects tools: what it fills in, who may, and what is refused."""

from typing import Any

import pytest
from django.test import Client

from courses.lti.models import Tool, ToolMove
from courses.lti.registering import close_tool, register_tool
from edu.events.models import Event
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from tests.courses.lti.conftest import SmallTool, registered
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_person, sign_in

pytestmark = pytest.mark.django_db
FILLED = {
    "name": "电路实验室",
    "login_url": "https://lab.example/login",
    "launch_url": "https://lab.example/launch",
    "redirect_urls": "https://lab.example/launch\nhttps://lab.example/other\n",
    "jwks_url": "https://lab.example/jwks",
}


def test_an_office_registers_a_tool_and_is_told_what_its_maker_needs(client: Client) -> None:
    sign_in(client, make_person(role="registrar"))
    answer = client.post("/en/registry/lti/tools/new/", FILLED, follow=True)
    row = Tool.objects.get()
    text = answer.content.decode()
    for value in (row.client_id, row.deployment_id, "http://localhost:8000/lti/auth", "http://localhost:8000/lti/jwks"):
        assert value in text
    assert row.redirect_urls == ["https://lab.example/launch", "https://lab.example/other"]
    assert Event.objects.get().name == "courses.lti.tool_registered"
    assert client.get("/lti/jwks").json()["keys"]
    assert "电路实验室" in client.get("/en/registry/lti/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"login_url": "http://lab.example/login"}, "beginning with https://"),
        ({"jwks_url": "ftp://lab.example/"}, "beginning with https://"),
        ({"launch_url": "https://user:secret@lab.example/"}, "beginning with https://"),
        ({"jwks_url": "https://lab.example:port/"}, "beginning with https://"),
        ({"redirect_urls": "https://lab.example/\njavascript:alert(1)"}, "beginning with https://"),
        ({"redirect_urls": "\n".join(f"https://lab.example/{n}" for n in range(11))}, "one to ten"),
        ({"sends_name": "on"}, "Say why the tool needs"),
        ({"sends_email": "on", "purpose": "  "}, "Say why the tool needs"),
        ({"name": ""}, "required"),
    ],
    ids=str,
)
def test_a_registration_out_of_order_leaves_no_trace(client: Client, wrong: dict[str, Any], words: str) -> None:
    sign_in(client, make_person(role="registrar"))
    answer = client.post("/en/registry/lti/tools/new/", {**FILLED, **wrong})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Tool.objects.exists()


@pytest.mark.parametrize("role", ["teacher", "author", "student", "supervisor"])
def test_for_others_the_screens_are_not_there(client: Client, small_tool: SmallTool, role: str) -> None:
    person = make_person(role=role)
    sign_in(client, person)
    for path in ("", "tools/new/"):
        assert client.get(f"/en/registry/lti/{path}").status_code == 404
    with pytest.raises(NotPermitted):
        register_tool(plan=small_tool.plan(), acting=make_actor(person))
    assert not Tool.objects.exists()


def test_another_institutions_registration_is_not_there(client: Client, small_tool: SmallTool) -> None:
    row = registered(small_tool, make_institution())
    other = make_person(role="registrar")
    sign_in(client, other)
    assert client.get(f"/en/registry/lti/tools/{row.uuid}/").status_code == 404
    with pytest.raises(NotThere):
        close_tool(tool_uuid=row.uuid, reason="x", acting=make_actor(other))
    assert row.name not in client.get("/en/registry/lti/").content.decode()


def test_closing_wants_a_reason_and_happens_once(client: Client, small_tool: SmallTool) -> None:
    institution = make_institution()
    row = registered(small_tool, institution)
    office = make_person(role="school_coordinator", institution=institution)
    sign_in(client, office)
    path = f"/en/registry/lti/tools/{row.uuid}/"
    assert client.post(path, {"reason": " "}).status_code == 422
    assert not ToolMove.objects.exists()
    assert client.post(path, {"reason": "合同到期"}).status_code == 302
    assert "合同到期" in client.get(path).content.decode()
    with pytest.raises((Refusal, Stale)):
        close_tool(tool_uuid=row.uuid, reason="again", acting=make_actor(office))
    assert ToolMove.objects.count() == 1


def test_the_list_costs_a_fixed_number_of_queries(
    client: Client, small_tool: SmallTool, django_assert_max_num_queries: Any
) -> None:
    institution = make_institution()
    sign_in(client, make_person(role="registrar", institution=institution))
    for _tool in range(6):
        registered(small_tool, institution)
    with django_assert_max_num_queries(8):  # session, user, identity 2, tools, the rest is the page's head
        assert client.get("/en/registry/lti/").status_code == 200
