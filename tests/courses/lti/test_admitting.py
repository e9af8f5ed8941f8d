"""A tool registers itself by one address, and opens from no unit before the office has looked at it."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from courses.lti import admitting
from courses.lti.models import Tool
from courses.lti.platform_models import Invitation
from edu.events.models import Event
from edu.institutions.models import Institution
from edu.kernel import clock
from tests.courses.lti import moodle
from tests.courses.lti.conftest import path_of
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_person, sign_in

pytestmark = pytest.mark.django_db
ROOT = "https://tool.example"
ADDRESS = f"{ROOT}/enrol/lti/register.php?token=abc"


@pytest.fixture
def institution() -> Institution:
    return make_institution()


@pytest.fixture
def office(institution: Institution) -> Client:
    return sign_in(Client(), make_person(name="莫老师", role="registrar", institution=institution))


@pytest.fixture
def secret(institution: Institution) -> str:
    actor = make_actor(make_person(role="registrar", institution=institution))
    return _secret(admitting.invite(address=ADDRESS, acting=actor))


def _secret(url: str) -> str:
    return parse_qs(urlsplit(url).query)["registration_token"][0]


def _sent(**changes: Any) -> dict[str, Any]:
    """What Moodle as a tool sends; None leaves a field out."""
    said = moodle.tool_registration(ROOT)
    return {name: value for name, value in {**said, **changes}.items() if value is not None}


def _post(secret: str, sent: Any) -> Any:
    path = path_of(Client().get("/lti/openid-configuration").json()["registration_endpoint"])
    return Client().post(path, sent, content_type="application/json", headers={"authorization": f"Bearer {secret}"})


def test_one_address_connects_a_tool_once_a_person_confirmed_it(office: Client) -> None:
    page = office.post("/en/registry/lti/tools/invite/", {"address": ADDRESS}).content.decode()
    found = re.search(r'href="(https://tool\.example/[^"]*)"', page)
    assert found
    way = unescape(found[1])
    given = parse_qs(urlsplit(way).query)
    assert given["token"] == ["abc"]
    said = Client().get(path_of(given["openid_configuration"][0])).json()
    assert urlsplit(said["issuer"]).netloc == urlsplit(given["openid_configuration"][0]).netloc
    assert said["registration_endpoint"].startswith(said["issuer"])
    assert _secret(way) not in str(Invitation.objects.values())

    answer = _post(_secret(way), _sent())
    assert answer.status_code == 200, answer.content
    row = Tool.objects.get()
    got = answer.json()
    assert (got["client_id"], got[moodle.TOOL_CONFIGURATION]["deployment_id"]) == (row.client_id, row.deployment_id)
    assert set(got["scope"].split()) == set(moodle.SCORE_SCOPES[1:])  # line items follow from the course
    assert (row.status, row.sends_name, row.sends_email, row.lists_members) == ("waiting", False, False, False)
    assert row.login_url == f"{ROOT}/enrol/lti/login.php?id=8e1f"
    assert row.choosing_url == f"{ROOT}/enrol/lti/launch_deeplink.php"
    assert row.redirect_urls == [f"{ROOT}/enrol/lti/launch.php", f"{ROOT}/enrol/lti/launch_deeplink.php"]
    assert office.get("/lti/auth", {"client_id": row.client_id}).status_code == 404  # opens nothing yet
    path = f"/en/registry/lti/tools/{row.uuid}/"
    assert "registered itself" in office.get(path).content.decode()
    office.post(f"{path}confirm/", {"seen": "7"})
    assert Tool.objects.get().status == "waiting"
    assert office.post(f"{path}confirm/", {"seen": "1"}).status_code == 302
    assert Tool.objects.get().status == "active"
    names = list(Event.objects.order_by("pk").values_list("name", flat=True))
    assert names == [f"courses.lti.{what}" for what in ("invited", "tool_joined", "tool_registered")]


def test_a_secret_is_good_once_for_an_hour_and_for_tools_alone(secret: str, institution: Institution) -> None:
    Invitation.objects.update(expires_at=clock.now())
    assert _post(secret, _sent()).status_code == 404
    assert _post("guessed", _sent()).status_code == 404
    assert Client().post("/lti/registration", _sent(), content_type="application/json").status_code == 404
    Invitation.objects.update(expires_at=clock.now() + admitting.INVITATION, side="platform")
    assert _post(secret, _sent()).status_code == 404
    Invitation.objects.update(side="tool")
    assert _post(secret, _sent()).status_code == 200
    assert _post(secret, _sent()).status_code == 404
    assert Tool.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"response_types": ["code"]},
        {"response_types": None},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"application_type": "native"},
        {"redirect_uris": []},
        {"redirect_uris": f"{ROOT}/launch"},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": [f"{ROOT}/{number}" for number in range(11)]},
        {"jwks_uri": "http://tool.example/jwks"},
        {"jwks_uri": None},
        {"initiate_login_uri": 7},
        {"client_name": "  "},
        {moodle.TOOL_CONFIGURATION: None},
        {moodle.TOOL_CONFIGURATION: {"target_link_uri": "ftp://tool.example/"}},
        {moodle.TOOL_CONFIGURATION: {"domain": "tool.example"}},
    ],
    ids=lambda wrong: str(wrong)[:70],
)
def test_a_registration_out_of_order_leaves_no_trace(secret: str, wrong: dict[str, Any]) -> None:
    assert _post(secret, _sent(**wrong)).status_code in {400, 422}
    assert not Tool.objects.exists()
    assert not Event.objects.filter(name="courses.lti.tool_joined").exists()
    assert _post(secret, _sent()).status_code == 200  # the secret is still good


@pytest.mark.parametrize("sent", ["no json", "[]", '"x"', "x" * 70_000], ids=lambda sent: sent[:10])
def test_what_is_no_registration_is_refused(secret: str, sent: str) -> None:
    assert _post(secret, sent).status_code == 400
    assert not Tool.objects.exists()


def test_only_the_office_invites_and_confirms(secret: str, office: Client) -> None:
    assert office.post("/en/registry/lti/tools/invite/", {"address": "http://tool.example/"}).status_code == 422
    _post(secret, _sent())
    row = Tool.objects.get()
    for role in ("registrar", "teacher"):  # of another institution
        client = sign_in(Client(), make_person(role=role))
        assert client.post(f"/en/registry/lti/tools/{row.uuid}/confirm/", {"seen": "1"}).status_code == 404
    assert client.get("/en/registry/lti/tools/invite/").status_code == 404
    assert Tool.objects.get().status == "waiting"
    assert office.post(f"/en/registry/lti/tools/{row.uuid}/", {"reason": "不认识"}).status_code == 302
    office.post(f"/en/registry/lti/tools/{row.uuid}/confirm/", {"seen": "1"})
    assert Tool.objects.get().status == "closed"
    assert Invitation.objects.count() == 1
