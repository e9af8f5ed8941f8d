"""The pages on which authors let a run show another version, newer or older, and read who did it when and why."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.catalogue.models import Course
from courses.catalogue.queries import course_info
from courses.content import access, actions, checking, desk, moderating, previews
from courses.content.crumbs import crumbs_of
from courses.content.forms import ChooseForm, PinForm
from courses.content.models import ContentVersion
from courses.runs.models import CourseRun
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal, Stale
from edu.people import api as people

LOG_A_PAGE = 50
OF_THE_REASON = frozenset({"reason-needed", "must-be-fixed"})


@people.signed_in
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest, course_uuid: UUID, run_uuid: UUID) -> HttpResponse:
    """Choose the version that the learners of a run see: look at what it means (?version=number), then say so."""
    course, actor = access.course_for(request, course_uuid)
    run = access.run_of(course, run_uuid)
    versions = desk.versions_of(course)
    wanted = _wanted(request, versions)
    if wanted is None or wanted.pk == run.content_id:
        return _choose(request, course, run, versions)
    preview = previews.preview(run, wanted, clock.today())
    sends = actions.needs_approval(wanted)
    form = PinForm(
        request.POST if request.method == "POST" else None,
        reason_needed=preview.reason_needed or sends,
        initial={"version": wanted.pk, "seen": run.content_id or 0},
    )
    if request.method == "POST" and form.is_valid() and sends:
        sent = moderating.submit(version_id=wanted.pk, run_ids=[run.pk], note=form.cleaned_data["reason"], acting=actor)
        messages.success(request, _("Sent for approval. You are told when it is decided."))
        return redirect("courses:content_submission", submission_uuid=sent.uuid)
    if request.method == "POST" and form.is_valid() and _pinned(form, run, actor):
        messages.success(request, _("Learners of run %(run)s see the new version from now on.") % {"run": run.code})
        return redirect("courses:content_versions", course_uuid=course.uuid)
    return render(
        request, "courses/content/pin.html", {**_frame(course, run), "form": form, "preview": preview, "sends": sends}
    )


def _wanted(request: HttpRequest, versions: list[ContentVersion]) -> ContentVersion | None:
    if request.method == "POST":
        by_id = {str(version.pk): version for version in versions}
        return by_id.get(request.POST.get("version", ""))
    by_number = {str(version.number): version for version in versions}
    return by_number.get(request.GET.get("version", ""))


def _pinned(form: PinForm, run: CourseRun, actor: Actor) -> bool:
    """Carry out what the form says; False with an error in the form when it is refused."""
    values = form.cleaned_data
    try:
        actions.pin_version(
            run_id=run.pk,
            version_id=values["version"],
            reason=values["reason"],
            acting=actor,
            seen_id=values["seen"],
        )
    except Stale:
        raise
    except Refusal as refusal:
        form.add_error("reason" if refusal.code in OF_THE_REASON else None, str(refusal.message))
        return False
    return True


def _choose(request: HttpRequest, course: Course, run: CourseRun, versions: list[ContentVersion]) -> HttpResponse:
    checks = checking.counts_of([version.pk for version in versions])
    others = [version for version in versions if version.pk != run.content_id]
    shown = run.content.number if run.content else 0
    choices = [(row.number, _label(row, checks.get(row.pk, {}).get("must", 0), shown)) for row in others]
    first = {"version": others[0].number} if others else {}
    form = ChooseForm(request.GET if "version" in request.GET else None, choices=choices, initial=first)
    context = {**_frame(course, run), "form": form, "others": others}
    return render(request, "courses/content/choose.html", context)


def _label(version: ContentVersion, must: int, shown: int) -> str:
    words = [_("Version %(number)s: %(title)s") % {"number": version.number, "title": version.title}]
    if version.number < shown:
        words.append(_("older than what learners see"))
    if must:
        words.append(_("%(count)s to be fixed") % {"count": must})
    return " · ".join(words)


def _frame(course: Course, run: CourseRun) -> dict[str, Any]:
    return {
        "course": course,
        "info": course_info(course),
        "run": run,
        "crumbs": [*crumbs_of(course), (run.code, "")],
    }


@people.signed_in
@require_GET
def log(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Show which run showed which version since when, by whom and why; and how the versions came about."""
    course, _actor = access.course_for(request, course_uuid)
    page = Paginator(previews.log_rows(course), LOG_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "course": course,
        "info": course_info(course),
        "runs": desk.runs_of(course),
        "page_obj": page,
        "lines": previews.log_lines(page.object_list),
        "crumbs": [*crumbs_of(course), (_("Log"), "")],
    }
    return render(request, "courses/content/log.html", context)
