"""Screens on which an institution's office connects tools and platforms by LTI 1.3."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.lti import access, changing, histories, linking, queries, registering
from courses.lti.forms import AT_FIELD, CloseForm, PlatformChangeForm, PlatformForm, ToolChangeForm, ToolForm, shown
from courses.lti.models import Tool
from courses.lti.platform_models import Platform
from edu.kernel.errors import Refusal, Stale
from edu.people.api import actor_of


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show which tools and platforms the institution has connected."""
    _actor, institution_uuid = access.office_of(request)
    tools = [{"tool": row, "words": queries.STATUS_WORDS[row.status]} for row in queries.tools_of(institution_uuid)]
    platforms = [
        {"platform": row, "words": queries.STATUS_WORDS[row.status]} for row in queries.platforms_of(institution_uuid)
    ]
    return render(request, "courses/lti/desk.html", {"tools": tools, "platforms": platforms})


@require_http_methods(["GET", "POST"])
def new_tool(request: HttpRequest) -> HttpResponse:
    """Register a tool; the answer shows what its maker needs."""
    actor, _institution = access.office_of(request)
    form = ToolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = saved(form, lambda: registering.register_tool(plan=form.plan(), acting=actor))
        if row:
            messages.success(request, _("The tool is registered. Give its maker the values below."))
            return redirect("courses:lti_tool", row.uuid)
    context = {
        "form": form,
        "title": _("Connect a tool"),
        "button": _("Register the tool"),
        "invite_url": reverse("courses:lti_tool_invite"),
    }
    return render(request, "courses/lti/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def tool(request: HttpRequest, tool_uuid: UUID) -> HttpResponse:
    """Show a tool's registration and what its maker needs; posting a reason closes it."""
    actor, institution_uuid = access.office_of(request)
    row = access.tool_of(institution_uuid, tool_uuid)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def close() -> bool:
            registering.close_tool(tool_uuid=tool_uuid, reason=form.cleaned_data["reason"], acting=actor)
            return True

        if saved(form, close):
            messages.success(request, _("The tool is closed. It opens from no unit any more."))
            return redirect("courses:lti")
    context = {
        "form": form,
        "tool": row,
        "words": queries.STATUS_WORDS[row.status],
        "values": queries.for_the_tool(row),
        "history": histories.of(row),
    }
    return render(request, "courses/lti/tool.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change_tool(request: HttpRequest, tool_uuid: UUID) -> HttpResponse:
    """Change what is registered of a tool."""
    actor, institution_uuid = access.office_of(request)
    row = access.tool_of(institution_uuid, tool_uuid)
    form = ToolChangeForm(request.POST or None, initial=shown(row, ToolForm))

    def change() -> Tool:
        seen, reason = form.cleaned_data["seen"], form.cleaned_data["reason"]
        return changing.change_tool(tool_uuid=tool_uuid, plan=form.plan(), seen=seen, reason=reason, acting=actor)

    return _change(request, row, form, change, reverse("courses:lti_tool", args=[tool_uuid]))


@require_http_methods(["GET", "POST"])
def change_platform(request: HttpRequest, platform_uuid: UUID) -> HttpResponse:
    """Change what is registered of a platform."""
    actor, institution_uuid = access.office_of(request)
    row = access.platform_of(institution_uuid, platform_uuid)
    form = PlatformChangeForm(request.POST or None, initial=shown(row, PlatformForm))

    def change() -> Platform:
        seen, reason = form.cleaned_data["seen"], form.cleaned_data["reason"]
        return changing.change_platform(
            platform_uuid=platform_uuid, plan=form.plan(), seen=seen, reason=reason, acting=actor
        )

    return _change(request, row, form, change, reverse("courses:lti_platform", args=[platform_uuid]))


def _change(
    request: HttpRequest,
    row: Tool | Platform,
    form: ToolChangeForm | PlatformChangeForm,
    change: Callable[[], Tool | Platform],
    back: str,
) -> HttpResponse:
    """Show the form of a change, or carry it out; who was overtaken sees what the other did, and keeps their own."""
    status, theirs = 422, None
    if request.method == "POST" and form.is_valid():
        try:
            if saved(form, change):
                messages.success(request, _("Saved. It holds from now on."))
                return redirect(back)
        except Stale:
            row.refresh_from_db()
            data = request.POST.copy()
            data["seen"] = str(row.revision)
            form.data, status, theirs = data, 409, next(iter(histories.of(row)))
    context = {
        "form": form,
        "title": _("Change “%(name)s”") % {"name": row.name},
        "button": _("Save the change"),
        "back": back,
        "back_name": row.name,
        "theirs": theirs,
    }
    return render(request, "courses/lti/form.html", context, status=status if form.errors or theirs else 200)


@require_http_methods(["GET", "POST"])
def new_platform(request: HttpRequest) -> HttpResponse:
    """Connect a platform; what its administrator needs stands on the same page, since it is needed first."""
    actor, _institution = access.office_of(request)
    form = PlatformForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = saved(form, lambda: registering.register_platform(plan=form.plan(), acting=actor))
        if row:
            messages.success(request, _("The platform is connected. Its teachers can choose your runs now."))
            return redirect("courses:lti_platform", row.uuid)
    context = {
        "form": form,
        "title": _("Connect a platform"),
        "button": _("Connect the platform"),
        "values": queries.for_the_platform(),
    }
    return render(request, "courses/lti/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def platform(request: HttpRequest, platform_uuid: UUID) -> HttpResponse:
    """Show a platform's registration; posting a reason closes it."""
    actor, institution_uuid = access.office_of(request)
    row = access.platform_of(institution_uuid, platform_uuid)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def close() -> bool:
            reason = form.cleaned_data["reason"]
            registering.close_platform(platform_uuid=platform_uuid, reason=reason, acting=actor)
            return True

        if saved(form, close):
            messages.success(request, _("The platform is closed. It opens no run any more."))
            return redirect("courses:lti")
    context = {
        "form": form,
        "platform": row,
        "words": queries.STATUS_WORDS[row.status],
        "values": queries.for_the_platform(),
        "history": histories.of(row),
    }
    return render(request, "courses/lti/platform.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def links(request: HttpRequest) -> HttpResponse:
    """Show a person's own connections to platforms; posting one ends it."""
    actor = actor_of(request)
    if request.method == "POST":
        given = request.POST.get("link", "")
        linking.unlink(account_id=int(given) if given.isdecimal() and len(given) < 19 else 0, acting=actor)
        messages.success(request, _("Disconnected. No score goes there any more."))
        return redirect("courses:lti_links")
    return render(request, "courses/lti/links.html", {"links": linking.links_of(actor)})


def saved[T](form: forms.Form, deed: Callable[[], T]) -> T | None:
    """Do the deed; a refusal becomes an error at the field it speaks of."""
    try:
        return deed()
    except Refusal as refusal:
        if type(refusal) is not Refusal:
            raise
        field: Any = AT_FIELD.get(refusal.code)
        form.add_error(field if field in form.fields else None, str(refusal.message))
        return None
