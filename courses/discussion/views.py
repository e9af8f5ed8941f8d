"""Threads and posts as participants of a run see them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.catalogue.queries import course_info
from courses.discussion import actions, moderating, queries
from courses.discussion.forms import ReplyForm, ReportForm, ThreadForm
from courses.discussion.states import PostStatus
from courses.enrolment.participants import Participant, participant_of, require_may_write
from edu.design.forms import UiForm
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people.api import actor_of, signed_in

THREADS_PER_PAGE = 30
POSTS_PER_PAGE = 50
AT_FIELD = {
    "title-missing": "title",
    "title-too-long": "title",
    "text-missing": "text",
    "text-too-long": "text",
    "no-such-unit": "unit",
    "unknown-reason": "reason",
    "note-too-long": "note",
}


@require_safe
@never_cache
@signed_in
def threads(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """List the threads of a run, or of one unit; those without an answer on demand."""
    one = _participant(request, run_uuid)
    units = actions.units_of(one.run)
    unit = request.GET.get("unit", "")
    unit = unit if unit in units else ""
    open_only = request.GET.get("view") == "open"
    page = Paginator(queries.threads_of(one, unit=unit, open_only=open_only), THREADS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        **_around(one),
        "page_obj": page,
        "lines": queries.thread_lines(one, list(page.object_list), units),
        "unit": unit,
        "unit_name": units.get(unit, ""),
        "open_only": open_only,
    }
    return render(request, "courses/discussion/threads.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def new_thread(request: HttpRequest, run_uuid: UUID) -> HttpResponse:
    """Write the first post of a thread."""
    one = _participant(request, run_uuid)
    require_may_write(one)
    units = actions.units_of(one.run)
    form = ThreadForm(request.POST or None, units=units, initial={"unit": request.GET.get("unit", "")})
    if request.method == "POST" and form.is_valid():
        made = _done(form, lambda: actions.open_thread(one, **form.cleaned_data))
        if made:
            return redirect("courses:thread", run_uuid=run_uuid, thread_uuid=made)
    status = 422 if form.errors else 200
    return render(request, "courses/discussion/new_thread.html", {**_around(one), "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def thread(request: HttpRequest, run_uuid: UUID, thread_uuid: UUID) -> HttpResponse:
    """Show a thread and take a reply."""
    one = _participant(request, run_uuid)
    row = queries.thread_to_read(one, thread_uuid)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        made = _done(form, lambda: actions.reply(one, thread_uuid=thread_uuid, text=text))
        if made:
            messages.success(request, _("Your reply is there."))
            return redirect("courses:thread", run_uuid=run_uuid, thread_uuid=thread_uuid)
    page = Paginator(queries.posts_in(one, row), POSTS_PER_PAGE).get_page(request.GET.get("page"))
    units = actions.units_of(one.run)
    lines = [queries.post_line(one, post) for post in page.object_list]
    context = {
        **_around(one),
        "thread": row,
        "unit_name": units.get(row.unit_usage_id, ""),
        "page_obj": page,
        "lines": lines,
        "closed": any(line.opens and line.status not in queries.READABLE_VALUES for line in lines),
        "form": form,
    }
    return render(request, "courses/discussion/thread.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def mark(request: HttpRequest, run_uuid: UUID, post_uuid: UUID) -> HttpResponse:
    """Mark a post as the answer, or take the mark away."""
    one = _participant(request, run_uuid)
    actions.mark_answer(one, post_uuid=post_uuid, answers=request.POST.get("answers") == "yes")
    return _to_thread(one, post_uuid)


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def take_back(request: HttpRequest, run_uuid: UUID, post_uuid: UUID) -> HttpResponse:
    """Ask whether a post should go (GET), and take it back (POST)."""
    one = _participant(request, run_uuid)
    post = actions.post_of(one, post_uuid)
    line = queries.line_of(one, post)
    if not line.own:
        raise NotThere("no-such-page", _("There is no such page."))
    if request.method == "POST":
        actions.take_back(one, post_uuid=post_uuid)
        messages.success(request, _("The post is taken back; its text is gone."))
        return redirect("courses:discussion", run_uuid=run_uuid)
    context = {**_around(one), "post": line, "thread": post.thread}
    return render(request, "courses/discussion/take_back.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def report(request: HttpRequest, run_uuid: UUID, post_uuid: UUID) -> HttpResponse:
    """Report a post to the moderators."""
    one = _participant(request, run_uuid)
    post = actions.post_of(one, post_uuid)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data

        def do() -> bool:
            moderating.report(one, post_uuid=post_uuid, reason=chosen["reason"], note=chosen["note"])
            return True

        if _done(form, do):
            messages.success(request, _("The moderators look at it. Nobody is told who reported."))
            return redirect("courses:thread", run_uuid=run_uuid, thread_uuid=post.thread.uuid)
    context = {**_around(one), "form": form, "post": queries.line_of(one, post), "thread": post.thread}
    return render(request, "courses/discussion/report.html", context, status=422 if form.errors else 200)


def _participant(request: HttpRequest, run_uuid: UUID) -> Participant:
    person_id = request.user.pk
    assert person_id is not None  # signed_in has seen to it
    return participant_of(actor_of(request), person_id, run_uuid)


def _to_thread(one: Participant, post_uuid: UUID) -> HttpResponse:
    post = actions.post_of(one, post_uuid)
    return redirect("courses:thread", run_uuid=one.run.uuid, thread_uuid=post.thread.uuid)


def _done(form: UiForm, deed: Callable[[], Any]) -> Any:
    """Do the deed and return what it returned; a refusal becomes an error at the field it speaks of."""
    try:
        return deed()
    except (NotThere, NotPermitted, Stale):
        raise
    except Refusal as refusal:
        form.add_error(AT_FIELD.get(refusal.code), str(refusal.message))
        return None


def _around(one: Participant) -> dict[str, Any]:
    """Return what every page of the discussion shows around its own matter."""
    return {
        "one": one,
        "run": one.run,
        "course": course_info(one.run.course),
        "moderates": one.teaches,
        "statuses": PostStatus,
    }
