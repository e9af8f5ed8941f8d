"""Certificates and issuers' keys in the public API."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from credits.certificates import checks, queries, records
from credits.certificates.checks import Check
from credits.certificates.rules import Outcome, PublicKey
from edu.institutions import api as institutions_api
from edu.kernel import clock
from edu.kernel.errors import NotThere

certificates = Router(tags=["certificates"])
issuers = Router(tags=["issuers"])


class KeyOut(Schema):
    """The public half of a signing key and its period; `to_at` is null while it signs."""

    key_id: str
    algorithm: str
    public_key: str
    issuer_code: str
    from_at: str
    to_at: str | None


class KeysOut(Schema):
    """Every key an institution ever signed with."""

    issuer_code: str
    keys: list[KeyOut]


class CertificateOut(Schema):
    """A certificate: what was signed, the signature, the key, and whether it is in force."""

    status: str
    status_since: str | None
    superseded_by: str | None
    statement: dict[str, Any]
    signature: str
    key: KeyOut
    checked_at: str


@certificates.get("/{token}", response=CertificateOut, summary="A certificate by the token of its address")
def read_certificate(request: HttpRequest, token: str) -> CertificateOut:
    """Return the signed statement and the status; the signature was verified before this answer was given."""
    check = _found(token)
    assert check.certificate is not None
    key = queries.public_key(check.certificate.key.key_id)
    assert key is not None
    return CertificateOut(
        status=check.outcome.value,
        status_since=clock.rfc3339(check.ended_at) if check.ended_at else None,
        superseded_by=check.successor.number if check.successor else None,
        statement=dict(check.statement),
        signature=check.certificate.signature,
        key=_key(key),
        checked_at=clock.rfc3339(clock.now()),
    )


@issuers.get("/{code}/keys", response=KeysOut, summary="An issuer's public keys, old ones too")
def read_keys(request: HttpRequest, code: str) -> KeysOut:
    """Return the keys by which anybody checks an issuer's certificates without asking this service again."""
    institution = institutions_api.institution_by_code(code)
    return KeysOut(issuer_code=institution.code or "", keys=[_key(key) for key in queries.keys_of(institution.uuid)])


def _found(token: str) -> Check:
    check = checks.by_token(token)
    if check.outcome in (Outcome.UNKNOWN, Outcome.UNAVAILABLE):
        raise NotThere("no-such-certificate", _("There is no such certificate."))
    return check


def _key(key: PublicKey) -> KeyOut:
    return KeyOut(
        key_id=key.key_id,
        algorithm=records.ALGORITHM,
        public_key=key.public_key,
        issuer_code=key.issuer_code,
        from_at=clock.rfc3339(key.from_at),
        to_at=clock.rfc3339(key.to_at) if key.to_at else None,
    )
