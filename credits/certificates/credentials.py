"""A certificate as a W3C Verifiable Credential 2.0 that is also an Open Badge 3.0, and the documents around it.

Everything follows from the frozen statement and the key that signed it; Ed25519 is deterministic, so each time the
same bytes come out. Contexts are named and never fetched.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from django.conf import settings
from joserfc import jwt
from joserfc.jwk import OKPKey

from credits.certificates import integrity, keys, status_list
from credits.certificates import statement as statements
from credits.certificates.kinds import CertificateKind
from credits.certificates.models import Certificate, SigningKey
from credits.certificates.rules import PublicKey
from edu.kernel import clock

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DID = "https://www.w3.org/ns/did/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"
FILE_NAME = "credential.json"
LIST_VALID = dt.timedelta(hours=24)  # a checker that was offline longer must ask again


def did_of(issuer_code: str) -> str:
    """Return an issuer's did:web, resolved at /issuers/<code>/did.json."""
    host = quote(urlsplit(str(settings.GUIXUE_BASE_URL)).netloc, safe="")
    return f"did:web:{host}:issuers:{issuer_code}"


def credential(row: Certificate) -> dict[str, Any]:
    """Return the unsigned credential of a certificate."""
    said: Mapping[str, Any] = row.statement

    def text(path: str) -> str:
        return statements.field(said, path)

    course = text("course.name_en") or text("course.name_zh")
    return {
        "@context": [CREDENTIALS, BADGES],
        "id": text("address"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{text('course.name_zh')} {course}".strip(),
        "issuer": _issuer(said),
        "validFrom": _seconds(statements.issued_at(said) or row.requested_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": _names(said),
            "activityStartDate": f"{text('study.from_on')}T00:00:00+08:00",
            "activityEndDate": f"{text('study.to_on')}T00:00:00+08:00",
            **_credits("creditsEarned", said),
            "achievement": _achievement(said, course),
            **_result(said),
        },
        "evidence": [
            {
                "id": text("address"),
                "type": ["Evidence"],
                "name": f"Certificate {text('number')}",
                "narrative": "The signed statement, its place in the transparency log and its status.",
            }
        ],
        "credentialStatus": _statuses(row),
    }


def secured(row: Certificate) -> dict[str, Any]:
    """Return the credential with its Data Integrity proof; Refusal when the key's file cannot be used."""
    said = row.statement
    created = _seconds(statements.issued_at(said) or row.requested_at)
    return integrity.secured(credential(row), method=_method(row.key, row), created=created, sign=_signer(row.key))


def attached(row: Certificate) -> bytes:
    """Return the secured credential as it lies in the paper; b"" for a transcript, which is more than one badge."""
    if row.kind != CertificateKind.COURSE:
        return b""
    return json.dumps(secured(row), ensure_ascii=False, separators=(",", ":")).encode()


def as_jwt(row: Certificate) -> str:
    """Return the credential as a VC-JWT (vc+jwt); Refusal when the key's file cannot be used."""
    key = OKPKey.import_key(keys.private_pem(row.key.key_id, row.key.public_key))
    header = {"alg": "Ed25519", "typ": "vc+jwt", "kid": _method(row.key, row)}
    return jwt.encode(header, credential(row), key, algorithms=["Ed25519"])


def status_credential(
    issuer_code: str, issuer_uuid: UUID, key: SigningKey, number: int, purpose: str
) -> dict[str, Any]:
    """Return a signed status list; NotThere when the issuer has no such list."""
    found = status_list.bits(issuer_uuid, number, purpose)
    address, now = status_list.address(issuer_code, number, purpose), clock.now()
    document = {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did_of(issuer_code),
        "validFrom": _seconds(now),
        "validUntil": _seconds(now + LIST_VALID),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": status_list.encode(found),
        },
    }
    method = f"{did_of(issuer_code)}#{key.key_id}"
    return integrity.secured(document, method=method, created=_seconds(now), sign=_signer(key))


def did_document(issuer_code: str, known: Iterable[PublicKey]) -> dict[str, Any]:
    """Return the issuer's DID document with every key that ever signed: what an old one signed stays good."""
    did = did_of(issuer_code)
    methods = [
        {
            "id": f"{did}#{key.key_id}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": integrity.multikey(base64.b64decode(key.public_key)),
        }
        for key in known
    ]
    ids = [method["id"] for method in methods]
    return {"@context": [DID, MULTIKEY], "id": did, "verificationMethod": methods, "assertionMethod": ids}


def _issuer(said: Mapping[str, Any]) -> dict[str, Any]:
    name = statements.field(said, "issuer.name_en") or statements.field(said, "issuer.name_zh")
    return {"id": did_of(statements.field(said, "issuer.code")), "type": ["Profile"], "name": name}


def _names(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = (statements.field(said, "holder.name_zh"), statements.field(said, "holder.name_latin"))
    return [
        {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}
        for name in names
        if name
    ]


def _achievement(said: Mapping[str, Any], course: str) -> dict[str, Any]:
    hours, run = statements.field(said, "contact_hours"), statements.field(said, "course.run")
    achievement: dict[str, Any] = {
        "id": f"urn:uuid:{statements.field(said, 'lot')}",
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": course,
        "humanCode": statements.field(said, "course.code"),
        "description": ", ".join(part for part in (course, run, f"{hours} contact hours" if hours else "") if part),
        "criteria": {"narrative": "Passed the assessment of the course."},
        **_credits("creditsAvailable", said),
    }
    if statements.field(said, "grade.value"):
        achievement["resultDescription"] = [
            {"id": _result_id(said), "type": ["ResultDescription"], "name": _scale(said), "resultType": "RawScore"}
        ]
    return achievement


def _result(said: Mapping[str, Any]) -> dict[str, Any]:
    grade = statements.field(said, "grade.value")
    if not grade:
        return {}
    return {"result": [{"type": ["Result"], "resultDescription": _result_id(said), "value": grade}]}


def _result_id(said: Mapping[str, Any]) -> str:
    return f"urn:uuid:{statements.field(said, 'lot')}#grade"


def _scale(said: Mapping[str, Any]) -> str:
    return f"Grade ({statements.field(said, 'grade.scale') or 'as given'})"


def _statuses(row: Certificate) -> list[dict[str, Any]]:
    place = row.status_index
    code = statements.field(row.statement, "issuer.code")
    return [
        {
            "id": f"{address}#{place.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(place.index),
            "statusListCredential": address,
        }
        for purpose in status_list.PURPOSES
        for address in (status_list.address(code, place.list_number, purpose),)
    ]


def _method(key: SigningKey, row: Certificate) -> str:
    return f"{did_of(statements.field(row.statement, 'issuer.code'))}#{key.key_id}"


def _signer(key: SigningKey) -> integrity.Sign:
    return lambda message: base64.b64decode(keys.sign(key.key_id, key.public_key, message))


def _seconds(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _credits(name: str, said: Mapping[str, Any]) -> dict[str, float | int]:
    """Return the amount as the number that Open Badges want; inside the platform amounts are text. Hours are none."""
    text = statements.field(said, "credit_points")
    if not text:
        return {}
    amount = Decimal(text)
    return {name: int(amount) if amount == amount.to_integral_value() else float(amount)}
