"""The registrar's queue of study plans and the page of one case."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from credits.agreements.actions import require_registrar
from credits.agreements.conflict import attempt
from credits.agreements.screens import language
from credits.exchange import access, actions, queries, screens
from credits.exchange.forms import APPROVE, DENY, RETURN, DecisionForm
from credits.exchange.models import StudyPlan
from credits.exchange.states import PlanStatus
from edu.design.values import Chip, Tab
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.people import api as people

PLANS_PER_PAGE = 50  # look.md B3, archetype 3
DONE = (PlanStatus.ACCEPTED, PlanStatus.COMPLETED, PlanStatus.DENIED, PlanStatus.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Queue:
    """The lists of one office: those it has to act on, all that are under way, returned, done."""

    mine: QuerySet[StudyPlan]
    open: QuerySet[StudyPlan]
    returned: QuerySet[StudyPlan]
    done: QuerySet[StudyPlan]


def _queue(own: UUID) -> Queue:
    there = queries.plans_at(own)
    under_way = there.filter(status__in=[PlanStatus.HOME_REVIEW, PlanStatus.HOST_PENDING])
    return Queue(
        mine=queries.waiting_for(own),
        open=under_way.order_by("waiting_since_at", "id"),
        returned=there.filter(status__in=[PlanStatus.RETURNED]).order_by("waiting_since_at", "id"),
        done=there.filter(status__in=DONE).order_by("-id"),
    )


@people.signed_in
@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """Show the office's study plans by view, longest waiting first, with filters."""
    own = require_registrar(people.require_role(request, people.Role.REGISTRAR))
    queue = _queue(own)
    views = {
        "mine": _("For me to decide"),
        "open": _("All under way"),
        "returned": _("Waiting for correction"),
        "done": _("Decided"),
    }
    view = request.GET.get("view", "mine")
    view = view if view in views else "mine"
    chosen = _filtered(getattr(queue, view), request.GET)
    page = Paginator(chosen, PLANS_PER_PAGE).get_page(request.GET.get("page"))
    oldest = queue.mine.first()
    context = {
        "rows": screens.plan_rows(page.object_list),
        "page_obj": page,
        "tabs": [
            Tab(words, f"?view={name}", name == view, getattr(queue, name).count() if name != "done" else None)
            for name, words in views.items()
        ],
        "view": view,
        "waiting": queue.mine.count(),
        "oldest_days": (clock.now() - oldest.waiting_since_at).days if oldest and oldest.waiting_since_at else 0,
        "q": request.GET.get("q", ""),
        "chips": _chips(request.GET),
        "clear_url": f"?view={view}",
        "partners": _partners(own, queue),
        "partner": request.GET.get("partner", ""),
    }
    return render(request, "credits/exchange/queue.html", context)


def _filtered(rows: QuerySet[StudyPlan], asked: QueryDict) -> QuerySet[StudyPlan]:
    if text := asked.get("q", "").strip():
        rows = rows.filter(Q(number__icontains=text) | Q(document__course__name_zh__icontains=text))
    if partner := _uuid(asked.get("partner", "")):
        rows = rows.filter(Q(home_uuid=partner) | Q(host_uuid=partner))
    if asked.get("late"):
        rows = rows.filter(due_on__lt=clock.today())
    return rows


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _chips(asked: QueryDict) -> list[Chip]:
    labels = {"q": asked.get("q", ""), "partner": _("One partner"), "late": _("Overdue")}
    return [Chip(label, f"?{_without(asked, name)}") for name, label in labels.items() if asked.get(name)]


def _without(asked: QueryDict, name: str) -> str:
    rest = asked.copy()
    rest.pop(name, None)
    rest.pop("page", None)
    return rest.urlencode()


def _partners(own: UUID, queue: Queue) -> list[tuple[str, str]]:
    """Return the other institutions in the office's open plans."""
    pairs = queue.open.values_list("home_uuid", "host_uuid").distinct().order_by()
    others = {uuid for pair in pairs for uuid in pair} - {own}
    return [(str(i.uuid), i.name(language())) for i in institutions.institutions(others).values()]


@people.signed_in
@require_http_methods(["GET", "POST"])
def plan_case(request: HttpRequest, plan_uuid: UUID) -> HttpResponse:
    """Show one plan for the decision, and take it; the page shows what the decision is bound to."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    own = require_registrar(actor)
    plan = access.plan_for_registrar(actor, plan_uuid)
    people.note_access(actor, plan.person_uuid, "study-plan")
    is_host = plan.status == PlanStatus.HOST_PENDING and plan.host_uuid == own
    is_home = plan.status == PlanStatus.HOME_REVIEW and plan.home_uuid == own
    form = DecisionForm(request.POST or None, is_host=is_host)
    if request.method == "POST" and form.is_valid():
        back_url = reverse("credits:plan_case", kwargs={"plan_uuid": plan_uuid})
        deed = _deed(plan, request.POST.get("seen_hash", ""), form, actor, is_host=is_host)
        answer = attempt(request, deed, back_url=back_url, staff=True)
        return answer or _onwards(request, own, plan)
    context = screens.plan_page(plan) | {
        "form": form,
        "is_host": is_host,
        "may_decide": is_host or is_home,
        "changes": actions.changed_conditions(plan) if is_host or is_home else [],
        "record": people.student_record(plan.person_uuid, plan.home_uuid),
    }
    return render(request, "credits/exchange/case.html", context)


def _deed(plan: StudyPlan, seen_hash: str, form: DecisionForm, actor: Actor, *, is_host: bool) -> Callable[[], Any]:
    said = form.cleaned_data
    asked: dict[str, Any] = {"plan_uuid": plan.uuid, "seen_hash": seen_hash, "acting": actor}
    reasons = {"reason_code": said["reason_code"], "reason_text": said["reason_text"]}
    if said["decision"] == APPROVE:
        accept = is_host or plan.host_uuid == actor.institution_uuid
        return (lambda: actions.accept_plan(**asked)) if accept else (lambda: actions.approve_plan(**asked))
    against = {RETURN: actions.return_plan, DENY: actions.deny_plan}[said["decision"]]
    return lambda: against(**asked, **reasons)


def _onwards(request: HttpRequest, own: UUID, plan: StudyPlan) -> HttpResponse:
    messages.success(request, _("%(number)s is decided. The student sees it now.") % {"number": plan.number})
    following = queries.waiting_for(own).first() if request.POST.get("then") == "next" else None
    if following:
        return redirect("credits:plan_case", plan_uuid=following.uuid)
    return redirect("credits:plan_queue")
