"""Screens of regrading and of signals: a job with its report, a case with its decision; and of corrections."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.enrolment.queries import run as run_info
from courses.grading import correcting, forms, integrity, regrading
from courses.grading.access import taught_run
from courses.grading.records import RegradeJob
from courses.grading.states import REGRADE
from courses.grading.tasks import run_regrade
from courses.grading.wording import (
    CASE_WORDS,
    CORRECTION_WORDS,
    FACT_WORDS,
    OUTCOME_WORDS,
    REGRADE_WORDS,
    SIGNAL_REASONS,
    SIGNAL_WORDS,
)
from courses.runs.models import CourseRun
from edu.design.values import ComparisonLine
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people import api as people

LINES_PER_PAGE = 100
ROWS_PER_PAGE = 50  # look.md archetype 3


@people.signed_in
@require_http_methods(["GET", "POST"])
def regrades(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """List a run's regrades and take a new wish."""
    actor = people.require_role(request, people.Role.TEACHER)
    run = taught_run(actor, run_uuid)
    form = forms.RegradeForm(request.POST or None, problems=_problems(run))
    if request.method == "POST" and form.is_valid():
        try:
            job = regrading.request_regrade(run_uuid=run_uuid, acting=actor, **form.cleaned_data)
        except (NotThere, NotPermitted, Stale):
            raise
        except Refusal as refusal:
            form.add_error("usage_id", str(refusal.message))
        else:
            run_regrade.delay_hint(job.pk)
            return redirect("courses:grade_regrade", run_uuid=run_uuid, job_uuid=job.uuid)
    jobs = RegradeJob.objects.filter(run=run).order_by("-pk")[:ROWS_PER_PAGE]
    named = dict(_problems(run))
    rows = [(job, named.get(job.usage_id, job.usage_id), REGRADE_WORDS[job.status]) for job in jobs]
    context = {"run": run_info(run_uuid), "form": form, "rows": rows, "problems": bool(named)}
    return render(request, "courses/grading/regrades.html", context, status=422 if form.errors else 200)


def _problems(run: CourseRun) -> list[tuple[str, str]]:
    if run.content is None:
        return []
    rows = regrading.problems_of(run.content).values_list("usage_id", "display_name")
    return [(usage_id, f"{name} ({usage_id})" if name else usage_id) for usage_id, name in rows]


@people.signed_in
@require_http_methods(["GET", "POST"])
def regrade(request: HttpRequest, run_uuid: UUID, job_uuid: UUID) -> HttpResponse:
    """Show how far a regrade is and what it changed; stop it."""
    actor = people.require_role(request, people.Role.TEACHER)
    job = regrading.job_of(actor, run_uuid, job_uuid)
    if request.method == "POST":
        regrading.cancel(run_uuid=run_uuid, job_uuid=job_uuid, acting=actor)
        messages.success(request, _("The regrade is stopped. Who was graded again until now stays so."))
        return redirect("courses:grade_regrade", run_uuid=run_uuid, job_uuid=job_uuid)
    lines = job.lines.exclude(outcome="same").select_related("enrolment__person").order_by("pk")
    page = Paginator(lines, LINES_PER_PAGE).get_page(request.GET.get("page"))
    before, after = regrading.points_of(job)
    context = {
        "run": run_info(run_uuid),
        "job": job,
        "problem": dict(_problems(job.run)).get(job.usage_id, job.usage_id),
        "state": REGRADE_WORDS[job.status],
        "counts": regrading.counts_of(job),
        "before": before,
        "after": after,
        "ended": job.status in REGRADE.final(),
        "lines": [(line, OUTCOME_WORDS[line.outcome]) for line in page.object_list],
        "page_obj": page,
    }
    fragment = request.headers.get("X-Fragment") == "1"
    return render(request, f"courses/grading/regrade{'_state' if fragment else ''}.html", context)


@people.signed_in
@require_GET
def cases(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """List a run's signals, the open ones first."""
    run = taught_run(people.require_role(request, people.Role.TEACHER), run_uuid)
    page = Paginator(integrity.cases_of(run), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(case, SIGNAL_WORDS[case.signal], CASE_WORDS[case.status]) for case in page.object_list]
    return render(request, "courses/grading/cases.html", {"run": run_info(run_uuid), "rows": rows, "page_obj": page})


@people.signed_in
@require_http_methods(["GET", "POST"])
def signal(request: HttpRequest, run_uuid: UUID, case_uuid: UUID) -> HttpResponse:
    """Show what a case rests on, and decide it with a reason."""
    actor = people.require_role(request, people.Role.TEACHER)
    case = integrity.case_of(actor, run_uuid, case_uuid)
    if request.method == "POST":
        deed, reason = request.POST.get("deed", ""), request.POST.get("reason", "")
        if deed == "reopen":
            integrity.reopen(run_uuid=run_uuid, case_uuid=case_uuid, reason=reason, acting=actor)
        else:
            integrity.decide(
                run_uuid=run_uuid, case_uuid=case_uuid, upheld=deed == "uphold", reason=reason, acting=actor
            )
        messages.success(request, _("The decision is kept with its reason."))
        return redirect("courses:grade_cases", run_uuid=run_uuid)
    people.note_access(actor, case.enrolment.person.uuid, "grades")
    context = {
        "run": run_info(run_uuid),
        "case": case,
        "signal": SIGNAL_WORDS[case.signal],
        "why": SIGNAL_REASONS[case.signal],
        "state": CASE_WORDS[case.status],
        "facts": [(FACT_WORDS.get(name, name), value) for name, value in case.facts.items()],
        "moves": [(move, CASE_WORDS[move.target][1]) for move in case.moves.all()],
    }
    return render(request, "courses/grading/signal.html", context)


@people.signed_in
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, correction_uuid: UUID) -> HttpResponse:
    """Show a proposed correction beside what was certified, and decide on it."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    row = correcting.correction_for_registrar(actor, correction_uuid)
    if request.method == "POST":
        if request.POST.get("deed") == "approve":
            seen = request.POST.get("seen", "")
            correcting.approve_correction(correction_uuid=correction_uuid, seen_hash=seen, acting=actor)
            messages.success(request, _("The certified result is corrected."))
        else:
            reason = request.POST.get("reason", "")
            correcting.refuse_correction(correction_uuid=correction_uuid, reason=reason, acting=actor)
            messages.success(request, _("The certified result stays as it is."))
        return redirect("courses:grade_queue")
    enrolment = row.result.enrolment
    people.note_access(actor, enrolment.person.uuid, "grades")
    before, after = row.before, row.document
    context = {
        "run": run_info(enrolment.run.uuid),
        "correction": row,
        "learner": enrolment.person.name,
        "state": CORRECTION_WORDS[row.status],
        "lines": _compared(before, after),
        "document": after,
        "proposed_by": people.persons([row.proposed_by_uuid]).get(row.proposed_by_uuid),
        "own": row.proposed_by_uuid == actor.person_uuid,
    }
    return render(request, "courses/grading/correction.html", context)


def _compared(before: dict[str, str], after: dict[str, str]) -> list[ComparisonLine]:
    told = {"yes": _("Passed"), "no": _("Not passed")}
    pairs = [
        (_("Score"), before["score"], after["score"]),
        (_("Grade"), f"{before['grade']} · {before['level']}", f"{after['grade']} · {after['level']}"),
        (_("Outcome"), told[before["passed"]], told[after["passed"]]),
    ]
    return [ComparisonLine(label, left, right, differs=left != right) for label, left, right in pairs]
