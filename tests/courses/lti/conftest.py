"""A unit with a registered tool, and a small tool of the tests' own that answers on 127.0.0.1."""

import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from django.core.cache import cache
from django.test import Client, override_settings
from pytest_django.fixtures import Settings

from courses.lti.models import Tool
from courses.lti.registering import ToolPlan, register_tool
from courses.runtime import grants
from edu.institutions.models import Institution
from tests.courses.runtime.conftest import Classroom, MakeClassroom, classroom  # noqa: F401  (a fixture)
from tests.factories.blocks import block
from tests.factories.people import make_actor, make_person, sign_in
from tests.factories.rsa_tokens import Signer, times, verified
from tests.factories.small_server import SmallServer, small_server

CLIENT = "tool-of-the-tests"
BLOCK = "lti_consumer@t"
ORIGIN = override_settings(GUIXUE_BLOCKS_ORIGIN="http://{course}.blocks.localhost:8000", ALLOWED_HOSTS=["*"])
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class SmallTool:
    """A tool by the words of the standard: it logs in, believes nothing unsigned, and sends scores."""

    server: SmallServer
    signer: Signer = field(default_factory=Signer)
    keys: list[Signer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keys.append(self.signer)
        self.server.answers["/jwks"] = lambda _asked: (200, {"keys": [key.jwk() for key in self.keys]})

    @property
    def redirect(self) -> str:
        return f"{self.server.address}/launch"

    def plan(self, **changes: Any) -> ToolPlan:
        """What its maker tells the office."""
        address = self.server.address
        values = {
            "name": "电路实验室",
            "login_url": f"{address}/login",
            "launch_url": self.redirect,
            "redirect_urls": (self.redirect,),
            "jwks_url": f"{address}/jwks",
        }
        return ToolPlan(**{**values, **changes})

    def login(self, sent: dict[str, str], **changes: str) -> dict[str, str]:
        """What it asks the platform when a browser comes to its login with these fields."""
        asked = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": sent["client_id"],
            "redirect_uri": self.redirect,
            "login_hint": sent["login_hint"],
            "state": uuid.uuid4().hex,
            "nonce": uuid.uuid4().hex,
        }
        return {**asked, **changes}

    def assertion(self, client_id: str, audience: str, signer: Signer | None = None, **changes: Any) -> str:
        """Its proof of who it is."""
        claims = {"iss": client_id, "sub": client_id, "aud": audience, "jti": uuid.uuid4().hex, **times(), **changes}
        return (signer or self.signer).sign({name: value for name, value in claims.items() if value is not None})


@dataclass
class Lab:
    """A learner in a run whose unit opens the tool."""

    tool: SmallTool
    row: Tool
    room: Classroom
    client: Client  # the learner's browser on the site

    def open(self) -> tuple[str, dict[str, str], str]:
        """Open the block's tool: where the browser goes, with which fields, and the page."""
        token = grants.sign_handler(self.room.grant(BLOCK))
        host = f"{self.room.run.course.label}.blocks.localhost:8000"
        with ORIGIN:
            answer = Client(HTTP_HOST=host).get(f"/h/{token}/tool")
        assert answer.status_code == 200, answer.content.decode()
        return (*form_of(answer.content.decode()), answer.content.decode())

    def launch(self, **changes: str) -> tuple[str, dict[str, str], dict[str, str]]:
        """Go the whole way: where the token went, what was posted, and what the tool had asked."""
        _url, fields, _page = self.open()
        asked = self.tool.login(fields, **changes)
        answer = self.client.get("/lti/auth", asked)
        assert answer.status_code == 200, answer.content.decode()
        return (*form_of(answer.content.decode()), asked)

    def claims(self) -> dict[str, Any]:
        """What the tool learns of a launch, its signature proved."""
        _url, posted, _asked = self.launch()
        return verified(posted["id_token"], self.client.get("/lti/jwks").json())

    def token(self, scope: str = "score", **changes: Any) -> Any:
        """The answer to the tool's wish for an access token."""
        audience = "http://localhost:8000/lti/token"
        sent = {
            "grant_type": "client_credentials",
            "client_assertion_type": JWT_BEARER,
            "client_assertion": self.tool.assertion(self.row.client_id, audience, **changes),
            "scope": " ".join(f"https://purl.imsglobal.org/spec/lti-ags/scope/{one}" for one in scope.split()),
        }
        return Client().post("/lti/token", sent)

    def bearer(self, scope: str = "score") -> str:
        """An access token."""
        answer = self.token(scope)
        assert answer.status_code == 200, answer.content
        return str(answer.json()["access_token"])


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """The address and fields of a page's form."""
    action = re.search(r'action="([^"]*)"', page)
    assert action
    fields = re.findall(r'name="([^"]*)" value="([^"]*)"', page)
    return unescape(action[1]), {unescape(name): unescape(value) for name, value in fields}


def path_of(url: str) -> str:
    """The path of an address of ours."""
    return urlsplit(url).path


@pytest.fixture(scope="session")
def our_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key file of ours, made once: it takes long."""
    file = tmp_path_factory.mktemp("lti") / "lti-20200101T000000-00000000.pem"
    pem = Signer().private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(pem)
    file.chmod(0o600)
    return file


@pytest.fixture(autouse=True)
def _forgetful(our_key: Path, settings: Settings) -> None:
    cache.clear()
    folder = Path(settings.KEYS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy2(our_key, folder)


@pytest.fixture
def small_tool() -> Iterator[SmallTool]:
    with small_server() as server:
        yield SmallTool(server)


def registered(tool: SmallTool, institution: Institution, **changes: Any) -> Tool:
    """The tool as an office registers it."""
    registrar = make_actor(make_person(name="莫老师", role="registrar", institution=institution))
    return register_tool(plan=tool.plan(**changes), acting=registrar)


def make_lab(
    tool: SmallTool,
    classroom: MakeClassroom,  # noqa: F811
    *,
    settings: dict[str, Any] | None = None,
    **changes: Any,
) -> Lab:
    """The unit with the tool's block, and the learner signed in."""
    wanted: dict[str, Any] = {"lti_version": "lti_1p3", "lti_id": CLIENT, "has_score": True, "weight": 4.0}
    wanted |= {"display_name": "串联电路", "custom_parameters": ["chapter=2"], **(settings or {})}
    room = classroom([block(BLOCK, **wanted)])
    row = registered(tool, room.run.course.institution, **changes)
    Tool.objects.filter(pk=row.pk).update(client_id=CLIENT)  # content is never changed, and was there first
    row.client_id = CLIENT
    return Lab(tool, row, room, sign_in(Client(), room.person))


@pytest.fixture
def lab(small_tool: SmallTool, classroom: MakeClassroom) -> Lab:  # noqa: F811
    return make_lab(small_tool, classroom)
