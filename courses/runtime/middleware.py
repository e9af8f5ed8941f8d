"""Requests for the block origin never meet sessions, cookies or the site's own addresses, and the other way round."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from courses.runtime import addresses, grants, policies
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale

log = logging.getLogger(__name__)

STATUS = {NotThere: 404, NotPermitted: 403, Stale: 409, Refusal: 422}
WORKER_PATH = "/worker.js"
LANGUAGE_OF_ERRORS = "zh-hans"  # an address that cannot be read names no language


class BlockOriginMiddleware:
    """Answers hosts of the block origin from their own addresses; stands first, so nothing else sees them.

    Built files (`/static/`) go on to WhiteNoise, without cookies. In opaque mode the frame's addresses lie under a
    path of the site's host instead, and cookies are stripped there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if addresses.is_opaque():
            if not path.startswith(f"{addresses.OPAQUE_PREFIX}/"):
                return self.get_response(request)
            path = path.removeprefix(addresses.OPAQUE_PREFIX)
        elif not addresses.is_frame_host(request.META.get("HTTP_HOST", "")):
            return self.get_response(request)
        _without_cookies(request)
        if request.headers.get("Service-Worker") and path != WORKER_PATH:
            return _finished(HttpResponse(status=403))  # no script of a course comes between frame and origin
        if request.method == "OPTIONS":
            return _finished(HttpResponse(status=204))  # an opaque origin asks before it posts JSON
        if path.startswith(settings.STATIC_URL):
            request.urlconf = addresses.FRAME_URLS  # what WhiteNoise lacks is not the site's
            response = self.get_response(request)
            del response["Content-Security-Policy"]  # what is not there is answered by the site, in its words
            return _finished(response)
        return _finished(_answer(request, path))


def _answer(request: HttpRequest, path: str) -> HttpResponse:
    """Call the frame's view for a path; refusals and errors become small pages, or JSON for scripts."""
    try:
        found = resolve(path, addresses.FRAME_URLS)
    except Http404:
        return _refused(request, "", 404, "no-such-page", "")
    token = str(found.kwargs.get("token", ""))
    try:
        return found.func(request, *found.args, **found.kwargs)
    except Http404:
        return _refused(request, token, 404, "no-such-page", "")
    except RequestDataTooBig:
        return _refused(request, token, 413, "too-large", _("This answer is too long to be stored."))
    except Refusal as refusal:
        status = next(code for kind, code in STATUS.items() if type(refusal) is kind)
        return _refused(request, token, status, refusal.code, refusal.message)
    except Exception:  # a block's handler is a stranger's code; its transaction has been rolled back
        log.exception("a frame request failed")
        message = _("This part did not answer. Nothing was stored; try again.")
        return _refused(request, token, 500, "block-failed", message)


def _refused(request: HttpRequest, token: str, status: int, code: str, message: object) -> HttpResponse:
    with translation.override(grants.language_of(token) or LANGUAGE_OF_ERRORS):
        context = {"code": code, "message": str(message), "status": status, "site_origin": addresses.site_origin()}
        if request.method == "POST":
            return JsonResponse({"error": str(message), "code": code}, status=status)
        response = render(request, "courses/runtime/refused.html", context, status=status)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'none'; frame-ancestors {addresses.site_origin()}"
    )
    response["Cache-Control"] = "no-store"
    return response


def _without_cookies(request: HttpRequest) -> None:
    request.META.pop("HTTP_COOKIE", None)
    given = request.META.pop("HTTP_AUTHORIZATION", "")
    if given.startswith("OAuth "):  # no credential of the site: a tool's signature under its result
        request.META[addresses.TOOL_SIGNATURE] = given
    request.COOKIES = {}


def _finished(response: HttpResponse) -> HttpResponse:
    """Add what every answer of the origin carries."""
    response.cookies.clear()
    policies.harden(response)
    return response
