"""A student's recognitions and applications."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credits.agreements.conflict import attempt
from credits.recognition import access, queries, screens
from credits.recognition import application_actions as actions
from credits.recognition.forms import EvidenceForm, LotForm, RequestForm, SlotForm
from credits.recognition.models import RecognitionCase
from edu.people import api as people


@people.signed_in
@require_GET
def my_recognitions(request: HttpRequest) -> HttpResponse:
    """List the person's cases, and say whether there is credit to apply with."""
    actor = people.actor_of(request)
    assert actor.person_uuid is not None  # somebody is signed in
    context = {
        "rows": screens.case_rows(queries.cases_of(actor.person_uuid)),
        "free": len(queries.lots_to_apply_with(actor.person_uuid)),
    }
    return render(request, "credits/recognition/mine.html", context)


@people.signed_in
@require_http_methods(["GET", "POST"])
def new_application(request: HttpRequest) -> HttpResponse:
    """Step 1: choose the credit."""
    actor = people.actor_of(request)
    assert actor.person_uuid is not None  # somebody is signed in
    lots = queries.lots_to_apply_with(actor.person_uuid)
    form = LotForm(request.POST or None, lots=screens.lot_choices(lots), initial={"lot": request.GET.get("lot", "")})
    if request.method == "POST" and form.is_valid():
        made: list[RecognitionCase] = []
        lot_uuid = UUID(form.cleaned_data["lot"])
        answer = attempt(
            request,
            lambda: made.append(actions.draft_application(lot_uuid=lot_uuid, acting=actor)),
            back_url=reverse("credits:my_recognitions"),
            staff=False,
        )
        return answer or redirect("credits:application_slot", case_uuid=made[0].uuid)
    return render(request, "credits/recognition/lot.html", {"form": form, "lots": lots, "step": 1})


@people.signed_in
@require_http_methods(["GET", "POST"])
def application_slot(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Step 2: choose the slot."""
    case = access.own_case(people.actor_of(request), case_uuid)
    slots = screens.slot_choices(case.person_uuid)
    form = SlotForm(request.POST or None, slots=slots, initial={"slot": str(case.slot_uuid)})
    if request.method == "POST" and form.is_valid():
        return _edit(request, case, "credits:application_request", slot_uuid=UUID(form.cleaned_data["slot"]))
    return _step(request, case, form, 2, _("As what should it count?"))


@people.signed_in
@require_http_methods(["GET", "POST"])
def application_request(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Step 3: say why it fits."""
    case = access.own_case(people.actor_of(request), case_uuid)
    form = RequestForm(request.POST or None, initial={"request_text": case.request_text})
    if request.method == "POST" and form.is_valid():
        return _edit(request, case, "credits:application_evidence", request_text=form.cleaned_data["request_text"])
    return _step(request, case, form, 3, _("Why does the course fit?"))


@people.signed_in
@require_http_methods(["GET", "POST"])
def application_evidence(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Step 4: files, if there are any; each is kept as soon as it is there."""
    actor = people.actor_of(request)
    case = access.own_case(actor, case_uuid)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    here = reverse("credits:application_evidence", kwargs={"case_uuid": case_uuid})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if not file:
            return redirect("credits:check_application", case_uuid=case_uuid)
        content = file.read(actions.FILE_BYTES_MAX + 1)  # one byte too many is enough to be refused
        answer = attempt(
            request,
            lambda: actions.add_evidence(case_uuid=case_uuid, name=file.name, content=content, acting=actor),
            back_url=here,
            staff=False,
        )
        return answer or redirect(here)
    return _step(request, case, form, 4, _("Files that show what the course taught"), "evidence.html")


@people.signed_in
@require_POST
def drop_evidence(request: HttpRequest, case_uuid: UUID, evidence_uuid: UUID) -> HttpResponse:
    """Take a file away again."""
    actor = people.actor_of(request)
    access.own_case(actor, case_uuid)
    here = reverse("credits:application_evidence", kwargs={"case_uuid": case_uuid})
    answer = attempt(
        request,
        lambda: actions.remove_evidence(case_uuid=case_uuid, evidence_uuid=evidence_uuid, acting=actor),
        back_url=here,
        staff=False,
    )
    return answer or redirect(here)


@people.signed_in
@require_http_methods(["GET", "POST"])
def check_application(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Step 5: check everything and submit."""
    actor = people.actor_of(request)
    case = access.own_case(actor, case_uuid)
    if request.method == "POST":
        answer = attempt(
            request,
            lambda: actions.submit_application(case_uuid=case_uuid, acting=actor),
            back_url=reverse("credits:recognition_case", kwargs={"case_uuid": case_uuid}),
            staff=False,
        )
        return answer or redirect("credits:application_submitted", case_uuid=case_uuid)
    if case.status not in screens.WITH_STUDENT:
        return redirect("credits:recognition_case", case_uuid=case_uuid)
    return render(request, "credits/recognition/check.html", screens.case_page(case))


@people.signed_in
@require_GET
def application_submitted(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Confirm: the number, who decides, by when."""
    case = access.own_case(people.actor_of(request), case_uuid)
    return render(request, "credits/recognition/submitted.html", {"case": case, "row": screens.case_rows([case])[0]})


@people.signed_in
@require_GET
def recognition_case(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Show one's case: what was recognised, from what, by which rule, who decided."""
    case = access.own_case(people.actor_of(request), case_uuid)
    return render(request, "credits/recognition/case.html", screens.case_page(case))


@people.signed_in
@require_POST
def withdraw_case(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Take one's case back."""
    actor = people.actor_of(request)
    access.own_case(actor, case_uuid)
    back_url = reverse("credits:recognition_case", kwargs={"case_uuid": case_uuid})
    answer = attempt(
        request, lambda: actions.withdraw_case(case_uuid=case_uuid, acting=actor), back_url=back_url, staff=False
    )
    return answer or redirect(back_url)


@people.signed_in
@require_GET
def evidence(request: HttpRequest, evidence_uuid: UUID) -> HttpResponse:
    """Give a file to the applicant or the home registrar, never shown inside our own pages."""
    actor = people.actor_of(request)
    file = access.evidence_for(actor, evidence_uuid)
    people.note_access(actor, file.case.person_uuid, "recognition")
    with file.file.open("rb") as stored:
        response = HttpResponse(stored.read(), content_type=file.content_type)  # at most FILE_BYTES_MAX
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _edit(request: HttpRequest, case: RecognitionCase, onwards: str, **changes: object) -> HttpResponse:
    actor = people.actor_of(request)
    answer = attempt(
        request,
        lambda: actions.edit_application(case_uuid=case.uuid, acting=actor, **changes),  # type: ignore[arg-type]  # two keywords, each of its own type
        back_url=reverse("credits:recognition_case", kwargs={"case_uuid": case.uuid}),
        staff=False,
    )
    return answer or redirect(onwards, case_uuid=case.uuid)


def _step(
    request: HttpRequest, case: RecognitionCase, form: object, step: int, title: str, template: str = "step.html"
) -> HttpResponse:
    if case.status not in screens.WITH_STUDENT:
        return redirect("credits:recognition_case", case_uuid=case.uuid)
    row = screens.case_rows([case])[0]
    context = {"form": form, "case": case, "row": row, "step": step, "title": title, "evidence": case.evidence.all()}
    return render(request, f"credits/recognition/{template}", context)
