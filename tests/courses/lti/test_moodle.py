"""Moodle's own messages against us, both ways: as the platform that opens our runs, and as a tool in our units."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from django.test import Client

from courses.lti.models import ToolPick
from courses.lti.passing_back import announce_changes
from courses.lti.platform_models import Passback, Platform
from courses.lti.registering import PlatformPlan, register_platform
from courses.runtime.models import BlockScore
from edu.events.actions import deliver_all
from edu.kernel import clock
from tests.courses.lti import moodle
from tests.courses.lti.conftest import JWT_BEARER, SmallTool, form_of, make_lab, path_of
from tests.courses.lti.test_picking import Desk, desk  # noqa: F401  (a fixture)
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.factories.blocks import UNIT, problem
from tests.factories.people import make_actor, make_person, sign_in
from tests.factories.rsa_tokens import Signer, verified
from tests.factories.small_server import Asked, SmallServer, small_server

pytestmark = pytest.mark.django_db
CLIENT = "hR5cW2kQzZ8mT4v"
LAUNCH = "http://localhost:8000/lti/launch"
LINE_ITEM = "/mod/lti/services.php/2/lineitems/16/lineitem"


@dataclass
class Moodle:
    """A Moodle as platform, a run of ours, and the browser of a learner of both."""

    server: SmallServer
    signer: Signer
    room: Classroom
    row: Platform
    client: Client

    def launch(self, claims: Any, *, choosing: bool = False) -> Any:
        """Go from the activity to what we answer, each message as Moodle makes it."""
        login = moodle.login_form(self.server.address, CLIENT, LAUNCH, choosing=choosing)
        answer = self.client.post("/lti/login", login)
        assert answer.status_code == 302, answer.content.decode()
        assert answer["Location"].startswith(f"{self.server.address}/mod/lti/auth.php?")
        asked = dict(parse_qsl(urlsplit(answer["Location"]).query))
        assert moodle.auth_refusal(asked, CLIENT, [LAUNCH]) == ""
        assert asked["lti_message_hint"] == login["lti_message_hint"]
        token = self.signer.sign(claims(asked["nonce"]))
        answer = self.client.post("/lti/launch", {"id_token": token, "state": asked["state"]})
        assert answer.status_code == 303, answer.content.decode()
        return answer["Location"]

    def activity(self, nonce: str) -> dict[str, Any]:
        custom = {"guixue_run": str(self.room.run.uuid), "guixue_unit": UNIT}
        return moodle.launch_claims(self.server.address, CLIENT, nonce, LAUNCH, custom)


@pytest.fixture
def there(classroom: MakeClassroom) -> Iterator[Moodle]:
    with small_server() as server:
        signer = Signer()
        server.answers["/mod/lti/certs.php"] = lambda _asked: (200, {"keys": [signer.jwk()]})
        room = classroom([problem("p", weight=4.0)])
        said = moodle.openid_configuration(server.address)
        plan = PlatformPlan(
            name="桂林大学 Moodle",
            issuer=said["issuer"],
            client_id=CLIENT,
            deployment_ids=(moodle.DEPLOYMENT,),
            auth_url=said["authorization_endpoint"],
            token_url=said["token_endpoint"],
            jwks_url=said["jwks_uri"],
        )
        office = make_actor(make_person(role="registrar", institution=room.run.course.institution))
        row = register_platform(plan=plan, acting=office)
        yield Moodle(server, signer, room, row, sign_in(Client(), room.person))


def test_a_moodle_activity_opens_the_unit_and_its_gradebook_gets_the_score(there: Moodle) -> None:
    location = there.launch(there.activity)
    assert there.client.post(f"{location}connect/").status_code == 302
    answer = there.client.get(there.launch(there.activity))
    assert answer["Location"].endswith(f"/learn/{there.room.run.uuid}/{UNIT}/")
    assert Passback.objects.get().line_item == f"{there.server.address}{LINE_ITEM}?type_id={moodle.DEPLOYMENT}"

    scopes: list[str] = []

    def token(asked: Asked) -> tuple[int, Any]:
        claims = verified(asked.form["client_assertion"], Client().get("/lti/jwks").json())
        assert (claims["iss"], claims["sub"]) == (CLIENT, CLIENT)
        assert claims["aud"] == f"{there.server.address}/mod/lti/token.php"
        assert asked.form["grant_type"] == "client_credentials"
        assert asked.form["client_assertion_type"] == JWT_BEARER
        scopes.extend(asked.form["scope"].split())
        return 200, {"access_token": "a1", "token_type": "Bearer", "expires_in": 3600, "scope": asked.form["scope"]}

    there.server.answers["/mod/lti/token.php"] = token
    there.server.answers[f"{LINE_ITEM}/scores"] = lambda _asked: (200, b"")
    BlockScore.objects.create(
        person=there.room.person, run=there.room.run, usage_id="problem@p", earned=3, possible=4,
        content_version=there.room.content, scored_at=clock.now(),
    )  # fmt: skip
    announce_changes()
    deliver_all()
    sent = there.server.of(f"{LINE_ITEM}/scores")[0]
    assert set(scopes) <= set(moodle.SCORE_SCOPES)
    assert sent.headers["content-type"] == "application/vnd.ims.lis.v1.score+json"
    needed = {"userId", "scoreGiven", "scoreMaximum", "timestamp", "activityProgress", "gradingProgress"}
    assert needed <= set(sent.json)
    assert (sent.json["userId"], sent.json["scoreGiven"]) == (moodle.USER, 75.0)
    assert Passback.objects.get().sent_at is not None


def test_a_moodle_teacher_chooses_a_unit_and_moodle_can_read_the_answer(there: Moodle) -> None:
    there.client = Client()
    claims = lambda nonce: moodle.choosing_claims(there.server.address, CLIENT, nonce, LAUNCH)  # noqa: E731
    location = there.launch(claims, choosing=True)
    answer = there.client.post(f"{location}choose/", {"choice": f"{there.room.run.uuid}/{UNIT}"})
    url, fields = form_of(answer.content.decode())
    assert urlsplit(url).path == "/mod/lti/contentitem_return.php"
    assert parse_qs(urlsplit(url).query) == {"course": ["2"], "id": [moodle.DEPLOYMENT], "sesskey": ["k1"]}
    said = verified(fields["JWT"], Client().get("/lti/jwks").json())
    assert (said["iss"], said["aud"]) == (CLIENT, there.server.address)
    assert said["nonce"]
    assert said[f"{moodle.CLAIM}deployment_id"] == moodle.DEPLOYMENT
    item = said[f"{moodle.DL}content_items"][0]
    assert item["type"] == "ltiResourceLink"
    assert all(isinstance(value, str) for value in item["custom"].values())  # Moodle writes them as name=value lines
    assert item["lineItem"]["scoreMaximum"] == 100


def test_moodle_that_refuses_is_read_as_a_refusal(there: Moodle) -> None:
    login = moodle.login_form(there.server.address, CLIENT, LAUNCH)
    asked = dict(parse_qsl(urlsplit(there.client.post("/lti/login", login)["Location"]).query))
    sent = {"error": "access_denied", "error_description": "", "state": asked["state"]}
    assert there.client.post("/lti/launch", sent).status_code == 403


def test_moodle_as_a_tool_in_our_unit_gets_all_that_it_asks_for(
    small_tool: SmallTool, classroom: MakeClassroom
) -> None:
    root = small_tool.server.address
    launch = f"{root}/enrol/lti/launch.php"
    lab = make_lab(
        small_tool,
        classroom,
        login_url=f"{root}/enrol/lti/login.php?id=8e1f",
        launch_url=launch,
        redirect_urls=(launch, f"{root}/enrol/lti/launch_deeplink.php"),
        choosing_url=f"{root}/enrol/lti/launch_deeplink.php",
        lists_members=True,
    )
    url, fields, _page = lab.open()
    assert url == f"{root}/enrol/lti/login.php?id=8e1f"
    assert fields["target_link_uri"] == launch  # it knows two, and takes no other
    asked = moodle.tool_login(fields, launch)
    answer = lab.client.get("/lti/auth", asked)
    to, posted = form_of(answer.content.decode())
    assert (to, posted["state"]) == (launch, asked["state"])
    claims = verified(posted["id_token"], lab.client.get("/lti/jwks").json())
    assert claims["nonce"] == asked["nonce"]
    assert claims[f"{moodle.CLAIM}context"]["type"]
    assert claims[f"{moodle.CLAIM}resource_link"]["id"]
    ags, nrps = claims[f"{moodle.AGS}claim/endpoint"], claims[f"{moodle.NRPS}claim/namesroleservice"]
    assert ags["lineitems"]  # without it Moodle sends no score
    assert set(moodle.SCORE_SCOPES) == set(ags["scope"])
    assert nrps["service_versions"]

    scopes = " ".join([*moodle.SCORE_SCOPES, f"{moodle.NRPS}scope/contextmembership.readonly"])
    sent = {
        "grant_type": "client_credentials",
        "client_assertion_type": JWT_BEARER,
        "client_assertion": small_tool.assertion(lab.row.client_id, "http://localhost:8000/lti/token"),
        "scope": scopes,
    }
    bearer = {"authorization": f"Bearer {Client().post('/lti/token', sent).json()['access_token']}"}
    items = Client().get(path_of(ags["lineitems"]), headers=bearer)
    assert items["Content-Type"] == "application/vnd.ims.lis.v2.lineitemcontainer+json"
    assert [item["id"] for item in items.json()] == [ags["lineitem"]]
    place = claims[f"{moodle.CLAIM}resource_link"]["id"]
    assert len(Client().get(path_of(ags["lineitems"]), {"resource_link_id": place}, headers=bearer).json()) == 1
    assert Client().get(path_of(ags["lineitems"]), {"resource_link_id": "other"}, headers=bearer).json() == []
    assert Client().get(path_of(ags["lineitems"]), {"tag": "grade"}, headers=bearer).json() == []
    members = Client().get(path_of(nrps["context_memberships_url"]), headers=bearer).json()["members"]
    assert [one["user_id"] for one in members] == [claims["sub"]]
    score = {
        "userId": claims["sub"], "scoreGiven": 80, "scoreMaximum": 100, "activityProgress": "Completed",
        "gradingProgress": "FullyGraded", "timestamp": clock.now().isoformat(timespec="seconds"),
    }  # fmt: skip
    answer = Client().post(
        f"{path_of(ags['lineitem'])}/scores",
        json.dumps(score),
        content_type="application/vnd.ims.lis.v1.score+json",
        headers=bearer,
    )
    assert answer.status_code == 204
    assert BlockScore.objects.get().earned == Decimal("3.2")


def test_moodle_as_a_tool_lets_an_author_choose_an_activity(desk: Desk) -> None:  # noqa: F811
    root = desk.tool.server.address
    asked = desk.go(desk.add())
    said = moodle.tool_choice(asked, root)
    answer = desk.post(asked, said)
    assert answer.status_code == 303, answer.content.decode()
    item = ToolPick.objects.get().item
    assert item["url"] == f"{root}/enrol/lti/launch.php"
    assert item["custom"] == ["id=0b3f6c5a-3f1d-4f0e-9d8f-0a8b0c6a2c11"]
    assert (item["title"], item["points"]) == ("第一章测验", "100")
