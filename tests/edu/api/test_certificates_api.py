"""The API's manners, and its first endpoint."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.cache import cache
from django.test import Client, RequestFactory
from ninja import Router
from pytest_django.fixtures import Settings

from credits.certificates import actions
from credits.certificates.models import Certificate
from edu.api import limits, registry
from edu.kernel.canonical import canonical_bytes
from tests.factories.certificates import Scene, issued, make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def alone(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.KEYS_DIR = tmp_path / "keys"
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.fixture
def certificate(scene: Scene) -> Certificate:
    return issued(scene)


def test_a_stranger_can_verify_a_certificate_with_what_the_api_says(client: Client, certificate: Certificate) -> None:
    answer = client.get(f"/api/v1/certificates/{certificate.token}")
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "valid"
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(body["key"]["public_key"]))
    key.verify(base64.b64decode(body["signature"]), canonical_bytes(body["statement"]))
    keys = client.get(f"/api/v1/issuers/{body['statement']['issuer']['code']}/keys").json()
    assert body["key"] in keys["keys"]


def test_a_revoked_certificate_says_since_when(client: Client, certificate: Certificate, scene: Scene) -> None:
    actions.revoke_certificate(certificate_uuid=certificate.uuid, reason="误发", acting=scene.as_registrar)
    body = client.get(f"/api/v1/certificates/{certificate.token}").json()
    assert body["status"] == "revoked"
    assert body["status_since"].endswith("Z")


@pytest.mark.parametrize("path", ["certificates/AAAAAAAAAAAAAAAAAAAAAA", "issuers/1234567890/keys", "nothing/here", ""])
def test_what_is_not_there_is_a_problem_document(client: Client, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].startswith("urn:guixue:problem:")
    assert answer.json()["status"] == 404


def test_too_many_requests_are_told_when_to_come_back(client: Client, certificate: Certificate) -> None:
    for _request in range(120):
        client.get("/api/v1/certificates/x")
    answer = client.get(f"/api/v1/certificates/{certificate.token}")
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"
    assert 0 < int(answer["Retry-After"]) <= 60


def test_the_description_is_there_and_no_page_from_a_foreign_host(client: Client) -> None:
    description = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/certificates/{token}" in description["paths"]
    assert client.get("/api/v1/docs").status_code == 404


def test_two_routers_cannot_have_one_prefix() -> None:
    with pytest.raises(ValueError, match="certificates"):
        registry.register("certificates", Router())


def test_a_client_cannot_make_up_its_address(settings: Settings) -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": "1.1.1.1, 2.2.2.2"}, REMOTE_ADDR="9.9.9.9")
    assert limits.client_of(request) == "9.9.9.9"
    settings.GUIXUE_TRUSTED_PROXIES = 1
    assert limits.client_of(request) == "2.2.2.2"


def test_a_limit_counts_and_says_how_long() -> None:
    limit = limits.Limit("test", times=2, seconds=3600)
    assert [limits.take(limit, "a"), limits.take(limit, "a"), limits.take(limit, "b")] == [0, 0, 0]
    assert 0 < limits.take(limit, "a") <= 3600
