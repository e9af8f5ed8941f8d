"""Enrolling, withdrawing and My courses."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.data import RunInfo
from courses.enrolment.actions import enrol, withdraw
from courses.enrolment.listing import course_url, course_urls
from courses.enrolment.queries import enrolment, enrolments_of, run, runs
from edu.kernel.errors import NotThere, Refusal
from edu.people.api import actor_of, signed_in


@require_POST
@signed_in
def enrol_in_run(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Take a place for the signed-in person; a refusal is told on the course page, which shows what holds now."""
    actor = actor_of(request)
    assert actor.person_uuid is not None
    info = run(run_uuid)
    try:
        enrol(person_uuid=actor.person_uuid, run_uuid=run_uuid, acting=actor)
    except Refusal as refusal:
        if type(refusal) is not Refusal:
            raise
        messages.error(request, str(refusal.message))
    else:
        name = info.course.name(get_language() or "zh-hans")
        messages.success(request, _("Enrolled in %(course)s.") % {"course": name})
    return _to_course(info, request)


@require_http_methods(["GET", "POST"])
@signed_in
def withdraw_from_run(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Ask what withdrawing means (GET), and do it (POST)."""
    actor = actor_of(request)
    assert actor.person_uuid is not None
    place = enrolment(actor.person_uuid, run_uuid)
    if place is None:
        raise NotThere("no-such-enrolment")
    info = run(run_uuid)
    if request.method == "GET":
        return render(request, "courses/enrolment/withdraw.html", {"run": info, "place": place})
    withdraw(person_uuid=actor.person_uuid, run_uuid=run_uuid, acting=actor)
    messages.success(request, _("Withdrawn from the course. Answers and progress are kept."))
    return redirect("courses:enrolment:mine")


@require_GET
@signed_in
def my_courses(request: HttpRequest) -> HttpResponse:
    """Show every place of the signed-in person: being studied, completed, withdrawn."""
    actor = actor_of(request)
    assert actor.person_uuid is not None
    places = enrolments_of(actor.person_uuid)
    infos = runs(place.run_uuid for place in places)
    urls = course_urls([info.course.uuid for info in infos.values()], request)
    entries = [
        {"place": place, "run": infos[place.run_uuid], "url": urls.get(infos[place.run_uuid].course.uuid, "")}
        for place in places
    ]
    return render(request, "courses/enrolment/mine.html", {"entries": entries})


def _to_course(info: RunInfo, request: HttpRequest) -> HttpResponseRedirect:
    url = course_url(info.course.uuid, request)
    return HttpResponseRedirect(url) if url else redirect("courses:enrolment:mine")
