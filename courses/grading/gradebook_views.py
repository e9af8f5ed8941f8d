"""The gradebook beside its page: one learner, the xlsx file out and in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.enrolment.queries import run as run_info
from courses.grading import correcting, deciding, forms, screens, sheets
from courses.grading.access import taught_run
from courses.grading.wording import SHEET_WORDS
from edu.kernel.errors import Refusal
from edu.people import api as people

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHANGES_SHOWN_MAX = 500  # a page that a person can read; the count says how many there are


@people.signed_in
@require_http_methods(["GET", "POST"])
def learner(request: HttpRequest, run_uuid: UUID, enrolment_uuid: UUID) -> HttpResponse:
    """Show how one learner's grade comes about and what people decided about it; set a score with a reason."""
    actor = people.require_role(request, people.Role.TEACHER)
    run = taught_run(actor, run_uuid)
    place, row = screens.learner_row(run, enrolment_uuid)
    if request.method == "POST":
        deciding.set_scores(run_uuid=run_uuid, settings=[forms.setting(request.POST, enrolment_uuid)], acting=actor)
        messages.success(request, _("The score is set. The trail below says who, when and why."))
        return redirect("courses:grade_learner", run_uuid=run_uuid, enrolment_uuid=enrolment_uuid)
    people.note_access(actor, row.person_uuid, "grades")
    context = {
        "run": run_info(run_uuid),
        "row": row,
        "trail": screens.trail(place),
        "certified": screens.certified_result_of(place),
        "lines": list(row.held.policy.weights),
        "seen": deciding.last_decision(place),
    }
    return render(request, "courses/grading/learner.html", context)


@people.signed_in
@require_POST
def correct(request: HttpRequest, run_uuid: UUID, result_uuid: UUID) -> HttpResponse:
    """Propose another score for a certified result."""
    actor = people.require_role(request, people.Role.TEACHER)
    score = forms.needed_score(request.POST)
    reason = request.POST.get("reason", "")
    correcting.propose_correction(result_uuid=result_uuid, score=score, reason=reason, acting=actor)
    messages.success(request, _("The correction is proposed. A registrar decides on it."))
    return redirect("courses:gradebook", run_uuid=run_uuid)


@people.signed_in
@require_GET
def book(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Send the whole gradebook as xlsx."""
    actor = people.require_role(request, people.Role.TEACHER)
    run = taught_run(actor, run_uuid)
    name = f"{slugify(run.course.code)}-{slugify(run.code)}-grades.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(sheets.write_book(run, get_language() or "zh-hans"), content_type=XLSX, headers=headers)


@people.signed_in
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Take a changed gradebook and show what it would change."""
    actor = people.require_role(request, people.Role.TEACHER)
    taught_run(actor, run_uuid)
    form = forms.SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = sheets.preview_sheet(run_uuid=run_uuid, content=file.read(), name=file.name, acting=actor)
        except Refusal as refusal:
            form.add_error("file", str(refusal.message))
        else:
            return redirect("courses:grade_sheet", run_uuid=run_uuid, sheet_uuid=sheet.uuid)
    context = {"run": run_info(run_uuid), "form": form}
    return render(request, "courses/grading/upload.html", context, status=422 if form.errors else 200)


@people.signed_in
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, run_uuid: UUID, sheet_uuid: UUID) -> HttpResponse:
    """Show what an uploaded gradebook would change; write it, or leave it."""
    actor = people.require_role(request, people.Role.TEACHER)
    row = sheets.sheet_of(actor, run_uuid, sheet_uuid)
    if request.method == "POST" and request.POST.get("deed") == "drop":
        sheets.drop_sheet(run_uuid=run_uuid, sheet_uuid=sheet_uuid, acting=actor)
        messages.success(request, _("Nothing of the list was written."))
        return redirect("courses:gradebook", run_uuid=run_uuid)
    if request.method == "POST":
        count = sheets.apply_sheet(run_uuid=run_uuid, sheet_uuid=sheet_uuid, acting=actor)
        text = ngettext("%(count)d score was set.", "%(count)d scores were set.", count)
        messages.success(request, text % {"count": count})
        return redirect("courses:gradebook", run_uuid=run_uuid)
    context = {
        "run": run_info(run_uuid),
        "sheet": row,
        "changes": row.changes[:CHANGES_SHOWN_MAX],
        "state": SHEET_WORDS[row.status],
        "may_write": row.status == "previewed" and row.changes and not row.problems,
    }
    return render(request, "courses/grading/sheet.html", context)
