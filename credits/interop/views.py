"""Taking a record out: choose what and how, see what the file will not say, say who gets it, download."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from credits.interop import access, queries, words
from credits.interop.access import Reach
from credits.interop.actions import choose_columns, export_record
from credits.interop.forms import ChoiceForm, ColumnsForm, RecipientForm
from credits.interop.models import RecordExport
from credits.interop.record import Format, Kind
from credits.interop.screens import export_rows, loss_page
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal
from edu.people import api as people

EXPORTS_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pages of one record are: the holder's, or a registrar's of a student."""

    base: str
    person: str  # the student's name on a registrar's page
    start: str
    file: str
    one: str  # the name of the address of one file
    back: str
    back_label: str


@people.signed_in
@require_safe
def my_record(request: HttpRequest) -> HttpResponse:
    """Let the holder choose what to take out and how, and list every file that was made of the record."""
    reach = access.own_record(people.actor_of(request))
    return _start(request, _own(), queries.exports_of(reach.holder_uuid))


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_record_file(request: HttpRequest) -> HttpResponse:
    """Show the holder what a file would leave out, ask who gets it, and hand it over."""
    actor = people.actor_of(request)
    return _file(request, actor, access.own_record(actor), _own())


@people.signed_in
@require_safe
def my_record_export(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the holder one file that was made of the record."""
    return _one(request, _own(), access.own_export(people.actor_of(request), uuid))


@people.signed_in
@require_safe
def registry_record(request: HttpRequest, person_uuid: UUID) -> HttpResponse:
    """Let a registrar choose what to take out of a student's record; the student is told who looked."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    reach = access.record_of_student(actor, person_uuid)
    people.note_access(actor, person_uuid, "credits")
    assert reach.home_uuid is not None  # where the registrar works
    return _start(request, _student(person_uuid), queries.exports_by(person_uuid, reach.home_uuid))


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def registry_record_file(request: HttpRequest, person_uuid: UUID) -> HttpResponse:
    """Show a registrar what a file of a student's record would leave out, ask who gets it, and hand it over."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    reach = access.record_of_student(actor, person_uuid)
    people.note_access(actor, person_uuid, "credits")
    return _file(request, actor, reach, _student(person_uuid))


@people.signed_in
@require_safe
def registry_record_export(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a registrar one file that the institution made of a student's record."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    row = access.export_for_registrar(actor, uuid)
    people.note_access(actor, row.holder_uuid, "credits")
    return _one(request, _student(row.holder_uuid), row)


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_columns(request: HttpRequest) -> HttpResponse:
    """Let a registrar choose the columns of the institution's Excel files."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    form = ColumnsForm(request.POST if request.method == "POST" else None, queries.columns_of(actor.institution_uuid))
    if request.method == "POST" and form.is_valid():
        try:
            choose_columns(columns=form.columns, acting=actor)
        except NotThere:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("From now on Excel files have these columns."))
            return redirect("credits:sheet_columns")
    return render(request, "credits/interop/columns.html", {"form": form}, status=422 if form.errors else 200)


def _start(request: HttpRequest, place: Place, exports: Any) -> HttpResponse:
    page = Paginator(exports, EXPORTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"place": place, "form": ChoiceForm(), "page_obj": page, "rows": export_rows(page.object_list)}
    return render(request, "credits/interop/start.html", context)


def _file(request: HttpRequest, actor: Actor, reach: Reach, place: Place) -> HttpResponse:
    chosen = ChoiceForm(request.GET)
    if not chosen.is_valid():
        return redirect(place.start)
    format_ = Format(chosen.cleaned_data["format"])
    kind = Kind.TRANSCRIPT if format_ is Format.XLSX else Kind(chosen.cleaned_data["kind"])
    form = RecipientForm(request.POST if request.method == "POST" else None, by_holder=reach.by_holder)
    if request.method == "POST" and form.is_valid():
        try:
            _row, made = export_record(
                holder_uuid=reach.holder_uuid, kind=kind, format_=format_, recipient=form.recipient, acting=actor
            )
        except NotThere:
            raise
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(refusal.code), str(refusal.message))
        else:
            return HttpResponse(
                made.content,
                content_type=made.content_type,
                headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
            )
    seen = queries.preview(reach, kind, format_)
    context = {
        "place": place,
        "form": form,
        "by_holder": reach.by_holder,
        "seen": seen,
        "loss": loss_page(seen.report),
        "kind": words.KIND_WORDS[kind],
        "is_sheet": format_ is Format.XLSX,
        "format": words.FORMAT_WORDS[format_],
        "action": f"{place.file}?{urlencode({'kind': kind.value, 'format': format_.value})}",
    }
    return render(request, "credits/interop/file.html", context, status=422 if form.errors else 200)


FIELD_OF = {
    "no-recipient": "name",
    "no-such-country": "country",
    "no-legal-basis": "legal_basis",
    "no-reference": "reference",
}


def _one(request: HttpRequest, place: Place, row: RecordExport) -> HttpResponse:
    [shown] = export_rows([row])
    return render(
        request, "credits/interop/export.html", {"place": place, "row": shown, "loss": loss_page(row.loss_report)}
    )


def _own() -> Place:
    return Place(
        base="base.html",
        person="",
        start=reverse("credits:my_record"),
        file=reverse("credits:my_record_file"),
        one="credits:my_record_export",
        back=reverse("credits:my_credits"),
        back_label=_("My credits"),
    )


def _student(person_uuid: UUID) -> Place:
    name = people.person(person_uuid).name
    return Place(
        base="base_staff.html",
        person=name,
        start=reverse("credits:registry_record", args=[person_uuid]),
        file=reverse("credits:registry_record_file", args=[person_uuid]),
        one="credits:registry_record_export",
        back=reverse("credits:registry_person", args=[person_uuid]),
        back_label=name,
    )
