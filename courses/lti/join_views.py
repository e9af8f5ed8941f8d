"""HTTP of platforms that register themselves: the office's invitation and confirmation, and the address between."""

import json
import secrets
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from courses.lti import access, admitting, joining
from courses.lti.forms import RegistrationAddressForm
from courses.lti.rules import Broken
from courses.lti.wire_views import answered
from edu.api.limits import Limit, client_of, take
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale

JOINS = Limit("lti-join", times=20, seconds=60)  # an administrator opens the address once


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Make an address for a platform's administrator, and show it once."""
    actor, _institution = access.office_of(request)
    url = joining.invite(acting=actor) if request.method == "POST" else ""
    return render(request, "courses/lti/invite.html", {"url": url, "days": joining.INVITATION.days})


@require_POST
def confirm(request: HttpRequest, platform_uuid: UUID) -> HttpResponse:
    """Confirm a platform that registered itself."""
    actor, _institution = access.office_of(request)
    try:
        joining.confirm(platform_uuid=platform_uuid, seen=_seen(request), acting=actor)
    except (NotThere, NotPermitted):
        raise
    except (Stale, Refusal) as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The platform is connected. Its teachers can choose your runs now."))
    return redirect("courses:lti_platform", platform_uuid)


@never_cache
@require_http_methods(["GET", "POST"])
def invite_tool(request: HttpRequest) -> HttpResponse:
    """Take the address where a tool registers itself, and show the way there, which is good once."""
    actor, _institution = access.office_of(request)
    form = RegistrationAddressForm(request.POST or None)
    url = ""
    if request.method == "POST" and form.is_valid():
        url = admitting.invite(address=form.cleaned_data["address"], acting=actor)
    context = {"form": form, "url": url, "minutes": int(admitting.INVITATION.total_seconds()) // 60}
    return render(request, "courses/lti/invite_tool.html", context, status=422 if form.errors else 200)


@require_POST
def confirm_tool(request: HttpRequest, tool_uuid: UUID) -> HttpResponse:
    """Confirm a tool that registered itself."""
    actor, _institution = access.office_of(request)
    try:
        admitting.confirm(tool_uuid=tool_uuid, seen=_seen(request), acting=actor)
    except Stale as stale:
        messages.error(request, str(stale.message))
    else:
        messages.success(request, _("The tool is connected. Authors can choose it now."))
    return redirect("courses:lti_tool", tool_uuid)


@require_safe
def openid_configuration(request: HttpRequest) -> HttpResponse:
    """Return what a tool has to know of us to register itself."""
    return JsonResponse(admitting.configuration(), headers={"Cache-Control": "public, max-age=300"})


@csrf_exempt
@require_POST
@answered
def registration(request: HttpRequest) -> HttpResponse:
    """Register a tool that brings the secret which the office's browser gave it; it waits for the office."""
    if wait_s := take(JOINS, client_of(request)):
        return JsonResponse({"error": "slow_down"}, status=429, headers={"Retry-After": str(wait_s)})
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if len(request.body) > admitting.BYTES_MAX:
        raise Broken("The registration is too long.")
    try:
        sent = json.loads(request.body)
    except ValueError:
        raise Broken("The body is no JSON.") from None
    said = admitting.admit(secret if kind == "Bearer" else "", sent)
    return JsonResponse(said, headers={"Cache-Control": "no-store"})


def _seen(request: HttpRequest) -> int:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else 0


@never_cache
@xframe_options_exempt  # platforms show this page in a frame; it has no cookies and nothing to press
@require_GET
def register(request: HttpRequest, secret: str) -> HttpResponse:
    """Register with the platform whose administrator opened the address; the page says how it went."""
    status, refusal, issuer = 200, None, ""
    try:
        if take(JOINS, client_of(request)):
            raise Refusal("too-many-joins", _("Too many attempts. Try again in a minute."))
        configuration = request.GET.get("openid_configuration", "")
        row = joining.join(secret, configuration, request.GET.get("registration_token", ""))
        issuer = row.issuer
    except Refusal as found:
        refusal, status = found, 404 if isinstance(found, NotThere) else 422
    nonce = secrets.token_urlsafe(16)
    context = {"refusal": refusal, "nonce": nonce, "issuer": issuer}
    response = render(request, "courses/lti/joined.html", context, status=status)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret
    return response
