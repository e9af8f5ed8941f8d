"""Screens of policies: the versions of a run, a proposal with its preview, and the decision of another person."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.enrolment.queries import run as run_info
from courses.grading import documents, proposing, queries, screens
from courses.grading.access import taught_run
from courses.grading.models import GradingPolicy
from courses.grading.policy_forms import PolicyForm, initial_of
from courses.grading.wording import POLICY_WORDS
from courses.runs.models import CourseRun
from edu.institutions import api as institutions
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people import api as people

SHIFTS_SHOWN_MAX = 100  # the largest losses first; the figures above say how many there are
AT_FIELD = {"no-source": "source_title", "no-reason": "reason"}


@people.signed_in
@require_GET
def policies(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """List the versions of how a run is graded, and which of them hold."""
    run = taught_run(people.require_role(request, people.Role.TEACHER), run_uuid)
    held = {one.id for one in proposing.policies_in_force(run).all}
    rows = screens.policies_of(run)
    names = _home_names(rows)
    context = {
        "run": run_info(run_uuid),
        "rows": [
            (row, POLICY_WORDS[row.status], names.get(row.home_uuid, "") if row.home_uuid else "", row.pk in held)
            for row in rows
        ],
    }
    return render(request, "courses/grading/policies.html", context)


def _home_names(rows: list[GradingPolicy]) -> dict[UUID, str]:
    uuids = {row.home_uuid for row in rows if row.home_uuid}
    return institutions.names_today(uuids, get_language() or "zh-hans") if uuids else {}


@people.signed_in
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Propose another way of grading; the preview is the next page."""
    actor = people.require_role(request, people.Role.TEACHER)
    run = taught_run(actor, run_uuid)
    held = proposing.policies_in_force(run).general
    homes, kinds = queries.homes_of(run), queries.kinds_of_work(run)
    form = PolicyForm(request.POST or None, held=held, homes=homes, kinds=kinds, initial=initial_of(held))
    if request.method == "POST" and form.is_valid():
        made = _proposed(form, run, request)
        if made:
            return redirect("courses:grade_policy", policy_uuid=made.uuid)
    context = {"run": run_info(run_uuid), "form": form}
    return render(request, "courses/grading/policy_form.html", context, status=422 if form.errors else 200)


def _proposed(form: PolicyForm, run: CourseRun, request: HttpRequest) -> GradingPolicy | None:
    """Propose what the form says; a refusal becomes an error at the field it speaks of."""
    try:
        return proposing.propose_policy(
            run_uuid=run.uuid,
            policy=form.policy(),
            source=form.source(),
            reason=form.cleaned_data["reason"],
            acting=people.actor_of(request),
            home_uuid=form.home_uuid(),
            from_on=form.cleaned_data["from_on"],
        )
    except (NotThere, NotPermitted, Stale):
        raise
    except Refusal as refusal:
        form.add_error(AT_FIELD.get(refusal.code), str(refusal.message))
        return None


@people.signed_in
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest, policy_uuid: UUID) -> HttpResponse:
    """Show a version with what it changes for whom; approve or refuse a proposed one."""
    actor = people.require_role(request, people.Role.TEACHER, people.Role.REGISTRAR)
    row = proposing.policy_to_decide(actor, policy_uuid)
    if request.method == "POST":
        if request.POST.get("deed") == "approve":
            seen = request.POST.get("seen", "")
            proposing.approve_policy(policy_uuid=policy_uuid, seen_hash=seen, acting=actor)
            messages.success(request, _("The policy is approved."))
        else:
            proposing.refuse_policy(policy_uuid=policy_uuid, reason=request.POST.get("reason", ""), acting=actor)
            messages.success(request, _("The policy does not come into force."))
        return redirect("courses:grade_policy", policy_uuid=policy_uuid)
    return render(request, "courses/grading/policy.html", _policy_context(row, actor.person_uuid, actor.role))


def _policy_context(row: GradingPolicy, person_uuid: UUID | None, role: str) -> dict[str, object]:
    proposed = row.status == "proposed"
    held = proposing.policies_in_force(row.run)
    before = held.for_home(row.home_uuid)
    preview = proposing.preview(row) if proposed else None
    names = people.persons([uuid for uuid in (row.actor_person_uuid, row.approved_by_uuid) if uuid])
    return {
        "run": run_info(row.run.uuid),
        "policy": row,
        "state": POLICY_WORDS[row.status],
        "source": documents.source_of(row.document),
        "parts": screens.policy_facts(row.document),
        "differences": documents.differences(before.document, row.document) if proposed else [],
        "preview": preview,
        "shifts": preview.shifts[:SHIFTS_SHOWN_MAX] if preview else (),
        "home_name": _home_names([row]).get(row.home_uuid, "") if row.home_uuid else "",
        "proposed_by": names.get(row.actor_person_uuid) if row.actor_person_uuid else None,
        "approved_by": names.get(row.approved_by_uuid) if row.approved_by_uuid else None,
        "own": row.actor_person_uuid == person_uuid,
        "is_teacher": role == "teacher",
    }
