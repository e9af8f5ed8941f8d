"""Handing a student's credit to an institution outside, and taking it back by that institution's signed release."""

import json
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from credits.interop import incoming_access, incoming_queries
from credits.interop.incoming_forms import HandOverForm, ReleaseForm
from credits.interop.incoming_screens import handed_rows
from credits.ledger import exports
from credits.ledger.grounds import LotExport
from credits.ledger.rules import AccountKind
from edu.institutions.data import in_language
from edu.kernel import clock
from edu.kernel.errors import NotThere, Refusal
from edu.people import api as people

ROWS_PER_PAGE = 50


@people.signed_in
@require_safe
def handed_over(request: HttpRequest) -> HttpResponse:
    """List the credit that the institution handed to others, and what came back."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    page = Paginator(incoming_queries.handed_over(actor), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": handed_rows(page.object_list)}
    return render(request, "credits/interop/handed_over.html", context)


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, lot_uuid: UUID) -> HttpResponse:
    """Ask to whom all that is available of a student's credit goes and what for, and hand it over."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    lot = incoming_access.lot_of_student(actor, lot_uuid)
    people.note_access(actor, lot.holder_uuid, "credits")
    language = get_language() or "zh-hans"
    known = [
        (one.code, in_language(language, one.name_zh, one.name_en)) for one in incoming_queries.parties_with_keys()
    ]
    form = HandOverForm(request.POST if request.method == "POST" else None, known)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = exports.export(lot_uuid=lot_uuid, party_code=said["party"], reason=said["reason"], acting=actor)
        except NotThere:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The credit is handed over. Send the recipient the document below."))
            return redirect("credits:handed_over_one", uuid=made.uuid)
    context = {
        "form": form,
        "lot": lot,
        "available": lot.amount_in(AccountKind.AVAILABLE),
        "person": people.person(lot.holder_uuid),
        "title": in_language(language, lot.facts.get("course_name_zh", ""), lot.facts.get("course_name_en", "")),
        "parties": known,
    }
    return render(request, "credits/interop/hand_over.html", context, status=422 if form.errors else 200)


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def handed_over_one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what was handed over with its document; take it back by the recipient's signed release."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    found = incoming_access.handed_over_one(actor, uuid)
    people.note_access(actor, found.lot.holder_uuid, "credits")
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            exports.take_back(export_uuid=uuid, signed=form.cleaned_data["signed"], acting=actor)
        except NotThere:
            raise
        except Refusal as refusal:
            form.add_error("signed", str(refusal.message))
        else:
            messages.success(request, _("The credit is available to the student again."))
            return redirect("credits:handed_over_one", uuid=uuid)
    return _one(request, found, form)


def _one(request: HttpRequest, found: LotExport, form: ReleaseForm) -> HttpResponse:
    [row] = handed_rows([found])
    asked = exports.release_document(found, released_at=clock.now())
    context = {
        "row": row,
        "form": form,
        "document": json.dumps(found.document, ensure_ascii=False, indent=1),
        "asked": json.dumps(asked, ensure_ascii=False, indent=1),
    }
    return render(request, "credits/interop/handed_over_one.html", context, status=422 if form.errors else 200)
