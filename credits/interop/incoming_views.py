"""Credit that comes in as a file: read in, value line by line, let a colleague take it over; institutions outside."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from credits.interop import incoming, incoming_access, parties
from credits.interop.incoming_forms import AsideForm, PartyForm, UploadForm, ValuesForm
from credits.interop.incoming_queries import parties_known
from credits.interop.incoming_screens import file_rows, known_rows, line_rows
from credits.interop.models import IncomingFile
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal
from edu.people import api as people

FILES_PER_PAGE = 50
FIELD_OF = {"no-such-student": "student_number", "own-credit": "student_number"}


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List the files of outside credit and what each waits for; read in another."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    posted = request.method == "POST"
    form = UploadForm(request.POST if posted else None, request.FILES if posted else None)
    register_url = ""
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = incoming.upload(
                content=file.read(),
                file_name=file.name,
                student_number=form.cleaned_data["student_number"],
                acting=actor,
            )
        except NotThere:
            raise
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(refusal.code, "file"), str(refusal.message))
            if refusal.code == "issuer-not-registered":
                register_url = f"{reverse('credits:parties')}?{urlencode(refusal.details)}"
        else:
            return redirect("credits:import_file", uuid=made.uuid)
    page = Paginator(incoming_access.files_of(actor), FILES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "rows": file_rows(page.object_list), "register_url": register_url}
    return render(request, "credits/interop/imports.html", context, status=422 if form.errors else 200)


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a file line by line; enter what each is worth, or take over what a colleague entered."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    file = incoming_access.file_for_registrar(actor, uuid)
    people.note_access(actor, file.holder_uuid, "credits")
    form = ValuesForm(request.POST if request.method == "POST" else None, file.rows.all())
    if request.method == "POST" and form.is_valid():
        try:
            incoming.propose(file_uuid=uuid, values=form.values, acting=actor)
        except NotThere:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The amounts are entered. A colleague takes the credit over."))
            return redirect("credits:import_file", uuid=uuid)
    return _file_page(request, actor, file, form, AsideForm(None))


@people.signed_in
@require_POST
def take_over_import(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Enter the proposed lines into the ledger."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    file = incoming_access.file_for_registrar(actor, uuid)
    try:
        count = incoming.take_over(file_uuid=uuid, acting=actor)
    except NotThere:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("credits:import_file", uuid=file.uuid)
    messages.success(request, _("%(n)s lines stand in the ledger now.") % {"n": count})
    return redirect("credits:import_file", uuid=uuid)


@people.signed_in
@require_POST
def put_import_aside(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a file aside with a reason."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    file = incoming_access.file_for_registrar(actor, uuid)
    form = AsideForm(request.POST)
    if form.is_valid():
        try:
            incoming.put_aside(file_uuid=uuid, reason=form.cleaned_data["reason"], acting=actor)
        except NotThere:
            raise
        except Refusal as refusal:
            form.add_error("reason", str(refusal.message))
        else:
            messages.success(request, _("The file is put aside."))
            return redirect("credits:imports")
    return _file_page(request, actor, file, ValuesForm(None, file.rows.all()), form)


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def parties_page(request: HttpRequest) -> HttpResponse:
    """List the institutions outside and register another."""
    actor = people.require_role(request, people.Role.REGISTRAR)
    wanted = {key: request.GET.get(key, "") for key in ("code", "name", "name_en")}
    given = {"code": wanted["code"], "name_zh": wanted["name"], "name_en": wanted["name_en"]}
    form = PartyForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            party = parties.register(**form.cleaned_data, acting=actor)
        except NotThere:
            raise
        except Refusal as refusal:
            form.add_error("code" if "code" in refusal.code else "name_zh", str(refusal.message))
        else:
            messages.success(request, _("%(name)s is registered.") % {"name": party.name_zh})
            return redirect("credits:parties")
    page = Paginator(parties_known(), FILES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page}
    return render(request, "credits/interop/parties.html", context, status=422 if form.errors else 200)


def _file_page(
    request: HttpRequest, actor: Actor, file: IncomingFile, form: ValuesForm, aside: AsideForm
) -> HttpResponse:
    [row] = file_rows([file])
    lines = line_rows(file)
    proposer = file.proposal.actor_person_uuid if row.state == "colleague" else None
    context = {
        "row": row,
        "form": form,
        "aside": aside,
        "taken": [line for line in lines if line.choice],
        "out": [line for line in lines if line.fault],
        "known": known_rows(file.holder_uuid),
        "may_take_over": row.state == "colleague" and actor.person_uuid not in {file.actor_person_uuid, proposer},
    }
    refused = bool(form.errors or aside.errors)
    return render(request, "credits/interop/import_file.html", context, status=422 if refused else 200)
