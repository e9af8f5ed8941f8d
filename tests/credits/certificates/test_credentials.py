"""A certificate as Verifiable Credential, Open Badge and JWT, checked by code that is not ours."""

import base64
import copy
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import OKPKey

from credits.certificates import actions, credentials, integrity, queries, status_list
from credits.certificates.models import Certificate
from edu.kernel.actor import SYSTEM
from tests.factories.certificates import Scene
from tests.factories.people import sign_in

SCRIPT = Path(__file__).with_name("verify_credential.mjs")
ROOT = Path(__file__).resolve().parents[3]


def row_of(certificate: Certificate) -> Certificate:
    return queries.rows().get(pk=certificate.pk)


def raw_key(certificate: Certificate) -> bytes:
    return base64.b64decode(certificate.key.public_key)


def checked_by_others(credential: dict[str, Any], did: dict[str, Any]) -> dict[str, Any]:
    node = shutil.which("node")
    assert node, "Node.js is needed, as for the pages"
    given = json.dumps({"credential": credential, "did": did})
    done = subprocess.run([node, SCRIPT], input=given, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.reference
def test_the_published_vector_of_the_suite_verifies(reference_data: Path) -> None:
    folder = reference_data / "vc" / "TestVectors"
    signed = json.loads((folder / "eddsa-jcs-2022" / "signedJCS.json").read_text())
    pair = json.loads((folder / "keyPair.json").read_text())
    public = integrity.from_base58(pair["publicKeyMultibase"][1:])[2:]
    assert integrity.holds(signed, public)
    assert integrity.multikey(public) == pair["publicKeyMultibase"]
    combined = (folder / "eddsa-jcs-2022" / "combinedHashJCS.txt").read_text().strip()
    assert integrity.signed_bytes(signed, signed["proof"]).hex() == combined
    signed["issuer"] = "https://vc.example/issuers/5679"
    assert not integrity.holds(signed, public)


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\0\1", bytes(range(34))])
def test_base58_goes_there_and_back(data: bytes) -> None:
    assert integrity.from_base58(integrity.base58(data)) == data


@pytest.mark.django_db
def test_an_independent_library_verifies_it_and_refuses_one_changed_byte(
    certificate: Certificate, scene: Scene
) -> None:
    credential = credentials.secured(row_of(certificate))
    did = credentials.did_document(scene.university.code or "", queries.keys_of(scene.university.uuid))

    found = checked_by_others(credential, did)
    assert (found["verified"], found["statuses"]) == (True, 2), found

    changed = copy.deepcopy(credential)
    changed["credentialSubject"]["result"][0]["value"] = "92"
    found = checked_by_others(changed, did)
    assert found["verified"] is False
    assert "Invalid signature." in found["why"]


@pytest.mark.django_db
def test_it_says_what_an_open_badge_says(certificate: Certificate, scene: Scene) -> None:
    found = credentials.secured(row_of(certificate))
    assert found["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    subject = found["credentialSubject"]
    assert subject["creditsEarned"] == 2
    assert subject["achievement"]["humanCode"] == "DL101"
    assert subject["result"][0]["resultDescription"] == subject["achievement"]["resultDescription"][0]["id"]
    assert [name["identityHash"] for name in subject["identifier"]] == ["韦秀兰", "Wei Xiulan"]
    assert integrity.holds(found, raw_key(certificate))
    assert found == credentials.secured(row_of(certificate))


@pytest.mark.django_db
def test_the_jwt_verifies_and_a_changed_one_does_not(certificate: Certificate) -> None:
    text = credentials.as_jwt(row_of(certificate))
    key = OKPKey.import_key(
        {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw_key(certificate)).decode().rstrip("=")}
    )
    token = jwt.decode(text, key, algorithms=["Ed25519"])
    assert token.header["typ"] == "vc+jwt"
    assert token.claims == credentials.credential(row_of(certificate))

    head, payload, signature = text.split(".")
    Ed25519PublicKey.from_public_bytes(raw_key(certificate)).verify(
        base64.urlsafe_b64decode(signature + "=="), f"{head}.{payload}".encode()
    )  # the same without the library
    body = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    body["credentialSubject"]["creditsEarned"] = 8
    forged = base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")
    with pytest.raises(BadSignatureError):
        jwt.decode(f"{head}.{forged}.{signature}", key, algorithms=["Ed25519"])


@pytest.mark.django_db
def test_status_lists_follow_suspension_restoration_and_revocation(
    certificate: Certificate, scene: Scene, client: Client
) -> None:
    entries = {
        entry["statusPurpose"]: entry for entry in credentials.credential(row_of(certificate))["credentialStatus"]
    }

    def bit(purpose: str) -> bool:
        found = status_list.bits(scene.university.uuid, 1, purpose)
        return status_list.is_set(found, int(entries[purpose]["statusListIndex"]))

    assert (bit("revocation"), bit("suspension")) == (False, False)
    actions.suspend_certificate(certificate_uuid=certificate.uuid, reason="核查", acting=scene.as_registrar)
    assert (bit("revocation"), bit("suspension")) == (False, True)
    actions.restore_certificate(certificate_uuid=certificate.uuid, reason="无误", acting=scene.as_registrar)
    assert (bit("revocation"), bit("suspension")) == (False, False)
    actions.revoke_certificate(certificate_uuid=certificate.uuid, reason="误发", acting=scene.as_registrar)
    assert (bit("revocation"), bit("suspension")) == (True, False)

    response = client.get(entries["revocation"]["statusListCredential"].removeprefix("http://localhost:8000"))
    published = json.loads(response.content)
    assert integrity.holds(published, raw_key(certificate))
    assert response["Cache-Control"] == "public, max-age=300"
    found = status_list.decode(published["credentialSubject"]["encodedList"])
    assert sum(byte.bit_count() for byte in found) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/status/{code}/2/revocation",
        "/status/{code}/1/fame",
        "/status/0000000000/1/revocation",
        "/issuers/0000000000/did.json",
    ],
)
def test_lists_that_are_not_there(certificate: Certificate, scene: Scene, client: Client, path: str) -> None:
    assert client.get(path.format(code=scene.university.code)).status_code == 404


@pytest.mark.parametrize(
    "text", ["", "x", "u", "uAAAA", "u" + "!" * 8, status_list.encode(b"\0" * 100), status_list.encode(b"\0" * 20_000)]
)
def test_a_list_of_another_length_or_kind_is_refused(text: str) -> None:
    with pytest.raises(status_list.NotAList):
        status_list.decode(text)


@pytest.mark.django_db
def test_the_holder_downloads_both_forms_and_a_stranger_neither(
    certificate: Certificate, scene: Scene, client: Client
) -> None:
    page = f"/zh-hans/credits/certificates/{certificate.uuid}"
    sign_in(client, scene.student)
    assert integrity.holds(json.loads(client.get(f"{page}/credential/").content), raw_key(certificate))
    assert client.get(f"{page}/credential-jwt/").content.count(b".") == 2
    sign_in(client, scene.registrar)
    assert client.get(f"{page}/credential/").status_code == 404
    assert client.get(f"{page}/credential-jwt/").status_code == 404
    registry = f"/zh-hans/registry/certificates/{certificate.uuid}"
    assert integrity.holds(json.loads(client.get(f"{registry}/credential/").content), raw_key(certificate))
    assert client.get(f"{registry}/credential-jwt/").content.count(b".") == 2
    page_of_the_office = client.get(f"{registry}/").content.decode()
    assert f"{registry}/credential/" in page_of_the_office
    assert f"{registry}/credential-jwt/" in page_of_the_office
    sign_in(client, scene.student)
    assert client.get(f"{registry}/credential/").status_code == 404
    assert client.get(f"{registry}/credential-jwt/").status_code == 404
    shown = client.get(f"{page}/").content.decode()
    assert f"{page}/credential/" in shown
    assert f"{page}/credential-jwt/" in shown


@pytest.mark.django_db
def test_the_did_document_has_old_keys_too(certificate: Certificate, scene: Scene, client: Client) -> None:
    actions.make_signing_key(institution_uuid=scene.university.uuid, acting=SYSTEM)
    found = json.loads(client.get(f"/issuers/{scene.university.code}/did.json").content)
    assert len(found["verificationMethod"]) == 2
    assert found["assertionMethod"] == [method["id"] for method in found["verificationMethod"]]
