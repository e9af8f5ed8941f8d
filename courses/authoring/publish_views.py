"""Screens for a draft as a whole: saving it as a version, publishing it, the log of publications."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.authoring import access, forms, panels, publishing, queries, structure
from courses.authoring.access import Work
from courses.authoring.views import around
from courses.content import approvals, moderating
from courses.content.models import ContentSubmission
from edu.kernel.errors import Refusal, Stale
from edu.people import api as people


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Keep the draft as a version without showing it to learners."""
    work = access.work_for(request, course_uuid)
    form = forms.SaveForm(request.POST if request.method == "POST" else None, initial={"seen": work.draft.revision})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        version = publishing.save_version(
            course_id=work.course.pk, note=values["note"], seen=values["seen"] or 0, acting=work.actor
        )
        messages.success(request, _("Saved as version %(number)s.") % {"number": version.number})
        return redirect("courses:content_versions", course_uuid=work.course.uuid)
    shown = _panels(work) if work.draft.is_saved else []
    context = {**around(work, (_("Save as a version"), "")), "form": form, "panels": shown}
    return render(request, "courses/authoring/save.html", context)


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Let learners see the draft from now on."""
    work = access.work_for(request, course_uuid)
    runs = queries.runs_to_publish_to(work.course)
    initial = {"seen": work.draft.revision, "runs": [str(run.uuid) for run in runs]}
    moderated = moderating.is_moderated(work.course)
    must = publishing.must_be_fixed(work.draft.base) if work.draft.is_saved else 0
    form = forms.PublishForm(request.POST or None, runs=runs, must=must, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            sent = _publish(work, form.cleaned_data, moderated)
        except Stale:
            raise
        except Refusal as refusal:
            if "version" in refusal.details:  # it was saved by that, and its check is there to read
                work = access.work_for(request, course_uuid)
                form = forms.PublishForm(request.POST, runs=runs, must=1)
            form.add_error(None, str(refusal.message))
        else:
            if sent is not None:
                messages.success(request, _("Sent for approval. You are told when it is decided."))
                return redirect("courses:content_submission", submission_uuid=sent.uuid)
            return redirect("courses:authoring_log", course_uuid=work.course.uuid)
    context = {
        **around(work, (_("Publish"), "")),
        "form": form,
        "runs": runs,
        "panels": _panels(work),
        "published": queries.published_version(work.course),
        "moderated": moderated,
        "sent": approvals.last_of(work.course) if moderated else None,
    }
    return render(request, "courses/authoring/publish.html", context)


def _publish(work: Work, values: dict[str, Any], moderated: bool) -> ContentSubmission | None:
    """Publish, or send for approval where somebody else decides; return what was sent."""
    given: dict[str, Any] = {
        "course_id": work.course.pk,
        "run_uuids": [UUID(text) for text in values.get("runs", [])],
        "note": values["note"],
        "seen": values["seen"] or 0,
        "acting": work.actor,
        "despite": values.get("despite", False),
    }
    if moderated:
        return publishing.send(**given)
    publishing.publish(**given)
    return None


@never_cache
@people.signed_in
@require_safe
def log(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Show what was published, when, by whom and why."""
    work = access.work_for(request, course_uuid)
    lines = queries.publications_of(work.course)
    context = {**around(work, (_("Publish log"), "")), "entries": [_entry(line) for line in lines], "lines": lines}
    return render(request, "courses/authoring/log.html", context)


@never_cache
@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def begin_again(request: HttpRequest, course_uuid: UUID, number: int) -> HttpResponse:
    """Let the draft hold what a version holds."""
    work = access.work_for(request, course_uuid)
    form = forms.Seen(request.POST if request.method == "POST" else None, initial={"seen": work.draft.revision})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            structure.begin_again(course_id=work.course.pk, number=number, seen=seen, acting=work.actor)
        except Stale:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The draft holds version %(number)s now.") % {"number": number})
            return redirect("courses:authoring_outline", course_uuid=work.course.uuid)
    context = {**around(work, (_("Begin again"), "")), "form": form, "number": number}
    return render(request, "courses/authoring/begin_again.html", context)


def _panels(work: Work) -> list[panels.PublishPanel]:
    return panels.panels_for(work.course, work.draft.base if work.draft.is_saved else None)


def _entry(line: queries.PublicationLine) -> dict[str, Any]:
    row = line.publication
    runs = ", ".join(run["code"] for run in row.runs)
    shown = _("Shown in: %(runs)s") % {"runs": runs} if runs else _("Shown in no run")
    return {
        "what": _("Version %(number)s") % {"number": row.version.number},
        "note": f"{row.note}\n{shown}",
        "who": line.by,
        "when": row.happened_at,
    }
