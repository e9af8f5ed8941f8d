"""The registrar's pages on agreements and rules."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credits.agreements import access, actions, equivalence_actions, queries, screens
from credits.agreements.actions import require_registrar
from credits.agreements.conflict import attempt
from credits.agreements.forms import AgreementForm, EndForm, EquivalenceForm, NewAgreementForm, ReasonForm
from credits.agreements.models import Equivalence
from credits.agreements.rules import terms_of
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people import api as people

PLAIN_ERRORS = (NotThere, NotPermitted, Stale)  # answered by pages of their own, not by a form


@people.signed_in
@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """List the agreements of the registrar's institution."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    own = require_registrar(actor)
    context = {"rows": screens.agreement_rows(queries.versions_of(own)[:200], own)}
    return render(request, "credits/agreements/agreements.html", context)


@people.signed_in
@require_http_methods(["GET", "POST"])
def new_agreement(request: HttpRequest) -> HttpResponse:
    """Draft an agreement with a partner; with ?follows= the form starts from the terms of an earlier version."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    own = require_registrar(actor)
    follows = request.GET.get("follows")
    older = access.agreement_version(actor, _uuid(follows)) if follows else None
    initial = NewAgreementForm.initial_of(terms_of(older.document)) if older else {}
    if older:
        initial["partner"] = str(queries.partner_of(older.agreement, own))
    form = NewAgreementForm(request.POST or None, initial=initial, partners=screens.partner_choices(own))
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.draft_agreement(partner_uuid=form.partner_uuid, terms=form.terms(), acting=actor)
            return redirect("credits:agreement", version_uuid=version.uuid)
        except PLAIN_ERRORS:
            raise
        except Refusal as refused:
            form.add_error(None, str(refused.message))
    context = {"form": form, "title": _("Draft an agreement"), "back_url": reverse("credits:agreements")}
    return render(request, "credits/agreements/form.html", context)


@people.signed_in
@require_GET
def agreement(request: HttpRequest, version_uuid: UUID) -> HttpResponse:
    """Show one version with what may be done with it."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    version = access.agreement_version(actor, version_uuid)
    context = screens.agreement_page(version, require_registrar(actor)) | {"reason_form": ReasonForm()}
    return render(request, "credits/agreements/agreement.html", context)


@people.signed_in
@require_http_methods(["GET", "POST"])
def edit_agreement(request: HttpRequest, version_uuid: UUID) -> HttpResponse:
    """Change a draft, or begin the next version from the one in force."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    version = access.agreement_version(actor, version_uuid)
    initial = AgreementForm.initial_of(terms_of(version.document))
    form = AgreementForm(request.POST or None, initial=initial)
    back_url = reverse("credits:agreement", kwargs={"version_uuid": version.uuid})
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen_hash", "")
        answer = attempt(
            request,
            lambda: _save(version_uuid, seen, form, actor),
            back_url=back_url,
            staff=True,
        )
        return answer or redirect(back_url)
    context = {"form": form, "title": _("Edit the draft"), "back_url": back_url, "seen_hash": version.content_hash}
    return render(request, "credits/agreements/form.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotThere("no-such-version") from None


def _save(version_uuid: UUID, seen_hash: str, form: AgreementForm, actor: Actor) -> None:
    actions.edit_agreement(version_uuid=version_uuid, seen_hash=seen_hash, terms=form.terms(), acting=actor)


@people.signed_in
@require_POST
def decide_agreement(request: HttpRequest, version_uuid: UUID) -> HttpResponse:
    """Propose, approve, take back or end a version."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    access.agreement_version(actor, version_uuid)
    seen, reason = request.POST.get("seen_hash", ""), request.POST.get("reason", "").strip()
    deeds = {
        "propose": lambda: actions.propose_agreement(version_uuid=version_uuid, seen_hash=seen, acting=actor),
        "approve": lambda: actions.approve_agreement(version_uuid=version_uuid, seen_hash=seen, acting=actor),
        "return": lambda: actions.return_agreement(version_uuid=version_uuid, reason=reason, acting=actor),
        "end": lambda: actions.end_agreement(version_uuid=version_uuid, reason=reason, acting=actor),
    }
    deed = deeds.get(request.POST.get("do", ""))
    if deed is None:
        raise NotThere("no-such-deed")
    back_url = reverse("credits:agreement", kwargs={"version_uuid": version_uuid})
    answer = attempt(request, deed, back_url=back_url, staff=True)
    if answer is None:
        messages.success(request, _("Saved."))
    return answer or redirect(back_url)


@people.signed_in
@require_GET
def equivalences(request: HttpRequest) -> HttpResponse:
    """List the conversion rules of the registrar's institution."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    rows = screens.rule_rows(queries.rules_of(require_registrar(actor))[:200])
    return render(request, "credits/agreements/equivalences.html", {"rows": rows})


@people.signed_in
@require_http_methods(["GET", "POST"])
def new_equivalence(request: HttpRequest) -> HttpResponse:
    """Write a rule, or with ?follows= the next version of one."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    own = require_registrar(actor)
    follows = request.GET.get("follows")
    older = access.equivalence(actor, _uuid(follows)) if follows else None
    initial = {"ratio": "1", "minimum_grade": "60"} | (_initial_of(older) if older else {})
    form = EquivalenceForm(
        request.POST or None, initial=initial, courses=screens.course_choices(own), slots=screens.slot_choices(own)
    )
    if request.method == "POST" and form.is_valid():
        try:
            rule = equivalence_actions.draft_equivalence(
                terms=form.terms(), acting=actor, follows_uuid=older.uuid if older else None
            )
            return redirect("credits:equivalence", equivalence_uuid=rule.uuid)
        except PLAIN_ERRORS:
            raise
        except Refusal as refused:
            form.add_error(None, str(refused.message))
    context = {"form": form, "title": _("Write a conversion rule"), "back_url": reverse("credits:equivalences")}
    return render(request, "credits/agreements/form.html", context)


def _initial_of(rule: Equivalence) -> dict[str, object]:
    names = ("kind", "ratio", "minimum_grade", "valid_from_on", "valid_to_on", "evidence", "reason")
    return {name: getattr(rule, name) for name in names} | {"course": rule.host_course_uuid, "slot": rule.slot_uuid}


@people.signed_in
@require_GET
def equivalence(request: HttpRequest, equivalence_uuid: UUID) -> HttpResponse:
    """Show one rule with what may be done with it."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    rule = access.equivalence(actor, equivalence_uuid)
    context = screens.rule_page(rule, actor.person_uuid) | {"end_form": EndForm()}
    return render(request, "credits/agreements/equivalence.html", context)


@people.signed_in
@require_POST
def decide_equivalence(request: HttpRequest, equivalence_uuid: UUID) -> HttpResponse:
    """Approve, discard or retire a rule."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    access.equivalence(actor, equivalence_uuid)
    back_url = reverse("credits:equivalence", kwargs={"equivalence_uuid": equivalence_uuid})
    form = EndForm(request.POST)
    named: dict[str, Any] = {"equivalence_uuid": equivalence_uuid, "acting": actor}
    seen = request.POST.get("seen_hash", "")
    if request.POST.get("do") == "retire" and not form.is_valid():
        messages.error(request, _("Say the last day and the reason."))
        return redirect(back_url)
    deeds = {
        "approve": lambda: equivalence_actions.approve_equivalence(**named, seen_hash=seen),
        "discard": lambda: equivalence_actions.discard_equivalence(**named),
        "retire": lambda: equivalence_actions.retire_equivalence(
            **named, last_on=form.cleaned_data["last_on"], reason=form.cleaned_data["reason"]
        ),
    }
    deed = deeds.get(request.POST.get("do", ""))
    if deed is None:
        raise NotThere("no-such-deed")
    return attempt(request, deed, back_url=back_url, staff=True) or redirect(back_url)
