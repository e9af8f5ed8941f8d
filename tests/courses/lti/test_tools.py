"""A registered tool opens from a unit: what it learns, what it does not, and what is refused without trace."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from courses.lti import tools
from courses.lti.models import Tool, ToolSeat
from courses.lti.registering import close_tool
from courses.runtime import grants
from edu.people.models import Affiliation
from tests.courses.lti.conftest import BLOCK, ORIGIN, Lab, SmallTool, form_of, make_lab
from tests.courses.runtime.conftest import MakeClassroom
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_affiliation, make_person, sign_in
from tests.factories.rsa_tokens import verified

pytestmark = pytest.mark.django_db
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


def test_a_learner_opens_a_tool_that_learns_a_name_of_the_run_alone(lab: Lab) -> None:
    url, fields, page = lab.open()
    assert url == f"{lab.tool.server.address}/login"
    assert (fields["iss"], fields["client_id"]) == ("http://localhost:8000", lab.row.client_id)
    assert ".submit()" in page

    to, posted, asked = lab.launch()
    claims = verified(posted["id_token"], lab.client.get("/lti/jwks").json())
    assert (to, posted["state"]) == (lab.tool.redirect, asked["state"])
    assert (claims["nonce"], claims["aud"]) == (asked["nonce"], lab.row.client_id)
    assert claims["sub"] == grants.anonymous_id(lab.room.person.pk, lab.room.run.pk)
    assert claims[f"{CLAIM}deployment_id"] == lab.row.deployment_id
    assert claims[f"{CLAIM}message_type"] == "LtiResourceLinkRequest"
    assert claims[f"{CLAIM}roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]
    assert claims[f"{CLAIM}custom"] == {"chapter": "2"}
    text = json.dumps(claims, ensure_ascii=False)
    assert lab.room.person.name not in text
    assert str(lab.room.person.uuid) not in text
    assert "email" not in claims


def test_names_are_told_only_when_registered_and_asked_first(small_tool: SmallTool, classroom: MakeClassroom) -> None:
    lab = make_lab(small_tool, classroom, sends_name=True, sends_email=True, purpose="实验报告署名")
    lab.room.person.email = "xiaoming@example.org"
    lab.room.person.save()
    _url, _fields, page = lab.open()
    assert ".submit()" not in page
    assert "实验报告署名" in page
    claims = lab.claims()
    assert (claims["name"], claims["email"]) == (lab.room.person.name, "xiaoming@example.org")


@pytest.mark.parametrize("kind", ["school", "teaching_point"])
def test_pupils_of_schools_are_never_named(small_tool: SmallTool, classroom: MakeClassroom, kind: str) -> None:
    lab = make_lab(small_tool, classroom, sends_name=True, purpose="署名")
    make_affiliation(person=lab.room.person, role="student", institution=make_institution(kind=kind))
    assert "name" not in lab.claims()
    assert ".submit()" in lab.open()[2]


def test_a_block_without_score_gets_no_line_item(small_tool: SmallTool, classroom: MakeClassroom) -> None:
    lab = make_lab(small_tool, classroom, settings={"has_score": False})
    assert "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint" not in lab.claims()


@pytest.mark.parametrize(
    "wrong",
    [
        {"scope": "email"},
        {"response_type": "code"},
        {"response_mode": "query"},
        {"prompt": "login"},
        {"nonce": ""},
        {"nonce": "n" * 300},
        {"redirect_uri": "https://elsewhere.example/launch"},
        {"client_id": "tool-nobody"},
        {"login_hint": "forged"},
        {"login_hint": ""},
    ],
    ids=str,
)
def test_a_login_out_of_order_is_refused_and_tells_the_tool_nothing(lab: Lab, wrong: dict[str, str]) -> None:
    _url, fields, _page = lab.open()
    answer = lab.client.get("/lti/auth", lab.tool.login(fields, **wrong))
    assert answer.status_code in {403, 404}
    text = answer.content.decode()
    assert 'name="id_token"' not in text
    assert "<h1" in text


def test_a_hint_serves_nobody_else(lab: Lab) -> None:
    _url, fields, _page = lab.open()
    other = sign_in(Client(), make_person(name="别人"))
    assert other.get("/lti/auth", lab.tool.login(fields)).status_code == 403
    stranger = Client().get("/lti/auth", lab.tool.login(fields))
    assert stranger.status_code == 302
    assert "/login/" in stranger["Location"]


def test_a_hint_is_too_old_after_ten_minutes(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    _url, fields, _page = lab.open()
    monkeypatch.setattr(tools, "HINT_AGE_S_MAX", -1)
    assert lab.client.get("/lti/auth", lab.tool.login(fields)).status_code == 403


def test_a_tools_post_comes_back_with_our_cookie(lab: Lab) -> None:
    _url, fields, _page = lab.open()
    asked = lab.tool.login(fields)
    answer = Client().post("/lti/auth", asked)
    assert answer.status_code == 303
    assert lab.client.get(answer["Location"]).status_code == 200


def test_who_has_left_the_run_gets_a_launch_without_a_line_item(lab: Lab) -> None:
    _url, fields, _page = lab.open()
    lab.room.person.enrolments.update(status="withdrawn")
    answer = lab.client.get("/lti/auth", lab.tool.login(fields))
    assert answer.status_code == 200  # reading is a teacher's preview too; nothing is kept
    assert "lineitem" not in json.dumps(
        verified(form_of(answer.content.decode())[1]["id_token"], lab.client.get("/lti/jwks").json())
    )


def test_a_closed_tool_opens_nowhere(lab: Lab) -> None:
    _url, fields, _page = lab.open()
    registrar = make_actor(make_person(role="registrar", institution=lab.room.run.course.institution))
    close_tool(tool_uuid=lab.row.uuid, reason="合同到期", acting=registrar)
    assert lab.client.get("/lti/auth", lab.tool.login(fields)).status_code == 404
    answer = _opened(lab)
    assert answer.status_code == 422
    assert "tool-closed" in answer.content.decode()
    assert lab.token().status_code == 401


def test_another_institutions_tool_opens_in_no_unit_of_ours(lab: Lab) -> None:
    Tool.objects.update(institution=make_institution())
    answer = _opened(lab)
    assert answer.status_code == 422
    assert "tool-not-registered" in answer.content.decode()
    assert not ToolSeat.objects.exists()


def test_a_page_that_is_not_the_tools_is_refused(small_tool: SmallTool, classroom: MakeClassroom) -> None:
    lab = make_lab(small_tool, classroom, settings={"lti_1p3_launch_url": "https://elsewhere.example/x"})
    assert "tool-elsewhere" in _opened(lab).content.decode()
    assert not ToolSeat.objects.exists()


def test_old_keys_stay_published_and_the_newest_signs(lab: Lab) -> None:
    old = lab.claims()
    call_command("make_lti_key", stdout=io.StringIO())
    published = lab.client.get("/lti/jwks").json()
    assert len(published["keys"]) == 2
    assert all(set(key) <= {"kty", "n", "e", "kid", "use", "alg"} for key in published["keys"])
    assert lab.claims()["sub"] == old["sub"]


def test_a_teacher_is_told_to_the_tool_as_one(lab: Lab) -> None:
    lab.room.run.run_teachers.create(person=lab.room.person)
    assert lab.claims()[f"{CLAIM}roles"][0].endswith("#Instructor")
    assert Affiliation.objects.filter(person=lab.room.person).count() == 0


def _opened(lab: Lab) -> Any:
    host = f"{lab.room.run.course.label}.blocks.localhost:8000"
    with ORIGIN:
        return Client(HTTP_HOST=host).get(f"/h/{grants.sign_handler(lab.room.grant(BLOCK))}/tool")
