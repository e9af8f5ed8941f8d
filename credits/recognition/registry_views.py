"""The registrar's desk, the queue of recognition cases and the page of one case."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from credits.agreements.actions import require_registrar
from credits.agreements.conflict import attempt
from credits.recognition import access, actions, queries, screens
from credits.recognition.forms import RulingForm
from credits.recognition.states import CaseStatus
from credits.recognition.words import APPEAL
from edu.design.values import Chip, Tab
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.people import api as people

CASES_PER_PAGE = 50  # look.md B3, archetype 3


@people.signed_in
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Show the office's recognition cases by view, longest waiting first."""
    own = require_registrar(people.require_role(request, people.Role.REGISTRAR))
    there = queries.cases_at(own)
    mine = there.filter(status=CaseStatus.IN_REVIEW).order_by("waiting_since_at", "id")
    lists = {
        "mine": (_("For me to decide"), mine),
        "returned": (
            _("Waiting for correction"),
            there.filter(status=CaseStatus.RETURNED).order_by("waiting_since_at", "id"),
        ),
        "done": (_("Decided"), there.filter(status__in=screens.DECIDED).order_by("-id")),
    }
    view = request.GET.get("view", "mine")
    view = view if view in lists else "mine"
    text = request.GET.get("q", "").strip()
    chosen = lists[view][1].filter(number__icontains=text) if text else lists[view][1]
    page = Paginator(chosen, CASES_PER_PAGE).get_page(request.GET.get("page"))
    oldest = mine.first()
    context = {
        "rows": screens.case_rows(page.object_list),
        "page_obj": page,
        "tabs": [
            Tab(words, f"?view={name}", name == view, rows.count() if name != "done" else None)
            for name, (words, rows) in lists.items()
        ],
        "view": view,
        "waiting": mine.count(),
        "oldest_days": (clock.now() - oldest.waiting_since_at).days if oldest and oldest.waiting_since_at else 0,
        "q": text,
        "chips": [Chip(text, f"?view={view}")] if text else [],
    }
    return render(request, "credits/recognition/queue.html", context)


@people.signed_in
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Show one case for the decision, preview the notice, and take the decision."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    found = access.case_for_registrar(actor, case_uuid)
    people.note_access(actor, found.person_uuid, "recognition")
    form = RulingForm(request.POST or None)
    previewing = request.POST.get("then") == "preview"
    if request.method == "POST" and form.is_valid() and not previewing:
        back_url = reverse("credits:registry_case", kwargs={"case_uuid": case_uuid})
        seen = request.POST.get("seen_hash", "")
        answer = attempt(request, lambda: _decide(case_uuid, seen, form, actor), back_url=back_url, staff=True)
        return answer or _onwards(request, actor, found.number)
    page = screens.case_page(found)
    if previewing:  # the preview stays bound to what the registrar saw first
        page["seen_hash"] = request.POST.get("seen_hash", "")
    context = page | {
        "form": form,
        "may_decide": found.status == CaseStatus.IN_REVIEW,
        "record": people.student_record(found.person_uuid, found.home_uuid),
        "notice": _notice(form) if previewing and form.is_valid() else None,
    }
    return render(request, "credits/recognition/registry_case.html", context)


def _decide(case_uuid: UUID, seen_hash: str, form: RulingForm, actor: Actor) -> None:
    said = form.cleaned_data
    actions.decide_case(
        case_uuid=case_uuid,
        seen_hash=seen_hash,
        outcome=said["outcome"],
        reason_code=said["reason_code"],
        reason_text=said["reason_text"],
        credit_points=said["credit_points"],
        acting=actor,
    )


def _notice(form: RulingForm) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "outcome": dict(form.fields["outcome"].choices)[said["outcome"]],  # type: ignore[attr-defined]  # a ChoiceField
        "reason": dict(form.fields["reason_code"].choices)[said["reason_code"]],  # type: ignore[attr-defined]
        "text": said["reason_text"],
        "appeal": APPEAL if said["outcome"] == "refuse" else "",
    }


def _onwards(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    messages.success(request, _("%(number)s is decided. The student sees it now.") % {"number": number})
    if request.POST.get("then") == "next":
        waiting = queries.cases_at(require_registrar(actor)).filter(status=CaseStatus.IN_REVIEW)
        following = waiting.order_by("waiting_since_at", "id").first()
        if following:
            return redirect("credits:registry_case", case_uuid=following.uuid)
    return redirect("credits:case_queue")
