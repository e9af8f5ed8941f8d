"""HTTP of the documents that other programs read: credentials, status lists, issuers' keys."""

import json
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from credits.certificates import access, credentials, queries
from credits.certificates.status_list import PURPOSES
from edu.institutions import api as institutions_api
from edu.kernel.errors import NotThere
from edu.people import api as people

FRESH_S = 300  # how old a status list may be at most
NUMBER_MAX = 10_000  # lists an issuer can fill in centuries


@people.signed_in
@require_safe
def my_credential(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand the holder the Verifiable Credential with its Data Integrity proof."""
    row = _own(request, uuid)
    return _file(credentials.secured(row), f"{row.number}-{credentials.FILE_NAME}", "application/vc")


@people.signed_in
@require_safe
def my_jwt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand the holder the credential as VC-JWT."""
    return _jwt(_own(request, uuid))


@people.signed_in
@require_safe
def registry_credential(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand a registrar of the issuer the credential; the holder sees that the record was looked at."""
    row = _issued_here(request, uuid)
    return _file(credentials.secured(row), f"{row.number}-{credentials.FILE_NAME}", "application/vc")


@people.signed_in
@require_safe
def registry_jwt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand a registrar of the issuer the credential as VC-JWT; the holder sees that the record was looked at."""
    return _jwt(_issued_here(request, uuid))


@require_safe
def status(request: HttpRequest, code: str, number: int, purpose: str) -> HttpResponse:
    """Publish one status list; any cache may keep it for five minutes."""
    if purpose not in PURPOSES or number > NUMBER_MAX:
        raise NotThere("no-such-list")
    institution = institutions_api.institution_by_code(code)
    kept = f"status-list:{institution.code}:{number}:{purpose}"
    body = cache.get(kept)
    if body is None:
        key = queries.current_key(institution.uuid)
        if key is None:
            raise NotThere("no-such-list")
        document = credentials.status_credential(institution.code or "", institution.uuid, key, number, purpose)
        body = json.dumps(document, ensure_ascii=False).encode()
        cache.set(kept, body, FRESH_S)
    return _public(body, "application/vc")


@require_safe
def did(request: HttpRequest, code: str) -> HttpResponse:
    """Publish an issuer's DID document."""
    institution = institutions_api.institution_by_code(code)
    known = queries.keys_of(institution.uuid)
    if not known:
        raise NotThere("no-such-issuer")
    document = credentials.did_document(institution.code or "", known)
    return _public(json.dumps(document, ensure_ascii=False).encode(), "application/did")


def _own(request: HttpRequest, uuid: UUID) -> Any:
    return _made(access.own_certificate(people.actor_of(request), uuid))


def _issued_here(request: HttpRequest, uuid: UUID) -> Any:
    return _made(access.issued_here(people.require_role(request, people.Role.REGISTRAR), uuid))


def _made(row: Any) -> Any:
    if not row.issued_at or not hasattr(row, "status_index"):
        raise NotThere("not-made-yet")
    return row


def _file(document: dict[str, Any], name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(json.dumps(document, ensure_ascii=False, indent=1), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _jwt(row: Any) -> HttpResponse:
    response = HttpResponse(credentials.as_jwt(row), content_type="application/vc+jwt")
    response["Content-Disposition"] = f'attachment; filename="{row.number}.jwt"'
    return response


def _public(body: bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    response["Cache-Control"] = f"public, max-age={FRESH_S}"
    response["Access-Control-Allow-Origin"] = "*"  # checkers on other sites read it; it holds nobody's data
    return response
