"""HTTP of previews under the frame's origin. No cookies, no sessions; nothing is stored."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from courses.authoring import limits, preview
from courses.authoring.models import DraftFile
from courses.content.storage import open_asset
from courses.runtime import access, addresses, packed, policies, ranges, rendering
from courses.runtime.captions import to_webvtt
from courses.runtime.rendering import RenderedUnit
from courses.runtime.tool_views import packed_page
from courses.runtime.views import VIEW_HEADER, to_webob, words
from edu.kernel.errors import NotThere

NOT_KEPT = "private, no-cache"  # a draft's file may change under its name


@require_safe
def frame(request: HttpRequest, token: str) -> HttpResponse:
    """Show the blocks of a unit of a draft."""
    access.check_framed(request)
    look = preview.read_frame(token)
    with translation.override(look.language):
        runtime, unit = preview.open_unit(look)
        access.check_home(request, runtime.place.course_label)
        context = {
            "unit": unit,
            "keeps": False,
            "language": look.language,
            "words": words(),
            "site_origin": addresses.site_origin(),
        }
        response = render(request, "courses/runtime/frame.html", context)
    response["Content-Security-Policy"] = policies.content_security_policy(addresses.origin(runtime.place.course_label))
    response["Cache-Control"] = "private, no-store"
    return response


def handler(request: HttpRequest, token: str, name: str = "", suffix: str = "") -> HttpResponse:
    """Run a handler of a block and give back what it answers."""
    look = preview.read_handler(token)
    with translation.override(look.language):
        handled = preview.call_handler(look, name, suffix, to_webob(request))
        if request.headers.get(VIEW_HEADER) and handled.response.status_code == 200:
            info = handled.runtime.blocks[look.usage_id]
            block = rendering.render_block(handled.runtime, info, RenderedUnit())
            reply = json.loads(handled.response.body or b"null")
            return JsonResponse({"reply": reply, "view": block.body})
    response = HttpResponse(handled.response.body, status=handled.response.status_code)
    response["Content-Type"] = handled.response.headers.get("Content-Type", "application/json")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def watched(request: HttpRequest, token: str) -> HttpResponse:
    """Count nothing: an author who looks at a film has not studied."""
    preview.read_handler(token)
    return JsonResponse({"counted_s": 0}, headers={"Cache-Control": "no-store"})


@require_safe
def asset(request: HttpRequest, draft: UUID, file: str) -> HttpResponseBase:
    """Send a file of a draft, whole or in parts."""
    found = _file_here(request, draft, file)
    response = ranges.answer(request, open_asset(found.sha256), size=found.size, media_type=found.media_type)
    response["Cache-Control"] = NOT_KEPT
    response["ETag"] = f'"{found.sha256[:32]}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response


@require_safe
def captions(request: HttpRequest, draft: UUID, file: str) -> HttpResponse:
    """Send a captions file as WebVTT."""
    found = _file_here(request, draft, file)
    if found.size > limits.CAPTIONS_BYTES_MAX:
        raise NotThere("captions-too-large")
    with open_asset(found.sha256) as stream:
        text = to_webvtt(stream.read())
    return HttpResponse(text.encode(), content_type="text/vtt; charset=utf-8", headers={"Cache-Control": NOT_KEPT})


@require_safe
def packed_file(request: HttpRequest, draft: UUID, path: str, name: str) -> HttpResponse:
    """Send a file of a package of a draft; its pages may do what blocks may."""
    access.check_framed(request, may_be_read=True)
    response = packed_page(request, packed.member_of(_file_here(request, draft, path).sha256, name))
    response["Cache-Control"] = NOT_KEPT
    return response


def _file_here(request: HttpRequest, draft: UUID, path: str) -> DraftFile:
    """Return a file of a draft; NotThere under the origin of another course."""
    found = preview.file_of(draft, path)
    access.check_home(request, found.draft.course.label)
    return found
