"""A holder's sealed terms with the proofs to carry away, and the list of seals for those who keep the ledger."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from credits.ledger import dated_rules
from credits.seals import access, proving, queries, screens
from credits.seals.forms import CorrectionRuleForm
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.people import api as people


@people.signed_in
@require_GET
def my_seal(request: HttpRequest, seal_uuid: UUID) -> HttpResponse:
    """Show what a seal says of the person, with the proofs."""
    sealed = access.own_sealed(people.actor_of(request), seal_uuid)
    return render(request, "credits/seals/my_seal.html", screens.my_page(sealed))


@people.signed_in
@require_GET
def my_total_proof(request: HttpRequest, seal_uuid: UUID) -> HttpResponse:
    """Send the proof of the person's total, without the courses."""
    sealed = access.own_sealed(people.actor_of(request), seal_uuid)
    return _file(f"seal-{sealed.seal.term_code}-total.json", proving.proof_of_total(sealed))


@people.signed_in
@require_GET
def my_whole_proof(request: HttpRequest, seal_uuid: UUID) -> HttpResponse:
    """Send the proof with all the person's lots."""
    sealed = access.own_sealed(people.actor_of(request), seal_uuid)
    return _file(f"seal-{sealed.seal.term_code}-all.json", proving.proof_of_all(sealed))


@people.signed_in
@require_GET
def my_lot_proof(request: HttpRequest, seal_uuid: UUID, lot_uuid: UUID) -> HttpResponse:
    """Send the proof of what a seal says about one of the person's lots."""
    actor = people.actor_of(request)
    sealed = access.own_sealed(actor, seal_uuid)
    lot = access.own_lot_uuid(actor, lot_uuid)
    return _file(f"seal-{sealed.seal.term_code}-{str(lot)[:8]}.json", proving.proof_of_lot(sealed, lot))


@people.signed_in
@require_GET
def seals(request: HttpRequest) -> HttpResponse:
    """List the seals, and the terms that wait for theirs."""
    actor = access.reader_of(request)
    registrar = actor.role == people.Role.REGISTRAR and actor.institution_uuid is not None
    context = {
        "rows": screens.seal_rows(queries.seals()),
        "open_terms": screens.open_terms(),
        "registrar": registrar,
        "rule": screens.correction_rule(actor.institution_uuid) if registrar and actor.institution_uuid else None,
    }
    return render(request, "credits/seals/seals.html", context)


@people.signed_in
@require_GET
def seal(request: HttpRequest, seal_uuid: UUID) -> HttpResponse:
    """Show a seal: counts, sums, why it could be made, and what was corrected afterwards."""
    access.reader_of(request)
    return render(request, "credits/seals/seal.html", screens.seal_page(access.seal(seal_uuid)))


@people.signed_in
@require_http_methods(["GET", "POST"])
def correction_rule(request: HttpRequest) -> HttpResponse:
    """Let a registrar say how long corrections are made after a term."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    form = CorrectionRuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            dated_rules.set_rule(**form.values(), acting=actor)
            messages.success(request, _("Saved."))
            return redirect("credits:seals")
        except (NotThere, NotPermitted):
            raise
        except Refusal as refused:
            form.add_error(None, str(refused.message))
    return render(request, "credits/seals/correction_rule.html", {"form": form})


def _file(name: str, proof: Mapping[str, Any]) -> HttpResponse:
    """Return a proof as a file that no cache keeps: it opens what the log hides."""
    text = json.dumps(proof, ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
