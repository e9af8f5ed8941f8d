"""Screens of meetings and exams: the list of a run, planning one, and its sign-in or exam list."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from courses.enrolment.queries import run as run_info
from courses.grading import deciding, forms, queries, screens
from courses.grading.access import taught_run
from courses.grading.records import Session
from courses.grading.wording import KIND_WORDS, MARK_WORDS, ROUND_WORDS
from courses.runs.queries import possible_teachers
from edu.kernel.errors import Refusal
from edu.people import api as people

LEARNERS_PER_PAGE = 100  # a large lecture in a few pages
AT_FIELD = {
    "no-such-component": "component",
    "session-without-room": "room",
    "session-minutes": "minutes",
    "no-such-invigilator": "invigilator",
}


@people.signed_in
@require_GET
def sessions(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """List a run's meetings and exams."""
    run = taught_run(people.require_role(request, people.Role.TEACHER), run_uuid)
    rows = [
        (session, KIND_WORDS[session.kind], ROUND_WORDS[session.round] if session.kind == "exam" else "")
        for session in Session.objects.filter(run=run)
    ]
    context = {"run": run_info(run_uuid), "rows": rows, "components": deciding.components_of(run)}
    return render(request, "courses/grading/sessions.html", context)


@people.signed_in
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Plan a meeting or an exam."""
    actor = people.require_role(request, people.Role.TEACHER)
    run = taught_run(actor, run_uuid)
    components = deciding.components_of(run)
    teachers = possible_teachers(run.course.institution.uuid)
    form = forms.SessionForm(request.POST or None, components=components, teachers=teachers)
    if request.method == "POST" and form.is_valid():
        try:
            made = deciding.plan_session(run_uuid=run_uuid, plan=form.plan(), acting=actor)
        except Refusal as refusal:
            form.add_error(AT_FIELD.get(refusal.code), str(refusal.message))
        else:
            return redirect("courses:grade_session", run_uuid=run_uuid, session_uuid=made.uuid)
    context = {"run": run_info(run_uuid), "form": form, "components": components}
    return render(request, "courses/grading/session_form.html", context, status=422 if form.errors else 200)


@people.signed_in
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, run_uuid: UUID, session_uuid: UUID) -> HttpResponse:
    """Show a sign-in or exam list and take marks."""
    actor = people.require_role(request, people.Role.TEACHER)
    run = taught_run(actor, run_uuid)
    row = deciding.session_of(run, session_uuid)
    if request.method == "POST" and request.POST.get("deed") == "cancel":
        reason = request.POST.get("reason", "")
        deciding.cancel_session(run_uuid=run_uuid, session_uuid=session_uuid, reason=reason, acting=actor)
        messages.success(request, _("It is called off and counts for nobody."))
        return redirect("courses:grade_sessions", run_uuid=run_uuid)
    if request.method == "POST":
        entries = forms.marks(request.POST)
        count = deciding.mark(run_uuid=run_uuid, session_uuid=session_uuid, entries=entries, acting=actor)
        text = ngettext("%(count)d mark was kept.", "%(count)d marks were kept.", count)
        messages.success(request, text % {"count": count})
        return redirect(request.get_full_path())
    page = Paginator(queries.places(run), LEARNERS_PER_PAGE).get_page(request.GET.get("page"))
    marks = {key: word for key, word in MARK_WORDS.items() if row.kind == "exam" or key != "deferred"}
    led_by = people.persons([row.invigilator_uuid]) if row.invigilator_uuid else {}
    context = {
        "run": run_info(run_uuid),
        "session": row,
        "kind": KIND_WORDS[row.kind],
        "round": ROUND_WORDS[row.round] if row.kind == "exam" else "",
        "lines": screens.mark_lines(row, list(page.object_list)),
        "page_obj": page,
        "marks": marks,
        "invigilator": led_by.get(row.invigilator_uuid) if row.invigilator_uuid else None,
    }
    return render(request, "courses/grading/session.html", context)
