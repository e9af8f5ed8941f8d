"""The teacher's pages: answers whose time nobody can prove, and the decision about one."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.content import queries as content
from courses.enrolment.queries import run as run_info
from courses.grading.access import taught_run
from courses.offline import deciding
from courses.offline.wording import DOUBT_WORDS, STATUS_WORDS, answer_text
from edu.people import api as people

ROWS_PER_PAGE = 50  # look.md archetype 3


@people.signed_in
@require_GET
def answers(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """List a run's answers that a person has to decide about, the waiting ones first."""
    run = taught_run(people.require_role(request, people.Role.TEACHER), run_uuid)
    page = Paginator(deciding.answers_of(run), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, DOUBT_WORDS.get(row.doubt, row.doubt), STATUS_WORDS[row.status]) for row in page.object_list]
    context = {"run": run_info(run_uuid), "rows": rows, "page_obj": page}
    return render(request, "courses/offline/answers.html", context)


@people.signed_in
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, run_uuid: UUID, answer_uuid: UUID) -> HttpResponse:
    """Show an answer with all that is known of its time, and decide about it with a reason."""
    actor = people.require_role(request, people.Role.TEACHER)
    row = deciding.answer_of(actor, run_uuid, answer_uuid)
    if request.method == "POST":
        decide = deciding.accept if request.POST.get("deed") == "accept" else deciding.decline
        decide(run_uuid=run_uuid, answer_uuid=answer_uuid, reason=request.POST.get("reason", ""), acting=actor)
        messages.success(request, _("The decision is kept with its reason."))
        return redirect("courses:offline_answers", run_uuid=run_uuid)
    people.note_access(actor, row.enrolment.person.uuid, "grades")
    context = {
        "run": run_info(run_uuid),
        "answer": row,
        "problem": content.block(row.content_version_id, row.usage_id).display_name or row.usage_id,
        "why": DOUBT_WORDS.get(row.doubt, row.doubt),
        "state": STATUS_WORDS[row.status],
        "given": answer_text(row.request),
        "moves": [(move, STATUS_WORDS[move.target][1]) for move in row.moves.all()],
    }
    return render(request, "courses/offline/answer.html", context)
