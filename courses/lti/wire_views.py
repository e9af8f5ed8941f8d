"""HTTP between us as a platform and registered tools: keys, login, access tokens, line items, scores."""

import json
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.lti import authorising, keys, listing, picking, rules, scores, tools
from courses.lti.posting import post_page
from courses.lti.readable import readable
from courses.lti.rules import Broken
from edu.api.limits import Limit, client_of, take
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people.api import actor_of

TOKENS = Limit("lti-token", times=120, seconds=60)  # a tool asks once an hour; a checked signature costs a millisecond
STATUS: dict[type[Exception], int] = {NotThere: 404, NotPermitted: 403, Stale: 409, Refusal: 422, Broken: 400}
Wire = Callable[..., HttpResponse]


def answered(view: Wire) -> Wire:
    """Decorate a view for servers: refusals become JSON with the status and words for the other side's maker."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Refusal, Broken) as error:
            status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
            code, words = getattr(error, "code", "malformed"), getattr(error, "message", error)
            return _json({"error": code, "error_description": str(words)}, status=status)

    return wrapped


@require_safe
@answered
def jwks(request: HttpRequest) -> HttpResponse:
    """Return our public keys, those of before too."""
    return JsonResponse(keys.public_keys(), headers={"Cache-Control": "public, max-age=300"})


@readable
@csrf_exempt  # the tool's page sends the browser here; what counts is the signed hint and whose session this is
@require_http_methods(["GET", "POST"])
def authorise(request: HttpRequest) -> HttpResponse:
    """Let a tool know who opens it: the browser posts our signed token to the tool's registered address."""
    if request.method == "POST":  # browsers keep our cookie from another site's post, but not from what follows it
        return HttpResponseRedirect(f"{reverse('lti_wire:auth')}?{request.POST.urlencode()}", status=303)
    redirect, fields = authorising.authorise(request.GET.dict(), actor_of(request))
    return post_page(request, redirect, fields.items(), title=_("Opening the tool"), button=_("Open the tool"))


@readable
@csrf_exempt  # posted by the tool's page; the answer is signed, bound to what we sent along, and taken once
@require_POST
def picked(request: HttpRequest, pick_uuid: UUID) -> HttpResponse:
    """Take what an author chose at a tool; on the next hop our cookies come along, and the author looks at it."""
    pick = picking.take(pick_uuid, request.POST.get("JWT", ""))
    with override(pick.language):
        url = reverse("courses:authoring_pick", args=[pick.course.uuid, pick.usage_id, pick.uuid])
    return HttpResponseRedirect(url, status=303)


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Give a tool an access token for its scores (OAuth 2.0 client credentials with a signed assertion)."""
    if wait_s := take(TOKENS, client_of(request)):
        return _json({"error": "slow_down"}, status=429, headers={"Retry-After": str(wait_s)})
    try:
        given, scopes = scores.access_token(request.POST.dict(), tools.site_url("lti_wire:token"))
    except Broken as error:
        return _json({"error": "invalid_client", "error_description": str(error)}, status=401)
    said = {"access_token": given, "token_type": "Bearer", "expires_in": scores.ACCESS_S, "scope": " ".join(scopes)}
    return _json(said)


@csrf_exempt
@require_safe
@answered
def line_item(request: HttpRequest, run_uuid: UUID, usage_id: str) -> HttpResponse:
    """Return the line item of a block; it follows from the course, so no tool changes it."""
    tool = scores.tool_with(_authorization(request), [rules.LINE_ITEM_READ])
    return _json(scores.line_item(*scores.run_of(tool, run_uuid, usage_id)), media_type=rules.LINE_ITEM_TYPE)


@csrf_exempt
@require_safe
@answered
def line_items(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Return the tool's line items in a run, all on one page; filters by what ours do not have find nothing."""
    tool = scores.tool_with(_authorization(request), [rules.LINE_ITEM_READ])
    found = scores.line_items(tool, run_uuid, request.GET.get("resource_link_id", ""))
    if "tag" in request.GET or "resource_id" in request.GET:
        found = []
    return _json(found, media_type=rules.LINE_ITEMS_TYPE)


@csrf_exempt
@require_safe
@answered
def members(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Return who is in a run, a page at a time (Names and Role Provisioning Services 2.0)."""
    tool = scores.tool_with(_authorization(request), [rules.MEMBERS])
    page = listing.page_of(tool, run_uuid, request.GET.dict())
    headers = {"Link": f'<{page.next_url}>; rel="next"'} if page.next_url else {}
    return _json(page.container, media_type=rules.MEMBERS_TYPE, headers=headers)


@csrf_exempt
@require_POST
@answered
def score(request: HttpRequest, run_uuid: UUID, usage_id: str) -> HttpResponse:
    """Take a learner's score."""
    tool = scores.tool_with(_authorization(request), [rules.SCORE])
    run, block = scores.run_of(tool, run_uuid, usage_id)
    scores.take_score(tool, run, block, _sent(request))
    return HttpResponse(status=204)


@csrf_exempt
@require_safe
@answered
def results(request: HttpRequest, run_uuid: UUID, usage_id: str) -> HttpResponse:
    """Return the results that stand, of learners whom the tool knows."""
    tool = scores.tool_with(_authorization(request), [rules.RESULT_READ])
    run, block = scores.run_of(tool, run_uuid, usage_id)
    found = scores.results(tool, run, block, request.GET.get("user_id", ""))
    return _json(found, media_type=rules.RESULTS_TYPE)


def _authorization(request: HttpRequest) -> str:
    return request.headers.get("Authorization", "")


def _sent(request: HttpRequest) -> Any:
    try:
        return json.loads(request.body, parse_float=Decimal)
    except ValueError:
        raise Broken("The body is no JSON.") from None


def _json(said: Any, *, status: int = 200, media_type: str = "", headers: dict[str, str] | None = None) -> HttpResponse:
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return JsonResponse(said, safe=False, status=status, content_type=media_type or "application/json", headers=kept)
