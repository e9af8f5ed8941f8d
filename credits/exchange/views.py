"""A student's study plans."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses import api as courses
from credits.agreements.conflict import attempt
from credits.exchange import access, actions, queries, screens
from credits.exchange.forms import NoteForm
from credits.exchange.states import PlanStatus
from edu.kernel import clock
from edu.people import api as people


@people.signed_in
@require_GET
def my_plans(request: HttpRequest) -> HttpResponse:
    """List the person's plans: where each stands and who has to act."""
    actor = people.actor_of(request)
    assert actor.person_uuid is not None  # somebody is signed in
    rows = screens.plan_rows(queries.plans_of(actor.person_uuid))
    return render(request, "credits/exchange/my_plans.html", {"rows": rows})


@people.signed_in
@require_http_methods(["GET", "POST"])
def start_plan(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Step 1: show what will count and why; going on writes the draft."""
    actor = people.actor_of(request)
    assert actor.person_uuid is not None  # somebody is signed in
    run = courses.run(run_uuid)
    here = reverse("credits:start_plan", kwargs={"run_uuid": run_uuid})
    if request.method == "POST":
        answer = attempt(
            request, lambda: actions.draft_plan(run_uuid=run_uuid, acting=actor), back_url=here, staff=False
        )
        plan = queries.live_plan(actor.person_uuid, run_uuid)
        return answer or redirect("credits:plan_note", plan_uuid=plan.uuid if plan else run_uuid)
    found = queries.preview_beside(actor.person_uuid, run, clock.today(), plan=None)
    return render(request, "credits/exchange/start.html", screens.panel_context(found, run, actor.person_uuid))


@people.signed_in
@require_http_methods(["GET", "POST"])
def plan_note(request: HttpRequest, plan_uuid: UUID) -> HttpResponse:
    """Step 2: a note for the registrars; saving brings the draft to today's conditions."""
    actor = people.actor_of(request)
    plan = access.own_plan(actor, plan_uuid)
    if plan.status not in screens.STUDENT_ACTS:
        return redirect("credits:plan", plan_uuid=plan.uuid)
    form = NoteForm(request.POST or None, initial={"note": plan.note})
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        answer = attempt(
            request,
            lambda: actions.rewrite_plan(plan_uuid=plan_uuid, acting=actor, note=note),
            back_url=reverse("credits:plan", kwargs={"plan_uuid": plan_uuid}),
            staff=False,
        )
        return answer or redirect("credits:check_plan", plan_uuid=plan_uuid)
    return render(
        request, "credits/exchange/note.html", {"form": form, "plan": plan, "row": screens.plan_rows([plan])[0]}
    )


@people.signed_in
@require_http_methods(["GET", "POST"])
def check_plan(request: HttpRequest, plan_uuid: UUID) -> HttpResponse:
    """Step 3: check everything and sign exactly what is shown."""
    actor = people.actor_of(request)
    plan = access.own_plan(actor, plan_uuid)
    if request.method == "POST":
        seen = request.POST.get("seen_hash", "")
        back_url = reverse("credits:check_plan", kwargs={"plan_uuid": plan_uuid})
        answer = attempt(
            request,
            lambda: actions.sign_plan(plan_uuid=plan_uuid, seen_hash=seen, acting=actor),
            back_url=back_url,
            staff=False,
        )
        return answer or redirect("credits:plan_signed", plan_uuid=plan_uuid)
    if plan.status != PlanStatus.DRAFTED:
        return redirect("credits:plan", plan_uuid=plan.uuid)
    context = screens.plan_page(plan) | {"changes": actions.changed_conditions(plan)}
    return render(request, "credits/exchange/check.html", context)


@people.signed_in
@require_GET
def plan_signed(request: HttpRequest, plan_uuid: UUID) -> HttpResponse:
    """Confirm: the number, who acts next, by when."""
    plan = access.own_plan(people.actor_of(request), plan_uuid)
    return render(request, "credits/exchange/signed.html", {"plan": plan, "row": screens.plan_rows([plan])[0]})


@people.signed_in
@require_GET
def plan(request: HttpRequest, plan_uuid: UUID) -> HttpResponse:
    """Show one's plan: where it stands, what was promised, what happened."""
    found = access.own_plan(people.actor_of(request), plan_uuid)
    return render(request, "credits/exchange/plan.html", screens.plan_page(found))


@people.signed_in
@require_POST
def rewrite_plan(request: HttpRequest, plan_uuid: UUID) -> HttpResponse:
    """Take today's conditions into the draft, to be read and signed again."""
    actor = people.actor_of(request)
    access.own_plan(actor, plan_uuid)
    back_url = reverse("credits:plan", kwargs={"plan_uuid": plan_uuid})
    answer = attempt(
        request, lambda: actions.rewrite_plan(plan_uuid=plan_uuid, acting=actor), back_url=back_url, staff=False
    )
    return answer or redirect("credits:check_plan", plan_uuid=plan_uuid)


@people.signed_in
@require_http_methods(["GET", "POST"])
def withdraw_plan(request: HttpRequest, plan_uuid: UUID) -> HttpResponse:
    """Ask once, then take the plan back."""
    actor = people.actor_of(request)
    found = access.own_plan(actor, plan_uuid)
    back_url = reverse("credits:plan", kwargs={"plan_uuid": plan_uuid})
    if request.method == "POST":
        answer = attempt(
            request, lambda: actions.withdraw_plan(plan_uuid=plan_uuid, acting=actor), back_url=back_url, staff=False
        )
        return answer or redirect(back_url)
    context = {
        "plan": found,
        "row": screens.plan_rows([found])[0],
        "title": _("Withdraw this study plan"),
        "back_url": back_url,
    }
    return render(request, "credits/exchange/withdraw.html", context)
