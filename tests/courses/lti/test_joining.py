"""A platform registers itself by one address, and opens nothing before the office has looked at it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from courses.lti import inviting, joining
from courses.lti.platform_models import Invitation, Platform
from edu.events.models import Event
from edu.institutions.models import Institution
from edu.kernel import clock
from edu.kernel.errors import NotPermitted
from tests.courses.lti import moodle
from tests.courses.lti.conftest import path_of
from tests.factories.institutions import make_institution
from tests.factories.people import make_actor, make_person, sign_in
from tests.factories.small_server import Asked, SmallServer, small_server

pytestmark = pytest.mark.django_db
CONFIGURATION = "/mod/lti/openid-configuration.php"
REGISTRATION = "/mod/lti/openid-registration.php"
TOKEN = "eyJ0.eyJzdWIiOiJhIn0.c2ln"
ADDRESS = re.compile(r"http://localhost:8000/lti/register/[\w-]+")


@dataclass
class JoiningMoodle:
    """A Moodle whose administrator pastes the address."""

    server: SmallServer
    configuration: dict[str, Any] = field(default_factory=dict)
    answer: Any = None
    status: int = 200

    def __post_init__(self) -> None:
        self.configuration = moodle.openid_configuration(self.server.address)
        self.server.answers[CONFIGURATION] = lambda _asked: (200, self.configuration)
        self.server.answers[REGISTRATION] = self._register

    def _register(self, asked: Asked) -> tuple[int, Any]:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {}
        refusal = moodle.registration_refusal(asked.json)
        assert not refusal, refusal
        said = moodle.registration_answer(asked.json, "hR5cW2") if self.answer is None else self.answer
        return self.status, said

    def open(self, url: str, **changes: str) -> Any:
        """Open the address in the administrator's browser, who has no account here."""
        sent = {"openid_configuration": f"{self.server.address}{CONFIGURATION}", "registration_token": TOKEN, **changes}
        return Client().get(path_of(url), sent)


@pytest.fixture
def there() -> Iterator[JoiningMoodle]:
    with small_server() as server:
        yield JoiningMoodle(server)


@pytest.fixture
def institution() -> Institution:
    return make_institution()


@pytest.fixture
def office(institution: Institution) -> Client:
    return sign_in(Client(), make_person(name="莫老师", role="registrar", institution=institution))


@pytest.fixture
def address(institution: Institution) -> str:
    return joining.invite(acting=make_actor(make_person(role="registrar", institution=institution)))


def test_one_address_connects_a_moodle_once_a_person_confirmed_it(office: Client, there: JoiningMoodle) -> None:
    assert not ADDRESS.search(office.get("/en/registry/lti/platforms/invite/").content.decode())
    shown = ADDRESS.search(office.post("/en/registry/lti/platforms/invite/").content.decode())
    assert shown
    assert shown[0].rpartition("/")[2] not in str(Invitation.objects.values())
    answer = there.open(shown[0])
    text = answer.content.decode()
    assert answer.status_code == 200, text
    assert "org.imsglobal.lti.close" in text
    assert there.server.address in text
    assert "X-Frame-Options" not in answer
    row = Platform.objects.get()
    assert (row.status, row.issuer, row.client_id, row.deployment_ids) == (
        "waiting", there.server.address, "hR5cW2", [moodle.DEPLOYMENT],
    )  # fmt: skip
    assert row.auth_url == f"{there.server.address}/mod/lti/auth.php"
    sent = there.server.of(REGISTRATION)[0].json
    assert sent["initiate_login_uri"] == "http://localhost:8000/lti/login"
    assert sent[moodle.TOOL_CONFIGURATION]["claims"] == ["iss", "sub"]  # no name is asked for

    login = moodle.login_form(row.issuer, row.client_id, "http://localhost:8000/lti/launch")
    assert Client().post("/lti/login", login).status_code == 404
    page = office.get(f"/en/registry/lti/platforms/{row.uuid}/").content.decode()
    assert "registered itself" in page
    assert office.post(f"/en/registry/lti/platforms/{row.uuid}/confirm/", {"seen": "1"}).status_code == 302
    assert Client().post("/lti/login", login).status_code == 302
    page = office.get(f"/en/registry/lti/platforms/{row.uuid}/").content.decode()
    assert "Confirmed" in page
    names = list(Event.objects.order_by("pk").values_list("name", flat=True))
    assert names == [f"courses.lti.{what}" for what in ("invited", "platform_joined", "platform_registered")]


def test_an_address_is_good_once_and_for_three_days(there: JoiningMoodle, address: str) -> None:
    Invitation.objects.update(expires_at=clock.now())
    assert there.open(address).status_code == 404
    assert there.open("http://localhost:8000/lti/register/guessed").status_code == 404
    assert not there.server.asked
    Invitation.objects.update(expires_at=clock.now() + joining.INVITATION)
    assert there.open(address).status_code == 200
    assert there.open(address).status_code == 404
    assert Platform.objects.count() == 1
    assert inviting.forget_old() == 0
    Invitation.objects.update(expires_at=clock.now().replace(year=2020))
    assert inviting.forget_old() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"openid_configuration": ""},
        {"openid_configuration": "http://169.254.169.254/latest/meta-data"},
        {"openid_configuration": "https://127.0.0.2/x"},
        {"openid_configuration": "file:///etc/passwd"},
        {"openid_configuration": "https://localhost:5432/"},
        {"registration_token": "a\r\nX-Evil: 1"},
        {"registration_token": "x" * 9000},
        {"registration_token": "another"},
    ],
    ids=lambda wrong: str(wrong)[:60],
)
def test_an_administrators_browser_cannot_make_us_ask_elsewhere(
    there: JoiningMoodle, address: str, wrong: dict[str, str]
) -> None:
    assert there.open(address, **wrong).status_code == 422
    _nothing_was_kept(there, address)


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://elsewhere.example"},
        {"issuer": None},
        {"registration_endpoint": None},
        {"registration_endpoint": "http://10.0.0.1/register"},
        {"registration_endpoint": "https://10.0.0.1/register"},
        {"token_endpoint": "http://10.0.0.1/token"},
        {"jwks_uri": "https://user:secret@elsewhere.example/"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": f"https://elsewhere.example/{'x' * 500}"},
    ],
    ids=lambda wrong: str(wrong)[:60],
)
def test_a_configuration_that_does_not_hold_is_refused(
    there: JoiningMoodle, address: str, wrong: dict[str, Any]
) -> None:
    right = dict(there.configuration)
    there.configuration.update(wrong)
    assert there.open(address).status_code == 422
    there.configuration = right
    _nothing_was_kept(there, address)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, {}),
        (302, {}),
        (200, []),
        (200, {}),
        (200, {"client_id": 7}),
        (200, {"client_id": "x" * 201}),
        (200, b"no"),
    ],
    ids=str,
)
def test_an_answer_that_does_not_hold_is_refused(there: JoiningMoodle, address: str, status: int, answer: Any) -> None:
    there.status, there.answer = status, answer
    assert there.open(address).status_code == 422
    there.status, there.answer = 200, None
    _nothing_was_kept(there, address)


def _nothing_was_kept(there: JoiningMoodle, address: str) -> None:
    assert not Platform.objects.exists()
    assert not Event.objects.filter(name="courses.lti.platform_joined").exists()
    assert there.open(address).status_code == 200  # the address is still good


def test_a_platform_without_a_deployment_waits_for_one(
    office: Client, there: JoiningMoodle, address: str, institution: Institution
) -> None:
    there.answer = {"client_id": "hR5cW2"}
    there.open(address)
    row = Platform.objects.get()
    path = f"/en/registry/lti/platforms/{row.uuid}/"
    assert "deployment" in office.post(f"{path}confirm/", {"seen": "1"}, follow=True).content.decode()
    assert Platform.objects.get().status == "waiting"
    sent = {name: getattr(row, name) for name in ("name", "issuer", "client_id", "auth_url", "token_url", "jwks_url")}
    sent |= {"deployment_ids": "3", "seen": "1", "reason": "对方管理员电话告知"}
    assert office.post(f"{path}change/", sent).status_code == 302
    office.post(f"{path}confirm/", {"seen": "1"})  # saw it before the change
    assert Platform.objects.get().status == "waiting"
    office.post(f"{path}confirm/", {"seen": "2"})
    assert Platform.objects.get().status == "active"


def test_a_platform_that_is_connected_already_is_not_confirmed_twice(
    office: Client, there: JoiningMoodle, address: str, institution: Institution
) -> None:
    actor = make_actor(make_person(role="registrar", institution=institution))
    there.open(address)
    there.open(joining.invite(acting=actor))
    first, second = Platform.objects.order_by("pk")
    office.post(f"/en/registry/lti/platforms/{first.uuid}/confirm/", {"seen": "1"})
    office.post(f"/en/registry/lti/platforms/{second.uuid}/confirm/", {"seen": "1"})
    assert list(Platform.objects.order_by("pk").values_list("status", flat=True)) == ["active", "waiting"]
    assert there.open(joining.invite(acting=actor)).status_code == 422
    assert office.post(f"/en/registry/lti/platforms/{second.uuid}/", {"reason": "重复"}).status_code == 302
    assert office.post(f"/en/registry/lti/platforms/{second.uuid}/confirm/", {"seen": "1"}).status_code == 302
    assert Platform.objects.get(pk=second.pk).status == "closed"


def test_only_the_office_invites_and_confirms(there: JoiningMoodle, address: str) -> None:
    there.open(address)
    row = Platform.objects.get()
    for role in ("registrar", "teacher"):  # of another institution
        person = make_person(role=role)
        client = sign_in(Client(), person)
        assert client.post(f"/en/registry/lti/platforms/{row.uuid}/confirm/", {"seen": "1"}).status_code == 404
    with pytest.raises(NotPermitted):
        joining.invite(acting=make_actor(make_person(role="teacher")))
    assert client.post("/en/registry/lti/platforms/invite/").status_code == 404
    assert Platform.objects.get().status == "waiting"
    assert Invitation.objects.count() == 1


def test_what_we_say_of_ourselves_is_json() -> None:
    assert json.loads(json.dumps(joining.about_us()))["token_endpoint_auth_method"] == "private_key_jwt"
