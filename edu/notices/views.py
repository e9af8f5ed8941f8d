"""The inbox, the way from a notice to its page, how to be told, and ending mail by a signed link."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from edu.notices import actions, queries
from edu.notices.drivers import driver_for
from edu.notices.forms import PreferenceForm
from edu.people.api import actor_of, signed_in

NOTICES_PER_PAGE = 30


@require_safe
@never_cache
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what the person was told, the latest first."""
    told = queries.notices_of(actor_of(request).person_uuid)
    page = Paginator(told, NOTICES_PER_PAGE).get_page(request.GET.get("page"))
    lines = [queries.line(notice) for notice in page]
    context = {"page_obj": page, "lines": lines, "unread": request.user.unread_notices}  # type: ignore[union-attr]  # signed in
    return render(request, "notices/inbox.html", context)


@require_safe
@never_cache
@signed_in
def follow(request: HttpRequest, notice_uuid: UUID) -> HttpResponse:
    """Go to the page that a notice speaks of; it is read by that."""
    notice = actions.read_one(notice_uuid=notice_uuid, acting=actor_of(request))
    return redirect(queries.address(notice) or "notices:inbox")


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.read_all(acting=actor_of(request))
    return redirect("notices:inbox")


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose how to be told."""
    actor = actor_of(request)
    held = queries.preference_of(actor.person_uuid)
    form = PreferenceForm(request.POST or None, initial={"mail": held.mail, "sms": held.sms, "wechat": held.wechat})
    for channel in ("sms", "wechat"):
        if driver_for(channel) is None:
            del form.fields[channel]
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        actions.choose(
            mail=chosen["mail"],
            sms=chosen.get("sms", held.sms),
            wechat=chosen.get("wechat", held.wechat),
            acting=actor,
        )
        messages.success(request, _("Your choice is saved."))
        return redirect("notices:inbox")
    status = 422 if form.errors else 200
    return render(request, "notices/preferences.html", {"form": form}, status=status)


@csrf_exempt  # a mail program's one click (RFC 8058) has no cookie; the signed link is the proof
@require_http_methods(["GET", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether mail should end (GET), and end it (POST)."""
    actions.person_of_token(token)
    if request.method == "POST":
        actions.unsubscribe(token=token)
    return render(request, "notices/unsubscribe.html", {"done": request.method == "POST"})
