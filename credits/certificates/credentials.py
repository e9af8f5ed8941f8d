"""A certificate as a W3C Verifiable Credential 2.0 that is also an Open Badge 3.0 or a CLR 2.0, and what is around it.

Everything follows from the frozen statement and the key that signed it; Ed25519 is deterministic, so each time the
same bytes come out. Contexts are named and never fetched.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from django.conf import settings
from joserfc import jwt
from joserfc.jwk import OKPKey

from credits.certificates import badges, integrity, keys, status_list
from credits.certificates import statement as statements
from credits.certificates.badges import CREDENTIALS
from credits.certificates.kinds import CertificateKind
from credits.certificates.models import Certificate, SigningKey
from credits.certificates.rules import PublicKey
from edu.kernel import clock, keyfiles

DID = "https://www.w3.org/ns/did/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"
FILE_NAME = "credential.json"
LIST_VALID = dt.timedelta(hours=24)  # a checker that was offline longer must ask again


def did_of(issuer_code: str) -> str:
    """Return an issuer's did:web, resolved at /issuers/<code>/did.json."""
    host = quote(urlsplit(str(settings.GUIXUE_BASE_URL)).netloc, safe="")
    return f"did:web:{host}:issuers:{issuer_code}"


def credential(row: Certificate) -> dict[str, Any]:
    """Return the unsigned credential: an Open Badge 3.0 for one course, a CLR 2.0 for a transcript."""
    issuer = did_of(statements.field(row.statement, "issuer.code"))
    valid_from = _seconds(statements.issued_at(row.statement) or row.requested_at)
    said = badges.transcript if row.kind == CertificateKind.TRANSCRIPT else badges.badge
    return {**said(row.statement, issuer, valid_from), "credentialStatus": _statuses(row)}


def secured(row: Certificate) -> dict[str, Any]:
    """Return the credential with its Data Integrity proof; Refusal when the key's file cannot be used."""
    said = row.statement
    created = _seconds(statements.issued_at(said) or row.requested_at)
    return integrity.secured(credential(row), method=_method(row.key, row), created=created, sign=_signer(row.key))


def attached(row: Certificate) -> bytes:
    """Return the secured credential as it lies in the paper."""
    return json.dumps(secured(row), ensure_ascii=False, separators=(",", ":")).encode()


def as_jwt(row: Certificate) -> str:
    """Return the credential as a VC-JWT (vc+jwt); Refusal when the key's file cannot be used."""
    key = OKPKey.import_key(keyfiles.pem(keys.private_key(row.key.key_id, row.key.public_key)))
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
