"""Certificates and issuers' keys in the public API."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema
from ninja.errors import Throttled

from credits.certificates import bulk, checks, queries, records
from credits.certificates.checks import Check
from credits.certificates.rules import Outcome, PublicKey
from edu.api.limits import client_of, take
from edu.institutions import api as institutions_api
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people import api as people

certificates = Router(tags=["certificates"])
VERIFIER = Actor(person_uuid=None, institution_uuid=None, role="verifier")
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


class ItemIn(Schema):
    """One certificate: number and name as they stand on paper, or the machine record as it lies in the PDF."""

    number: str = Field("", max_length=40)
    name: str = Field("", max_length=120)
    record: dict[str, Any] | None = None


class BulkIn(Schema):
    """Up to 200 certificates; the answer has one result for each, in the same order."""

    items: list[ItemIn] = Field(..., min_length=1, max_length=bulk.ITEMS_MAX)


class ResultOut(Schema):
    """What was found. `statement` is null but for a certificate that fits what was given.

    `status` is valid, revoked, superseded, unknown (no such number, or another name: which of both is not told),
    not-genuine (a record that does not hold), unavailable, or too-often (this number, whether it exists or not).
    """

    status: str
    status_since: str | None
    statement: dict[str, Any] | None


class BulkOut(Schema):
    """One result for each item, in their order."""

    checked_at: str
    results: list[ResultOut]


# Before the route with a token, which would take "verify" for one.
@certificates.post("/verify", response={200: BulkOut, 429: dict[str, Any]}, summary="Check up to 200 certificates")
def verify_many(request: HttpRequest, asked: BulkIn) -> Any:
    """Check certificates by number and name, or by their records.

    No account is needed; a client may ask for 2,000 certificates an hour, and about one number ten times an hour.
    Each holder sees that the certificate was checked, not by whom.
    """
    wait_s = take(bulk.ITEMS_BY_CLIENT, client_of(request), len(asked.items))
    if wait_s:
        raise Throttled(wait=wait_s)
    claims = [bulk.Claim(item.number, item.name) for item in asked.items if item.record is None]
    claimed = iter(bulk.by_numbers(claims))
    found = [bulk.of_record(item.record) if item.record is not None else next(claimed) for item in asked.items]
    for check in found:
        if check and check.certificate:
            people.note_access(VERIFIER, check.certificate.holder.uuid, "certificates")
    return BulkOut(checked_at=clock.rfc3339(clock.now()), results=[_result(check) for check in found])


def _result(check: Check | None) -> ResultOut:
    if check is None:
        return ResultOut(status="too-often", status_since=None, statement=None)
    return ResultOut(
        status=check.outcome.value,
        status_since=clock.rfc3339(check.ended_at) if check.ended_at else None,
        statement=dict(check.statement) or None,
    )


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
