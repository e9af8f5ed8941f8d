"""The office of a school: its people, their codes, and lists to take over; the operator's list of institutions."""

import io
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from edu.institutions import api as institutions_api
from edu.institutions.api import Column
from edu.institutions.data import ImportReport, RowProblem
from edu.kernel.errors import Refusal
from edu.people.access import require_role
from edu.people.actions import issue_code
from edu.people.forms import ImportForm
from edu.people.imports import COLUMNS, import_people
from edu.people.models import Role
from edu.people.queries import office_rows

OFFICE = (Role.REGISTRAR, Role.SCHOOL_COORDINATOR)
ROWS_PER_PAGE = 50  # look.md B3: staff lists show fifty
PROBLEMS_SHOWN_MAX = 200  # more are the same mistake all down a column
TEMPLATE_TEXT_ROWS = 500  # rows formatted as text beforehand, so that numbers keep their leading zeros
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def office(request: HttpRequest) -> HttpResponse:
    """The people of the institution, by number; searched by number or name."""
    actor = require_role(request, *OFFICE)
    assert actor.institution_uuid  # offices have an institution
    query = request.GET.get("q", "").strip()
    page = Paginator(office_rows(actor.institution_uuid, query), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/office.html", {"page": page, "query": query})


@never_cache
@require_POST
def code(request: HttpRequest, person_uuid: UUID) -> HttpResponse:
    """Issue a one-time code and show it, once."""
    actor = require_role(request, *OFFICE)
    return render(request, "people/code.html", {"issued": issue_code(person_uuid=person_uuid, acting=actor)})


@never_cache
def take_over_people(request: HttpRequest) -> HttpResponse:
    """Take over a list of people; the activation codes of new ones are on the answer and nowhere else."""
    actor = require_role(request, *OFFICE)
    assert actor.institution_uuid  # offices have an institution
    form = ImportForm(request.POST or None, request.FILES or None)
    result = None
    if request.method == "POST" and form.is_valid():
        dry_run = form.cleaned_data["dry_run"]
        try:
            content = form.cleaned_data["file"].read()
            result = import_people(content, institution_uuid=actor.institution_uuid, acting=actor, dry_run=dry_run)
        except Refusal as refusal:
            form.add_error("file", refusal.message)
    report = result.report if result else None
    context = {"form": form, "result": result, "report": report, "problems": _named(report, COLUMNS)}
    return render(request, "people/import_people.html", context)


def _named(report: ImportReport | None, columns: Sequence[Column]) -> list[RowProblem]:
    """Return the first problems with the heads of their columns, as the sender's file has them."""
    heads = {column.key: column.heads[0] for column in columns}
    found = report.problems[:PROBLEMS_SHOWN_MAX] if report else ()
    return [replace(problem, column=heads[problem.column]) for problem in found]


def template(request: HttpRequest) -> HttpResponse:
    """The empty list as xlsx, with text columns."""
    require_role(request, *OFFICE)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "people"
    for index, column in enumerate(COLUMNS, start=1):
        sheet.cell(1, index, column.heads[0]).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(index)].width = 16
        for row in range(2, TEMPLATE_TEXT_ROWS + 2):
            sheet.cell(row, index).number_format = "@"
    sheet.freeze_panes = "A2"
    buffer = io.BytesIO()
    book.save(buffer)
    headers = {"Content-Disposition": 'attachment; filename="people.xlsx"'}
    return HttpResponse(buffer.getvalue(), content_type=XLSX, headers=headers)


@never_cache
def take_over_institutions(request: HttpRequest) -> HttpResponse:
    """The operator takes over a list of institutions."""
    actor = require_role(request, Role.OPERATOR)
    form = ImportForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            report = institutions_api.import_institutions(content, acting=actor, dry_run=form.cleaned_data["dry_run"])
        except Refusal as refusal:
            form.add_error("file", refusal.message)
    context = {"form": form, "report": report, "problems": _named(report, institutions_api.INSTITUTION_COLUMNS)}
    return render(request, "people/import_institutions.html", context)
