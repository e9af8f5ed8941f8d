"""The home page, the home of each role, and the supervisor's overview."""

import csv
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses import api as courses
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.people.api import actor_of, require_role, signed_in
from edu.portal import desks, queries

COURSES_ON_FRONT = 6  # rows that fit below the fold of a phone without becoming a second catalogue
LEARNERS = frozenset({"student", "learner"})
TEACHERS = frozenset({"teacher", "author", "assistant_teacher"})


def front(request: HttpRequest, page: Any) -> HttpResponse:
    """Show what the site is, and the visitor's own next step; serves Wagtail's HomePage."""
    actor: Actor | None = getattr(request, "actor", None)
    context: dict[str, Any] = {
        "page": page,
        "rows": courses.course_rows(request, limit=COURSES_ON_FRONT),
        "pages": courses.index_urls(),
        "kind": _kind(actor),
        "other_language_url": "/en/" if (get_language() or "").startswith("zh") else "/zh-hans/",
    }
    if actor and actor.person_uuid and context["kind"] == "learner":
        context["home"] = queries.learner_home(actor.person_uuid)
    elif actor:
        context["waiting"] = [entry for entry in desks.waiting_for(actor) if entry.number]
    return render(request, "portal/front.html", context)


@require_GET
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Show the home of the acting role: what comes next stands first."""
    actor = actor_of(request)
    shows: dict[str, Callable[[HttpRequest, Actor], HttpResponse]] = {
        "learner": learner_home,
        "teacher": teacher_home,
        "supervisor": supervisor_home,
    }
    return shows.get(_kind(actor), staff_home)(request, actor)


def learner_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the next thing, the courses, the results."""
    assert actor.person_uuid is not None
    context = {"home": queries.learner_home(actor.person_uuid), "pages": courses.index_urls()}
    return render(request, "portal/learner_home.html", context)


def teacher_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the runs that the person teaches, and the tools of the role."""
    assert actor.person_uuid is not None
    runs = courses.runs_taught_by(actor.person_uuid)
    today = clock.today()
    context = {
        "current": [run for run in runs if run.ends_on >= today],
        "past": [run for run in runs if run.ends_on < today],
        "waiting": queries.answers_to_grade(runs) if actor.role == "teacher" else [],
        "tasks": [entry.as_task() for entry in desks.waiting_for(actor)],
    }
    return render(request, "portal/teacher_home.html", context)


def staff_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the queues of the role, those where something waits first."""
    waiting = desks.waiting_for(actor)
    context = {
        "tasks": [entry.as_task() for entry in waiting],
        "total": sum(entry.number or 0 for entry in waiting),
        "first": next((entry for entry in waiting if entry.number), None),
    }
    return render(request, "portal/staff_home.html", context)


def supervisor_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Lead to the overview, which is all a supervisor has."""
    return redirect("portal:overview")


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show what every institution does here, with the moment of counting."""
    require_role(request, "supervisor", "operator")
    return render(request, "portal/overview.html", {"overview": queries.overview(get_language() or "zh-hans")})


@require_GET
def overview_csv(request: HttpRequest) -> HttpResponse:
    """Give the overview as a table for spreadsheets: the same columns in the same order."""
    require_role(request, "supervisor", "operator")
    found = queries.overview(get_language() or "zh-hans")
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # Excel reads UTF-8 only after a BOM
    answer["Content-Disposition"] = f'attachment; filename="overview-{found.as_of:%Y%m%d}.csv"'
    table = csv.writer(answer)
    heads = _("Code"), _("Institution"), _("Courses"), _("Runs"), _("Enrolments"), _("Certified"), _("Recognised")
    table.writerow(heads)
    for row in found.rows:
        counts = row.courses, row.runs, row.enrolments, row.credit_certified, row.credit_recognised
        table.writerow([row.code, row.name, *counts])
    return answer


def _kind(actor: Actor | None) -> str:
    if actor is None:
        return "visitor"
    if actor.role in LEARNERS:
        return "learner"
    if actor.role in TEACHERS:
        return "teacher"
    return "supervisor" if actor.role == "supervisor" else "staff"
