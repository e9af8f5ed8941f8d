"""Gradebook of a run, the registrar's queue of results, and a learner's own results."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.enrolment.queries import run as run_info
from courses.enrolment.queries import runs as run_infos
from courses.grading import actions, forms, queries, screens
from courses.grading.access import own_result, result_for_registrar, taught_run
from courses.grading.panels import panels_for
from courses.grading.proposing import policies_in_force
from courses.runtime.waiting import answers_waiting
from edu.people import api as people

LEARNERS_PER_PAGE = 100  # a large lecture in a few pages; one set of queries each
RESULTS_PER_PAGE = 50  # look.md archetype 3
STATUS_FILTERS = {
    "open": gettext_lazy("Not submitted"),
    "submitted": gettext_lazy("With the registrar"),
    "returned": gettext_lazy("Returned"),
    "certified": gettext_lazy("Certified"),
}
WAITING_VIEWS: dict[str, Callable[[UUID], list[Any]]] = {
    "corrections": screens.corrections_to_decide,
    "policies": screens.policies_to_approve,
}


@people.signed_in
@require_http_methods(["GET", "POST"])
def gradebook(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Show what each learner of a run has reached, and submit the chosen results."""
    actor = people.require_role(request, people.Role.TEACHER)
    run = taught_run(actor, run_uuid)
    if request.method == "POST":
        count = actions.submit_results(run_uuid=run_uuid, entries=forms.entries(request.POST), acting=actor)
        text = ngettext("%(count)d result was submitted.", "%(count)d results were submitted.", count)
        messages.success(request, text % {"count": count})
        return redirect("courses:gradebook", run_uuid=run_uuid)
    policies = policies_in_force(run)
    chosen = forms.grade_filter(request.GET)
    page = Paginator(queries.places(run, chosen), LEARNERS_PER_PAGE).get_page(request.GET.get("page"))
    book = queries.gradebook(run, policies, list(page.object_list))
    context = {
        "run": run_info(run_uuid),
        "book": book,
        "page_obj": page,
        "open_rows": sum(row.may_be_submitted for row in book.rows),
        "chosen": chosen,
        "homes": queries.homes_of(run),
        "statuses": STATUS_FILTERS,
        "waiting": answers_waiting([run_uuid]).get(run_uuid),
        "parts": screens.policy_facts(dict(policies.general.document)),
    }
    return render(request, "courses/grading/gradebook.html", context)


@people.signed_in
@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """Show the results that wait for certification, the longest waiting first, and certify the chosen ones."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    assert actor.institution_uuid is not None  # a registrar is one of an institution
    if request.method == "POST":
        count = actions.certify_results(chosen=forms.chosen_results(request.POST), acting=actor)
        text = ngettext("%(count)d result was certified.", "%(count)d results were certified.", count)
        messages.success(request, text % {"count": count})
        return redirect("courses:grade_queue")
    if request.GET.get("view") in WAITING_VIEWS:
        return _waiting(request, actor.institution_uuid, request.GET["view"])
    status = "certified" if request.GET.get("view") == "certified" else "submitted"
    rows = queries.queue_of(actor.institution_uuid, status)
    page = Paginator(rows, RESULTS_PER_PAGE).get_page(request.GET.get("page"))
    results = queries.infos(page.object_list)
    names = people.persons([result.person_uuid for result in results])
    context = {
        "cases": [(result, names[result.person_uuid].name) for result in results],
        "page_obj": page,
        "view": status,
        "waiting": queries.waiting_for_registrar(actor.institution_uuid),
        "acting_uuid": actor.person_uuid,
    }
    return render(request, "courses/grading/queue.html", context)


def _waiting(request: HttpRequest, institution_uuid: UUID, view: str) -> HttpResponse:
    """Show the corrections or policies of the institution that wait for a decision."""
    rows = WAITING_VIEWS[view](institution_uuid)
    runs = run_infos(
        {row.run.uuid for row in rows} if view == "policies" else {r.result.enrolment.run.uuid for r in rows}
    )
    if view == "policies":
        lines = [(row, runs[row.run.uuid], "") for row in rows]
    else:
        lines = [(row, runs[row.result.enrolment.run.uuid], row.result.enrolment.person.name) for row in rows]
    return render(request, "courses/grading/waiting.html", {"view": view, "lines": lines})


@people.signed_in
@require_GET
def case(request: HttpRequest, result_uuid: UUID) -> HttpResponse:
    """Show one submitted result with how it was computed, to decide on it."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    found = result_for_registrar(actor, result_uuid)
    people.note_access(actor, found.person_uuid, "grades")
    persons = people.persons(
        [uuid for uuid in (found.person_uuid, found.submitted_by_uuid, found.certified_by_uuid) if uuid]
    )
    context = {
        "result": found,
        "learner": persons[found.person_uuid],
        "submitted_by": persons.get(found.submitted_by_uuid),
        "certified_by": persons.get(found.certified_by_uuid) if found.certified_by_uuid else None,
        "corrections": screens.corrections_of(result_uuid),
        "may_certify": found.status == "submitted" and found.submitted_by_uuid != actor.person_uuid,
    }
    return render(request, "courses/grading/case.html", context)


@people.signed_in
@require_POST
def send_back(request: HttpRequest, result_uuid: UUID) -> HttpResponse:
    """Return a submitted result to its teacher."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    actions.return_result(result_uuid=result_uuid, reason=request.POST.get("reason", ""), acting=actor)
    messages.success(request, _("The result went back to the teacher."))
    return redirect("courses:grade_queue")


@people.signed_in
@require_GET
def my_results(request: HttpRequest) -> HttpResponse:
    """List the person's own results."""
    actor = people.actor_of(request)
    assert actor.person_uuid is not None  # somebody is signed in
    return render(request, "courses/grading/my_results.html", {"results": queries.results_of(actor.person_uuid)})


@people.signed_in
@require_GET
def my_result(request: HttpRequest, result_uuid: UUID) -> HttpResponse:
    """Show the person how one of their results came about."""
    found = own_result(people.actor_of(request), result_uuid)
    context = {"result": found, "panels": panels_for(found), "corrections": screens.corrections_of(result_uuid)}
    return render(request, "courses/grading/my_result.html", context)
