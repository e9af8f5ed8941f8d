"""HTTP of what stands beside the blocks: launches of tools on other servers, their results, files of packages."""

import secrets
from decimal import Decimal
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from courses.runtime import access, actions, addresses, grants, lti, packed, policies, queries
from courses.runtime.grants import Grant
from courses.runtime.runtime import UnitRuntime
from edu.kernel.errors import NotThere, Refusal

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<imsx_POXEnvelopeResponse xmlns="http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0"><imsx_POXHeader>
<imsx_POXResponseHeaderInfo><imsx_version>V1.0</imsx_version><imsx_messageIdentifier>{message}</imsx_messageIdentifier>
<imsx_statusInfo><imsx_codeMajor>{code}</imsx_codeMajor><imsx_severity>status</imsx_severity>
<imsx_description>{words}</imsx_description></imsx_statusInfo></imsx_POXResponseHeaderInfo></imsx_POXHeader>
<imsx_POXBody>{body}</imsx_POXBody></imsx_POXEnvelopeResponse>"""


@require_safe
def launch(request: HttpRequest, token: str) -> HttpResponse:
    """Send the learner to a tool: a page with one form, which sends itself."""
    grant = grants.read_handler(token)
    with translation.override(grant.language):
        runtime, block = _tool(grant)
        made = lti.launch(runtime, block)
        nonce = secrets.token_urlsafe(16)
        response = render(request, "courses/runtime/lti_launch.html", {"launch": made, "nonce": nonce})
    response["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; form-action {made.host}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response[policies.CONNECTIONS] = policies.ANYWHERE  # a tool may send the learner on to where one signs in
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def outcome(request: HttpRequest, token: str) -> HttpResponse:
    """Take or tell a learner's result in the words of LTI 1.1; what is refused is said in them too."""
    grant = grants.read_tool(token)
    runtime, block = _tool(grant)
    url = addresses.origin(runtime.place.course_label) + request.path
    authorization = str(request.META.get(addresses.TOOL_SIGNATURE, ""))
    lti.check_signature(grant, block, url=url, authorization=authorization, body=request.body)
    try:
        result = lti.read_result(request.body)
    except Refusal as refusal:
        return _envelope("failure", str(refusal.message))
    if not block.has_score:
        return _envelope("failure", "This block takes no result.", result.message)
    if result.kind == "replaceResult":
        assert result.score is not None  # read_result has seen to it
        _store(grant, result.score)
        return _envelope("success", "The score is stored.", result.message, "<replaceResultResponse/>")
    if result.kind == "readResult":
        return _envelope("success", "The score as it stands.", result.message, _read(grant))
    return _envelope("unsupported", "This operation is not supported.", result.message)


def _tool(grant: Grant) -> tuple[UnitRuntime, Any]:
    """Return the runtime and the block of a tool; NotThere for another block."""
    place = access.place_of(grant)
    blocks = queries.blocks_of_unit(place, grant.unit_id)
    info = blocks.get(grant.usage_id)
    if info is None or not info.is_supported or info.block_type not in lti.TYPES:
        raise NotThere("no-such-block")
    runtime = UnitRuntime(grant, place, blocks)
    return runtime, runtime.block(grant.usage_id)


def _store(grant: Grant, score: Decimal) -> None:
    with transaction.atomic():
        actions.store_part(grant, score)


def _read(grant: Grant) -> str:
    standing = queries.standing_of(grant.run_id, grant.person_id, [grant.usage_id]).get(grant.usage_id)
    part = standing.earned / standing.possible if standing and standing.scored and standing.possible else None
    text = "" if part is None else f"{part:.6f}"
    return (
        "<readResultResponse><result><resultScore><language>en</language>"
        f"<textString>{text}</textString></resultScore></result></readResultResponse>"
    )


def _envelope(code: str, words: str, message: str = "", body: str = "") -> HttpResponse:
    text = ENVELOPE.format(code=code, words=escape(words), message=escape(message), body=body)
    return HttpResponse(text, content_type="application/xml", headers={"Cache-Control": "no-store"})


@require_safe
def packed_file(request: HttpRequest, version: UUID, path: str, name: str) -> HttpResponse:
    """Send a file of a package of the course; its pages may do what blocks may."""
    access.check_framed(request, may_be_read=True)  # also what its pages load
    return packed_page(request, packed.member(access.version_here(request, version).id, path, name))


def packed_page(request: HttpRequest, found: packed.Member) -> HttpResponse:
    """Return a file of a package as its pages need it, under the origin of its course."""
    charset = "; charset=utf-8" if found.media_type.startswith("text/") else ""
    response = HttpResponse(found.body, content_type=found.media_type + charset)
    response["Cache-Control"] = policies.FOREVER
    response["ETag"] = f'"{found.etag}"'
    response["Content-Security-Policy"] = policies.content_security_policy(
        origin_of(request), ancestors=f"{addresses.site_origin()} {origin_of(request)}"
    )
    return response


def origin_of(request: HttpRequest) -> str:
    """Return the origin under which a request of the block origin came."""
    return addresses.site_origin() if addresses.is_opaque() else f"{request.scheme}://{request.META['HTTP_HOST']}"
