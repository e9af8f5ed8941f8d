"""Screens on which an institution's staff plan runs."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.catalogue.models import Course
from courses.catalogue.queries import course_info, courses_of
from courses.runs.access import course_to_plan, run_to_plan
from courses.runs.actions import change_run, create_run
from courses.runs.forms import AT_FIELD, RunForm
from courses.runs.queries import phase_of, plan_of, possible_teachers, runs_to_plan, teachers_of
from courses.runs.wording import PHASE_WORDS
from edu.institutions import api as institutions
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal
from edu.people.api import require_role

PLANNERS = ("teacher", "author", "registrar")


@require_GET
def list_runs(request: HttpRequest) -> HttpResponse:
    """Show the runs of the institution for which the visitor acts."""
    actor = require_role(request, *PLANNERS)
    if actor.institution_uuid is None:
        raise NotThere("no-institution")
    rows = [
        {"run": run, "course": course_info(run.course), "words": PHASE_WORDS[phase_of(run)]}
        for run in runs_to_plan(actor.institution_uuid)
    ]
    context = {
        "rows": rows,
        "courses": courses_of(actor.institution_uuid),
        "institution": institutions.institution(actor.institution_uuid),
    }
    return render(request, "courses/runs/list.html", context)


@require_http_methods(["GET", "POST"])
def new_run(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Plan a run of a course."""
    actor = require_role(request, *PLANNERS)
    course = course_to_plan(course_uuid, actor)
    form = RunForm(request.POST or None, teachers=possible_teachers(course.institution.uuid))
    if request.method == "POST" and form.is_valid():

        def save() -> None:
            create_run(course_uuid=course_uuid, plan=form.plan(), acting=actor, teachers=form.chosen_teachers())

        if _saved(form, save):
            messages.success(request, _("The run is planned."))
            return redirect("courses:runs:list")
    return _form_page(request, form, course, title=_("Plan a run"))


@require_http_methods(["GET", "POST"])
def edit_run(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Change a run's dates, seats, credit and teachers."""
    actor: Actor = require_role(request, *PLANNERS)
    run = run_to_plan(run_uuid, actor)
    initial = {**asdict(plan_of(run)), "teachers": [str(uuid) for uuid in teachers_of(run_uuid)]}
    form = RunForm(request.POST or None, initial=initial, teachers=possible_teachers(run.course.institution.uuid))
    if request.method == "POST" and form.is_valid():

        def save() -> None:
            change_run(run_uuid=run_uuid, plan=form.plan(), acting=actor, teachers=form.chosen_teachers())

        if _saved(form, save):
            messages.success(request, _("The run is changed."))
            return redirect("courses:runs:list")
    return _form_page(request, form, run.course, title=_("Change the run"))


def _saved(form: RunForm, save: Callable[[], Any]) -> bool:
    """Do the deed; a refusal becomes an error at the field it speaks of."""
    try:
        save()
    except Refusal as refusal:
        if type(refusal) is not Refusal:
            raise
        form.add_error(AT_FIELD.get(refusal.code), str(refusal.message))
        return False
    return True


def _form_page(request: HttpRequest, form: RunForm, course: Course, *, title: str) -> HttpResponse:
    context = {"form": form, "course": course_info(course), "title": title}
    return render(request, "courses/runs/form.html", context, status=422 if form.errors else 200)
