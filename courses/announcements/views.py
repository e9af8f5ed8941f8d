"""Announcements for learners, and the teachers' page that makes and withdraws them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.announcements.actions import announce, withdraw
from courses.announcements.queries import announcements_of
from courses.catalogue.queries import course_info
from courses.enrolment.participants import Participant, participant_of, require_teacher
from edu.design.forms import UiForm
from edu.kernel.errors import Refusal
from edu.kernel.texts import TEXT_CHARS_MAX, TITLE_CHARS_MAX
from edu.people.api import actor_of, signed_in

PER_PAGE = 20
AT_FIELD = {"title-missing": "title", "title-too-long": "title", "text-missing": "text", "text-too-long": "text"}


class AnnouncementForm(UiForm):
    """What all learners of a run are told."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE_CHARS_MAX)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=TEXT_CHARS_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Plain text; addresses of web pages become links. It cannot be edited afterwards."),
    )


@require_safe
@never_cache
@signed_in
def announcements(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Show what the learners of a run were told, the latest first."""
    one = _participant(request, run_uuid)
    page = Paginator(announcements_of(one.run), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/announcements/list.html", {**_around(one), "page_obj": page})


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def desk(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Show a teacher what was announced, and take a new announcement."""
    one = require_teacher(_participant(request, run_uuid))
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            announce(one, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(AT_FIELD.get(refusal.code), str(refusal.message))
        else:
            messages.success(request, _("The announcement is published; the learners find it in their inbox."))
            return redirect("courses:announcement_desk", run_uuid=run_uuid)
    page = Paginator(announcements_of(one.run, withdrawn_too=True), PER_PAGE).get_page(request.GET.get("page"))
    context = {**_around(one), "form": form, "page_obj": page}
    return render(request, "courses/announcements/desk.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def take_off(request: HttpRequest, run_uuid: UUID, announcement_uuid: UUID) -> HttpResponse:
    """Withdraw an announcement with a reason."""
    one = require_teacher(_participant(request, run_uuid))
    withdraw(one, announcement_uuid=announcement_uuid, reason=request.POST.get("reason", ""))
    messages.success(request, _("The announcement is withdrawn."))
    return redirect("courses:announcement_desk", run_uuid=run_uuid)


def _participant(request: HttpRequest, run_uuid: UUID) -> Participant:
    person_id = request.user.pk
    assert person_id is not None  # signed_in has seen to it
    return participant_of(actor_of(request), person_id, run_uuid)


def _around(one: Participant) -> dict[str, Any]:
    return {"one": one, "run": one.run, "course": course_info(one.run.course)}
