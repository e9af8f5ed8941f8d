"""A student's own credit, and the registrar's view of a student's ledger."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from credits.ledger import access, queries
from credits.ledger.rules import AccountKind
from credits.ledger.sections import sections_of
from credits.ledger.statement import lot_page, rows_of, statement_of
from edu.design.values import Tab
from edu.institutions import api as institutions
from edu.people import api as people

LOTS_PER_PAGE = 50  # look.md archetype 3


def _language() -> str:
    return get_language() or "zh-hans"


@people.signed_in
@require_GET
def my_credits(request: HttpRequest) -> HttpResponse:
    """Show what credit the person holds and where each part of it is now."""
    actor = people.actor_of(request)
    assert actor.person_uuid is not None  # somebody is signed in
    context = {"statement": statement_of(actor.person_uuid, _language()), "sections": sections_of(actor.person_uuid)}
    return render(request, "credits/ledger/my_credits.html", context)


@people.signed_in
@require_GET
def my_lot(request: HttpRequest, lot_uuid: UUID) -> HttpResponse:
    """Show one of the person's lots with the history of its postings."""
    lot = access.own_lot(people.actor_of(request), lot_uuid)
    row, postings = lot_page(lot, _language(), reader_institution_uuid=None)
    return render(request, "credits/ledger/my_lot.html", {"row": row, "postings": postings})


@people.signed_in
@require_GET
def registry(request: HttpRequest) -> HttpResponse:
    """List the credit the institution issued or recognised; a student number leads to that student's ledger."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    number = request.GET.get("number", "").strip()
    missing = ""
    if number:
        found = _student_with(access.registrar_of(actor), number)
        if found:
            return redirect("credits:registry_person", person_uuid=found)
        missing = _("No student here has the number %(number)s.") % {"number": number}
    recognised = request.GET.get("view") == "recognised"
    page = Paginator(access.lots_of_institution(actor, recognised=recognised), LOTS_PER_PAGE)
    page_obj = page.get_page(request.GET.get("page"))
    rows = rows_of(tuple(queries.lot_info(row) for row in page_obj.object_list), _language())
    names = people.persons(row.lot.holder_uuid for row in rows)
    context = {
        "rows": [(row, names[row.lot.holder_uuid].name if row.lot.holder_uuid in names else "") for row in rows],
        "page_obj": page_obj,
        "recognised": recognised,
        "views": [
            Tab(_("Issued here"), "?", not recognised),
            Tab(_("Recognised here"), "?view=recognised", recognised),
        ],
        "number": number,
        "missing": missing,
    }
    return render(request, "credits/ledger/registry.html", context)


@people.signed_in
@require_GET
def registry_person(request: HttpRequest, person_uuid: UUID) -> HttpResponse:
    """Show a student's ledger to a registrar; the student is told who looked."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    issuer_uuid = access.seen_by_registrar(actor, person_uuid)
    people.note_access(actor, person_uuid, "credits")
    record = people.student_record(person_uuid, actor.institution_uuid)
    context = {
        "person": people.person(person_uuid),
        "number": record.number if record else "",
        "only_own": issuer_uuid is not None,
        "statement": statement_of(person_uuid, _language(), issuer_uuid),
    }
    return render(request, "credits/ledger/registry_person.html", context)


@people.signed_in
@require_GET
def registry_lot(request: HttpRequest, lot_uuid: UUID) -> HttpResponse:
    """Show a lot with its postings to a registrar; the holder is told who looked."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    lot = access.lot_for_registrar(actor, lot_uuid)
    people.note_access(actor, lot.holder_uuid, "credits")
    row, postings = lot_page(lot, _language(), reader_institution_uuid=actor.institution_uuid)
    student = people.student_record(lot.holder_uuid, actor.institution_uuid)
    context = {
        "row": row,
        "postings": postings,
        "person": people.person(lot.holder_uuid),
        "may_hand_over": bool(student and lot.amount_in(AccountKind.AVAILABLE)),
    }
    return render(request, "credits/ledger/registry_lot.html", context)


def _student_with(institution_uuid: UUID, number: str) -> UUID | None:
    code = institutions.institution(institution_uuid).code
    found = people.find_person(f"{code}/{number}") if code else None
    return found.uuid if found and people.student_record(found.uuid, institution_uuid) else None
