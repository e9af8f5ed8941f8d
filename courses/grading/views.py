"""Gradebook of a run, the registrar's queue of results, and a learner's own results."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.enrolment.queries import run as run_info
from courses.grading import actions, forms, queries
from courses.grading.access import own_result, result_for_registrar, taught_run
from courses.grading.panels import panels_for
from courses.grading.proposing import policies_in_force
from edu.people import api as people

LEARNERS_PER_PAGE = 100  # a large lecture in a few pages; one set of queries each
RESULTS_PER_PAGE = 50  # look.md archetype 3


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
    page = Paginator(queries.places(run), LEARNERS_PER_PAGE).get_page(request.GET.get("page"))
    book = queries.gradebook(run, policies, list(page.object_list))
    open_rows = sum(row.may_be_submitted for row in book.rows)
    context = {"run": run_info(run_uuid), "book": book, "page_obj": page, "open_rows": open_rows}
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
    return render(request, "courses/grading/my_result.html", {"result": found, "panels": panels_for(found)})
