"""Our runs opened from a partner's platform: only by a launch that holds, in the browser that began it."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from courses.lti import erasing, platforms
from courses.lti.passing_back import announce_changes
from courses.lti.platform_models import Passback, Platform, PlatformAccount, PlatformLogin
from courses.lti.registering import PlatformPlan, close_platform, register_platform
from courses.runtime.models import BlockScore
from edu.events.actions import deliver_all, deliver_due
from edu.events.models import Delivery, Event
from edu.kernel import clock
from edu.kernel.actor import Actor
from tests.courses.lti.conftest import form_of
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.factories.blocks import UNIT, problem
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_person, sign_in
from tests.factories.rsa_tokens import Signer, times, verified
from tests.factories.small_server import Asked, SmallServer, small_server

pytestmark = pytest.mark.django_db
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
ISSUER, CLIENT = "https://moodle.example", "guixue-at-moodle"


@dataclass
class SmallPlatform:
    """A platform by the words of the standard: it launches its learner, takes scores, and proves who sends them."""

    server: SmallServer
    signer: Signer = field(default_factory=Signer)
    keys: list[Signer] = field(default_factory=list)
    scores: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False

    def __post_init__(self) -> None:
        self.keys.append(self.signer)
        self.server.answers["/jwks"] = lambda _asked: (200, {"keys": [key.jwk() for key in self.keys]})
        self.server.answers["/token"] = self._token
        self.server.answers["/items/1/scores"] = self._score

    def plan(self, **changes: Any) -> PlatformPlan:
        """What its administrator tells the office."""
        address = self.server.address
        values = {
            "name": "桂林大学 Moodle",
            "issuer": ISSUER,
            "client_id": CLIENT,
            "deployment_ids": ("1", "2"),
            "auth_url": f"{address}/auth",
            "token_url": f"{address}/token",
            "jwks_url": f"{address}/jwks",
        }
        return PlatformPlan(**{**values, **changes})

    def claims(self, ours: str, **changes: Any) -> dict[str, Any]:
        """What it says of a learner who opens a link; None leaves a claim out."""
        said = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "learner-7",
            "nonce": ours,
            **times(),
            f"{CLAIM}message_type": "LtiResourceLinkRequest",
            f"{CLAIM}version": "1.3.0",
            f"{CLAIM}deployment_id": "1",
            f"{CLAIM}roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            AGS: {"scope": [SCORE], "lineitem": f"{self.server.address}/items/1?type=7"},
            "email": "teacher@guixue.example",  # somebody's address here: it must open nothing
        }
        return {name: value for name, value in {**said, **changes}.items() if value is not None}

    def _token(self, asked: Asked) -> tuple[int, Any]:
        claims = verified(asked.form["client_assertion"], Client().get("/lti/jwks").json())
        assert (claims["iss"], claims["sub"], claims["aud"]) == (CLIENT, CLIENT, f"{self.server.address}/token")
        assert claims["jti"]
        assert asked.form["scope"] == SCORE
        return (503, {}) if self.down else (200, {"access_token": "secret", "token_type": "Bearer"})

    def _score(self, asked: Asked) -> tuple[int, Any]:
        if asked.headers["authorization"] != "Bearer secret" or self.down:
            return 401, {}
        assert asked.headers["content-type"] == "application/vnd.ims.lis.v1.score+json"
        self.scores.append(asked.json)
        return 200, {}


@dataclass
class Visit:
    """A learner of the platform before the run's door."""

    platform: SmallPlatform
    row: Platform
    room: Classroom
    client: Client

    def begin(self, **changes: str) -> dict[str, str]:
        """Open the platform's link: what we ask the platform."""
        sent = {"iss": ISSUER, "client_id": CLIENT, "login_hint": "7", "target_link_uri": "http://localhost/x"}
        sent |= {"lti_deployment_id": "1", "lti_message_hint": "m", **changes}
        answer = self.client.get("/lti/login", sent)
        assert answer.status_code == 302, answer.content.decode()
        return dict(parse_qsl(urlsplit(answer["Location"]).query))

    def custom(self, unit: str = "") -> dict[str, str]:
        return {"guixue_run": str(self.room.run.uuid), "guixue_unit": unit}

    def post(self, asked: dict[str, str], signer: Signer | None = None, header: Any = None, **changes: Any) -> Any:
        """Let the platform's page post its launch; a claim's name may be given short."""
        long = {f"{CLAIM}{name}" if name in SHORT else name: value for name, value in changes.items()}
        long.setdefault(f"{CLAIM}custom", self.custom(UNIT))
        claims = self.platform.claims(asked["nonce"], **long)
        token = (signer or self.platform.signer).sign(claims, **(header or {}))
        return self.client.post("/lti/launch", {"state": asked["state"], "id_token": token})

    def arrive(self, **changes: Any) -> Any:
        """Go the whole way to what the learner sees."""
        answer = self.post(self.begin(), **changes)
        assert answer.status_code == 303, answer.content.decode()
        return self.client.get(answer["Location"])

    def connect(self) -> None:
        """Say once who one is."""
        page = self.arrive()
        action, fields = form_of(page.content.decode().split("<main", 1)[1])
        assert self.client.post(action, fields).status_code == 302


SHORT = {"deployment_id", "message_type", "version", "custom", "roles"}


@pytest.fixture
def small_platform() -> Iterator[SmallPlatform]:
    with small_server() as server:
        yield SmallPlatform(server)


@pytest.fixture
def visit(small_platform: SmallPlatform, classroom: MakeClassroom) -> Visit:
    room = classroom([problem("p", weight=4.0)])
    office = make_actor(make_person(role="registrar", institution=room.run.course.institution))
    row = register_platform(plan=small_platform.plan(), acting=office)
    return Visit(small_platform, row, room, sign_in(Client(), room.person))


def test_a_login_asks_the_platform_as_the_standard_says(visit: Visit) -> None:
    asked = visit.begin()
    assert {name: asked[name] for name in ("scope", "response_type", "response_mode", "prompt", "client_id")} == {
        "scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none",
        "client_id": CLIENT,
    }  # fmt: skip
    assert asked["redirect_uri"] == "http://localhost:8000/lti/launch"
    assert (asked["login_hint"], asked["lti_message_hint"]) == ("7", "m")
    again = visit.begin()
    assert asked["nonce"] != again["nonce"]
    assert asked["state"] != again["state"]


def test_a_learner_says_once_who_they_are_and_arrives_at_the_unit(visit: Visit) -> None:
    page = visit.arrive()
    assert "桂林大学 Moodle" in page.content.decode()
    assert not PlatformAccount.objects.exists()  # nothing follows from a launch alone
    visit.connect()
    assert PlatformAccount.objects.get().person == visit.room.person
    assert visit.arrive()["Location"].endswith(f"/learn/{visit.room.run.uuid}/{UNIT}/")
    assert visit.arrive(custom=visit.custom())["Location"].endswith(f"/learn/{visit.room.run.uuid}/")


def test_an_email_opens_nothing_and_a_launch_signs_nobody_in(visit: Visit) -> None:
    make_person(name="覃老师", email="teacher@guixue.example")
    visit.client = Client()
    answer = visit.arrive()
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]
    assert "_auth_user_id" not in visit.client.session


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "somebody"},
        {"aud": [CLIENT, "somebody"]},
        {"azp": "somebody"},
        {"nonce": "guessed"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_000_000_000, "exp": 4_000_000_100},
        {"deployment_id": "3"},
        {"deployment_id": None},
        {"version": "1.1.0"},
        {"message_type": "LtiSubmissionReviewRequest"},
        {"sub": None},
        {"sub": "x" * 300},
        {"header": {"alg": "none"}},
        {"header": {"alg": "HS256"}},
        {"header": {"kid": "unknown"}},
        {"signer": Signer()},
    ],
    ids=lambda wrong: "another signer" if "signer" in wrong else str(wrong),  # a key has another name in each worker
)
def test_a_launch_that_does_not_hold_is_refused_and_leaves_no_trace(visit: Visit, wrong: dict[str, Any]) -> None:
    asked = visit.begin()
    answer = visit.post(asked, **wrong)
    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()
    login = PlatformLogin.objects.get()
    assert (login.launched_at, login.launch) == (None, {})
    assert visit.post(asked).status_code == 303  # the true one still comes through


def test_a_launch_is_taken_once(visit: Visit) -> None:
    asked = visit.begin()
    first = visit.post(asked)
    before = PlatformLogin.objects.get().launch
    assert visit.post(asked, sub="somebody-else").status_code == 409
    assert PlatformLogin.objects.get().launch == before
    assert visit.client.get(first["Location"]).status_code == 200


@pytest.mark.parametrize("state", ["", "forged", "x" * 5000])
def test_a_state_that_was_not_given_here_is_refused(visit: Visit, state: str) -> None:
    asked = visit.begin()
    assert visit.post({**asked, "state": state}).status_code == 403
    assert PlatformLogin.objects.get().launched_at is None


def test_a_launch_belongs_to_the_browser_that_began_it(visit: Visit) -> None:
    answer = visit.post(visit.begin())
    other = sign_in(Client(), make_person(name="别人"))
    assert other.get(answer["Location"]).status_code == 403
    assert other.post(f"{answer['Location']}connect/").status_code == 403
    assert not PlatformAccount.objects.exists()


def test_a_login_is_too_old_after_a_while(visit: Visit) -> None:
    asked = visit.begin()
    PlatformLogin.objects.update(expires_at=clock.now())
    assert visit.post(asked).status_code == 403
    assert visit.client.get(f"/lti/arrive/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"iss": "https://elsewhere.example"}, {"client_id": "x"}, {"lti_deployment_id": "3"}, {"login_hint": ""},
     {"target_link_uri": ""}],
    ids=str,
)  # fmt: skip
def test_a_platform_that_nobody_connected_begins_no_login(visit: Visit, wrong: dict[str, str]) -> None:
    sent = {"iss": ISSUER, "client_id": CLIENT, "login_hint": "7", "target_link_uri": "x", "lti_deployment_id": "1"}
    assert visit.client.post("/lti/login", {**sent, **wrong}).status_code in {403, 404}
    assert not PlatformLogin.objects.exists()


def test_a_rotated_key_is_found(visit: Visit) -> None:
    visit.post(visit.begin())
    new = Signer()
    visit.platform.keys[:] = [new]
    assert visit.post(visit.begin(), signer=new).status_code == 303


def test_a_closed_platform_opens_nothing(visit: Visit) -> None:
    asked, answer = visit.begin(), visit.post(visit.begin())
    office = make_actor(make_person(role="registrar", institution=visit.room.run.course.institution))
    close_platform(platform_uuid=visit.row.uuid, reason="合作结束", acting=office)
    assert visit.post(asked).status_code == 403
    assert visit.client.get(answer["Location"]).status_code == 404


def test_a_learner_of_the_platform_is_one_person_here(visit: Visit) -> None:
    visit.connect()
    visit.client = sign_in(Client(), make_person(name="别人"))
    assert visit.arrive().status_code == 403
    visit.client = sign_in(Client(), visit.room.person)
    assert visit.arrive(sub="learner-8").status_code == 403
    assert PlatformAccount.objects.count() == 1


def test_a_run_of_another_institution_is_not_there(visit: Visit) -> None:
    visit.connect()
    Platform.objects.update(institution=make_institution())
    assert visit.arrive().status_code == 404
    customs: list[Any] = [{"guixue_run": "x"}, {}, [], None]
    for custom in customs:
        assert visit.arrive(custom=custom).status_code in {404, 422}


def test_who_has_no_place_is_shown_the_way_to_one(visit: Visit) -> None:
    visit.connect()
    visit.room.person.enrolments.update(status="withdrawn")
    Passback.objects.all().delete()
    answer = visit.arrive()
    assert answer.status_code == 200
    assert not Passback.objects.exists()


def _earn(visit: Visit, earned: int) -> None:
    BlockScore.objects.update_or_create(
        person=visit.room.person, run=visit.room.run, usage_id="problem@p",
        defaults={"earned": earned, "possible": 4, "content_version": visit.room.content, "scored_at": clock.now()},
    )  # fmt: skip


def _connected(visit: Visit) -> None:
    visit.connect()
    visit.arrive()
    _earn(visit, 3)


def test_a_score_goes_back_in_the_background(visit: Visit) -> None:
    _connected(visit)
    assert visit.platform.scores == []
    assert announce_changes() == 1
    deliver_all()
    sent = visit.platform.scores[0]
    assert (sent["userId"], sent["scoreGiven"], sent["scoreMaximum"]) == ("learner-7", 75.0, 100)
    assert (sent["activityProgress"], sent["gradingProgress"]) == ("InProgress", "FullyGraded")
    assert visit.room.person.name not in json.dumps(sent, ensure_ascii=False)
    assert announce_changes() == 0
    _earn(visit, 4)
    announce_changes()
    deliver_all()
    assert [one["scoreGiven"] for one in visit.platform.scores] == [75.0, 100.0]
    assert len(visit.platform.server.of("/token")) == 1  # a token serves until it is over


def test_a_platform_that_is_down_gets_the_score_later(visit: Visit) -> None:
    _connected(visit)
    visit.platform.down = True
    announce_changes()
    deliver_due()
    delivery = Delivery.objects.get(subscriber="courses.lti.send_score")
    assert (delivery.status, delivery.attempts) == ("waiting", 1)
    assert Passback.objects.get().sent_at is None
    visit.platform.down = False
    Delivery.objects.update(next_attempt_at=clock.now())
    deliver_all()
    assert len(visit.platform.scores) == 1
    assert Passback.objects.get().sent_at is not None


def test_who_disconnects_sends_no_score(visit: Visit) -> None:
    _connected(visit)
    page = visit.client.get("/en/account/platforms/")
    assert "桂林大学 Moodle" in page.content.decode()
    account = PlatformAccount.objects.get()
    other = sign_in(Client(), make_person(name="别人"))
    assert other.post("/en/account/platforms/", {"link": account.pk}).status_code == 404
    assert visit.client.post("/en/account/platforms/", {"link": account.pk}).status_code == 302
    assert announce_changes() == 0
    assert visit.client.post("/en/account/platforms/", {"link": "9" * 30}).status_code == 404
    names = set(Event.objects.filter(name__startswith="courses.lti.platform").values_list("name", flat=True))
    assert {"courses.lti.platform_linked", "courses.lti.platform_unlinked"} <= names


def _choosing(visit: Visit, **changes: Any) -> dict[str, Any]:
    settings = {
        "deep_link_return_url": "https://moodle.example/return",
        "accept_types": ["ltiResourceLink"],
        "data": "d",
    }
    said = {f"{DL}deep_linking_settings": settings, "message_type": "LtiDeepLinkingRequest"}
    return {**said, "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"], **changes}


def test_a_teacher_of_the_platform_chooses_a_unit(visit: Visit) -> None:
    visit.client = Client()  # needs no account here
    answer = visit.post(visit.begin(), **_choosing(visit))
    page = visit.client.get(answer["Location"], {"run": str(visit.room.run.uuid)}).content.decode()
    key = f"{visit.room.run.uuid}/{UNIT}"
    assert f'value="{key}"' in page
    assert visit.client.post(f"{answer['Location']}choose/", {"choice": f"{uuid.uuid4()}"}).status_code == 404
    assert visit.client.post(f"{answer['Location']}choose/", {"choice": key + "x"}).status_code == 404
    sent = visit.client.post(f"{answer['Location']}choose/", {"choice": key})
    url, fields = form_of(sent.content.decode())
    assert url == "https://moodle.example/return"
    claims = verified(fields["JWT"], visit.client.get("/lti/jwks").json())
    item = claims[f"{DL}content_items"][0]
    assert (claims["iss"], claims["aud"], claims[f"{DL}data"]) == (CLIENT, ISSUER, "d")
    assert item["custom"] == visit.custom(UNIT)
    assert item["url"] == "http://localhost:8000/lti/launch"


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]},
        {"roles": None},
        {f"{DL}deep_linking_settings": None},
        {f"{DL}deep_linking_settings": {"accept_types": ["file"], "deep_link_return_url": "https://moodle.example/"}},
        {f"{DL}deep_linking_settings": {"accept_types": ["ltiResourceLink"], "deep_link_return_url": "javascript:x"}},
    ],
    ids=str,
)
def test_a_choice_out_of_order_is_refused(visit: Visit, wrong: dict[str, Any]) -> None:
    assert visit.post(visit.begin(), **_choosing(visit, **wrong)).status_code == 403
    assert PlatformLogin.objects.get().launched_at is None


def test_logins_that_are_over_are_forgotten(visit: Visit) -> None:
    visit.begin()
    assert platforms.forget_old() == 0
    PlatformLogin.objects.update(expires_at=clock.now().replace(year=2020))
    assert platforms.forget_old() == 1


def test_an_office_connects_a_platform(client: Client, small_platform: SmallPlatform) -> None:
    person = make_person(role="registrar")
    sign_in(client, person)
    page = client.get("/en/registry/lti/platforms/new/").content.decode()
    assert "http://localhost:8000/lti/login" in page
    plan = small_platform.plan()
    filled = {
        name: getattr(plan, name) for name in ("name", "issuer", "client_id", "auth_url", "token_url", "jwks_url")
    }
    assert client.post("/en/registry/lti/platforms/new/", {**filled, "deployment_ids": " \n"}).status_code == 422
    assert not Platform.objects.exists()
    assert client.post("/en/registry/lti/platforms/new/", {**filled, "deployment_ids": "1\n2"}).status_code == 302
    row = Platform.objects.get()
    assert row.deployment_ids == ["1", "2"]
    assert client.post("/en/registry/lti/platforms/new/", {**filled, "deployment_ids": "1"}).status_code == 422
    path = f"/en/registry/lti/platforms/{row.uuid}/"
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "合作结束"}).status_code == 302
    assert "合作结束" in client.get(path).content.decode()
    assert isinstance(make_actor(person), Actor)
    sign_in(client, make_person(role="registrar"))
    assert client.get(path).status_code == 404


def test_an_erased_person_is_nobody_to_other_servers(visit: Visit) -> None:
    _connected(visit)
    erasing.erase(visit.room.person.uuid)
    assert not PlatformAccount.objects.exists()
    assert not Passback.objects.exists()
    assert not PlatformLogin.objects.exists()
    assert BlockScore.objects.count() == 1
    erasing.erase(visit.room.person.uuid)
