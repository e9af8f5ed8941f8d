"""HTTP of platforms that register themselves: the office's invitation and confirmation, and the address between."""

import secrets
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.lti import access, joining
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
    seen = request.POST.get("seen", "")
    try:
        number = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
        joining.confirm(platform_uuid=platform_uuid, seen=number, acting=actor)
    except (NotThere, NotPermitted):
        raise
    except (Stale, Refusal) as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The platform is connected. Its teachers can choose your runs now."))
    return redirect("courses:lti_platform", platform_uuid)


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
