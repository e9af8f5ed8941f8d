"""HTTP of the frame's origin: the frame, handlers, and the files of courses and packages. No cookies, no sessions."""

import json
from typing import Any
from uuid import UUID

import webob
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from courses.content import queries as content
from courses.content.storage import open_asset
from courses.media import queries as media
from courses.media.storage import open_copy
from courses.runtime import (
    access,
    actions,
    addresses,
    catalogue,
    grants,
    late,
    passes,
    playtime,
    policies,
    queries,
    ranges,
    rendering,
    resources,
    rules,
    watching,
)
from courses.runtime.captions import to_webvtt
from courses.runtime.grants import Grant
from courses.runtime.rendering import RenderedUnit
from courses.runtime.runtime import UnitRuntime
from edu.kernel import clock
from edu.kernel.errors import NotThere

CAPTIONS_BYTES_MAX = 2 * 1024 * 1024  # captions of a whole day
KEEP_HEADER = "X-Guixue-Keep"  # a device stores the unit; nobody has read it yet
KEY_HEADER = "X-Guixue-Key"  # the number of an answer, so that one sent again after a lost reply counts once
KEY_CHARS_MAX = 36
VIEW_HEADER = "X-Guixue-View"  # our own views ask for the block as it is after the handler, in the same answer


@require_safe
def frame(request: HttpRequest, token: str) -> HttpResponse:
    """Show the blocks of a unit."""
    access.check_framed(request)
    grant = grants.read_frame(token)
    with translation.override(grant.language):
        runtime, unit = open_unit(grant, seen=KEEP_HEADER not in request.headers, request=request)
        context = {
            "unit": unit,
            "keeps": grant.keeps,
            "language": grant.language,
            "words": words(),
            "site_origin": addresses.site_origin(),
            **_for_times_without_network(grant, runtime.place.course_label),
        }
        response = render(request, "courses/runtime/frame.html", context)
    response["Content-Security-Policy"] = policies.content_security_policy(addresses.origin(runtime.place.course_label))
    response["Cache-Control"] = "private, no-store"
    return response


def _for_times_without_network(grant: Grant, course_label: str) -> dict[str, object]:
    """Return what a frame carries so that it can be used without a network; nothing where it cannot."""
    if addresses.is_opaque() or not grant.keeps:
        return {}
    issued_at = clock.now()
    return {
        "owner": passes.owner_id(grant.person_id, course_label),
        "run_name": grants.anonymous_id(grant.person_id, grant.run_id),
        "unit_id": grant.unit_id,
        "moment": passes.sign_moment(grant, issued_at),
        "moment_ms": int(issued_at.timestamp() * 1000),
        "hand_in_url": addresses.frame_path("hand-in", passes.sign_pass(grant)),
    }


def open_unit(
    grant: Grant, *, seen: bool = True, request: HttpRequest | None = None
) -> tuple[UnitRuntime, RenderedUnit]:
    """Render a unit for a grant and store what viewing it stores; at most five queries for any number of blocks,
    and one more where something was due before now.

    With `seen` false it is fetched to be kept, and reading it later is handed in when it happens. With the `request`
    it is NotThere under the origin of another course.
    """
    place = access.place_of(grant)
    if request is not None:
        access.check_home(request, place.course_label)
    blocks = late.open_longer(queries.blocks_of_unit(place, grant.unit_id), grant)
    runtime = UnitRuntime(grant, place, blocks)
    shown = rendering.shown_blocks(blocks, grant.unit_id, queries.hidden(grant, blocks))
    runtime.rows.fetch(runtime.row_keys([info.usage_id for info in shown]))
    unit = rendering.render_unit(runtime, shown)
    if grant.keeps:
        runtime.rows.write()
        if seen:
            actions.complete_on_view(runtime, completed_by_viewing(unit, grant.unit_id))
    return runtime, unit


def completed_by_viewing(unit: RenderedUnit, unit_id: str) -> list[str]:
    """Return the blocks that are done when seen; a unit with nothing to do in it is itself done."""
    shown = [block for block in unit.blocks if block.state == "shown"]
    seen = [block.usage_id for block in shown if block.block_type in rules.COMPLETE_ON_VIEW]
    to_do = [block for block in shown if rules.is_completable(block.block_type, supported=True)]
    return seen if to_do else [unit_id]


def handler(request: HttpRequest, token: str, name: str = "", suffix: str = "") -> HttpResponse:
    """Run a handler of a block and give back what it answers."""
    grant = grants.read_handler(token)
    with translation.override(grant.language):
        key = request.headers.get(KEY_HEADER, "")[:KEY_CHARS_MAX]
        handled = actions.call_handler(grant, name, suffix, to_webob(request), key=key)
        if request.headers.get(VIEW_HEADER) and handled.response.status_code == 200:
            return with_view(handled, grant)
    response = HttpResponse(handled.response.body, status=handled.response.status_code)
    response["Content-Type"] = handled.response.headers.get("Content-Type", "application/json")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def watched(request: HttpRequest, token: str) -> HttpResponse:
    """Count what a player says it has played; the answer says how many seconds are believed."""
    grant = grants.read_handler(token)
    try:
        data = json.loads(request.body)
    except ValueError:
        data = None
    beat = watching.watched(grant, watching.read_report(data))
    counted = 0 if beat is None else playtime.total(beat.ranges)
    return JsonResponse({"counted_s": counted}, headers={"Cache-Control": "no-store"})


def with_view(handled: actions.Handled, grant: Grant) -> JsonResponse:
    """Return what a handler answered and the block as it is afterwards."""
    info = handled.runtime.blocks[grant.usage_id]
    block = rendering.render_block(handled.runtime, info, RenderedUnit())
    reply = json.loads(handled.response.body or b"null")
    return JsonResponse({"reply": reply, "view": block.body})


def to_webob(request: HttpRequest) -> webob.Request:
    """Return the request as blocks expect it: no cookies, no credentials."""
    environ: dict[str, Any] = {"CONTENT_TYPE": request.META.get("CONTENT_TYPE", "")}
    converted = webob.Request.blank(f"/?{request.META.get('QUERY_STRING', '')}", environ=environ)
    converted.method = request.method
    converted.body = request.body
    return converted


@require_safe
def asset(request: HttpRequest, version: UUID, file: str) -> HttpResponseBase:
    """Send a file of a content version, whole or in parts: a video asks for parts."""
    info = content.asset(access.version_here(request, version).id, file)
    response = ranges.answer(request, open_asset(info.sha256), size=info.size, media_type=info.media_type)
    response["Cache-Control"] = policies.FOREVER
    response["ETag"] = f'"{info.sha256[:32]}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response


@require_safe
def film(request: HttpRequest, version: UUID, digest: str, file: str) -> HttpResponseBase:
    """Send a lighter copy of a version's film, whole or in parts."""
    copy = media.copy_of(access.version_here(request, version).id, file, digest)
    response = ranges.answer(request, open_copy(copy.sha256), size=copy.size, media_type=copy.media_type)
    response["Cache-Control"] = policies.FOREVER
    response["ETag"] = f'"{copy.sha256[:32]}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_safe
def captions(request: HttpRequest, version: UUID, file: str) -> HttpResponse:
    """Send a captions file as WebVTT."""
    info = content.asset(access.version_here(request, version).id, file)
    if info.size > CAPTIONS_BYTES_MAX:
        raise NotThere("captions-too-large")
    with open_asset(info.sha256) as stream:
        text = to_webvtt(stream.read())
    return _file(text.encode(), "text/vtt")


@require_safe
def resource(request: HttpRequest, name: str) -> HttpResponse:
    """Send a script or style that a block brought inline."""
    return _file(*resources.inline_file(name))


@require_safe
def package_file(request: HttpRequest, block_type: str, digest: str, file: str) -> HttpResponse:
    """Send a file that comes with a block's package."""
    return _file(*resources.package_file(block_type, file))


def _file(body: bytes, media_type: str) -> HttpResponse:
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return HttpResponse(body, content_type=media_type + charset, headers={"Cache-Control": policies.FOREVER})


def nothing_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for a built file that is not there: no page of the site, whose addresses this origin does not know."""
    return HttpResponse(status=404)


def words() -> str:
    """Return the texts that scripts in the frame need, in the language of the page, as JSON for a script element."""
    return json.dumps(catalogue.texts(), ensure_ascii=False).replace("<", "\\u003c")
