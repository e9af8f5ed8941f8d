"""Tutoring hours for learners, and the teachers' desk that offers and calls off."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.catalogue.queries import course_info
from courses.enrolment.participants import Participant, participant_of, require_teacher
from courses.tutoring import actions, queries, rules
from courses.tutoring.rules import SlotPlan
from edu.design.forms import UiForm
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people.api import actor_of, signed_in

AT_FIELD = {
    "slot-in-the-past": "starts_at",
    "slot-after-the-run": "starts_at",
    "slot-overlaps": "starts_at",
    "slot-minutes": "minutes",
    "slot-capacity": "capacity",
    "slot-without-place": "place",
}


class Moment(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class SlotForm(UiForm):
    """An hour to offer."""

    starts_at = forms.DateTimeField(label=gettext_lazy("Begins"), widget=Moment())
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=rules.MINUTES_MIN, max_value=rules.MINUTES_MAX, initial=30
    )
    capacity = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=rules.CAPACITY_MAX, initial=1)
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=200,
        help_text=gettext_lazy("A room, or the address of an online meeting; only those who have a seat see it."),
    )
    topic = forms.CharField(label=gettext_lazy("Topic"), max_length=80, required=False)


@require_safe
@never_cache
@signed_in
def hours(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Show a learner the hours to come; teachers go to their desk."""
    one = _participant(request, run_uuid)
    if one.teaches:
        return redirect("courses:tutoring_desk", run_uuid=run_uuid)
    slots = queries.slots_for_learner(one)
    context = {
        **_around(one),
        "mine": [slot for slot in slots if slot.mine or slot.cancelled_reason],
        "offered": [slot for slot in slots if not slot.mine and not slot.cancelled_reason],
    }
    return render(request, "courses/tutoring/hours.html", context)


@require_POST
@signed_in
def book(request: HttpRequest, run_uuid: UUID, slot_uuid: UUID) -> HttpResponse:
    """Book a seat; a refusal is told on the page, which shows what holds now."""
    one = _participant(request, run_uuid)
    try:
        actions.book(one, slot_uuid=slot_uuid, question=request.POST.get("question", ""))
    except Refusal as refusal:
        _raise_unless_plain(refusal)
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Your seat is booked. The place stands beside the hour."))
    return redirect("courses:tutoring", run_uuid=run_uuid)


@require_POST
@signed_in
def give_back(request: HttpRequest, run_uuid: UUID, slot_uuid: UUID) -> HttpResponse:
    """Give a seat back."""
    one = _participant(request, run_uuid)
    try:
        actions.give_back(one, slot_uuid=slot_uuid)
    except Refusal as refusal:
        _raise_unless_plain(refusal)
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Your seat is given back."))
    return redirect("courses:tutoring", run_uuid=run_uuid)


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def desk(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Show teachers who booked what, and take a new offer."""
    one = require_teacher(_participant(request, run_uuid))
    form = SlotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.offer(one, plan=SlotPlan(**form.cleaned_data))
        except Refusal as refusal:
            _raise_unless_plain(refusal)
            form.add_error(AT_FIELD.get(refusal.code), str(refusal.message))
        else:
            messages.success(request, _("The hour is offered."))
            return redirect("courses:tutoring_desk", run_uuid=run_uuid)
    context = {**_around(one), "form": form, "slots": queries.slots_for_teacher(one)}
    return render(request, "courses/tutoring/desk.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def call_off(request: HttpRequest, run_uuid: UUID, slot_uuid: UUID) -> HttpResponse:
    """Ask for the reason (GET) and call an hour off (POST)."""
    one = require_teacher(_participant(request, run_uuid))
    slot = next((line for line in queries.slots_for_teacher(one) if line.uuid == slot_uuid), None)
    if slot is None:
        raise NotThere("no-such-page", _("There is no such page."))
    if request.method == "POST":
        told = actions.call_off(one, slot_uuid=slot_uuid, reason=request.POST.get("reason", ""))
        text = ngettext("Called off; %(n)s learner is told.", "Called off; %(n)s learners are told.", told)
        messages.success(request, text % {"n": told})
        return redirect("courses:tutoring_desk", run_uuid=run_uuid)
    return render(request, "courses/tutoring/call_off.html", {**_around(one), "slot": slot})


def _participant(request: HttpRequest, run_uuid: UUID) -> Participant:
    person_id = request.user.pk
    assert person_id is not None  # signed_in has seen to it
    return participant_of(actor_of(request), person_id, run_uuid)


def _raise_unless_plain(refusal: Refusal) -> None:
    """Let what has a page of its own (404, 403, 409) reach it."""
    if isinstance(refusal, NotThere | NotPermitted | Stale):
        raise refusal


def _around(one: Participant) -> dict[str, Any]:
    return {"one": one, "run": one.run, "course": course_info(one.run.course)}
