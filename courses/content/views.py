"""Screens of authors: a course's versions, an import and its report, and the version a run shows."""

import tempfile
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.catalogue.models import Course
from courses.catalogue.queries import course_info
from courses.content import access, actions, desk, exporting, jobs, links
from courses.content.forms import PinForm, UploadForm
from courses.content.tasks import run_import
from edu.kernel.errors import Refusal, Stale
from edu.people import api as people

LINES_A_PAGE = 100
EXPORT_IN_MEMORY_BYTES = 8 * 1024 * 1024  # above this the archive waits on disk while it is sent


@people.signed_in
@require_GET
def courses(request: HttpRequest) -> HttpResponse:
    """List the institution's courses with their content."""
    actor = access.author_of(request)
    assert actor.institution_uuid is not None  # authors, editors and teachers are those of an institution
    return render(request, "courses/content/courses.html", {"lines": desk.courses_of(actor.institution_uuid)})


@people.signed_in
@require_GET
def versions(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Show a course's versions, which run shows which, and the last imports."""
    course, _actor = access.course_for(request, course_uuid)
    counts, runs = desk.counts_of(course), desk.runs_of(course)
    context = {
        "course": course,
        "info": course_info(course),
        "versions": [(version, counts.get(version.number, {})) for version in desk.versions_of(course)],
        "runs": runs,
        "runs_without": sum(run.content is None for run in runs),
        "imports": [(job, *desk.STATUS_WORDS[job.status]) for job in desk.imports_of(course)],
        "crumbs": _crumbs(course, last=True),
    }
    return render(request, "courses/content/versions.html", context)


@people.signed_in
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Take an archive and queue its import."""
    course, actor = access.course_for(request, course_uuid)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            job = jobs.request_import(upload=form.cleaned_data["archive"], course_uuid=course.uuid, acting=actor)
        except Refusal as refusal:
            form.add_error("archive", str(refusal.message))
        else:
            run_import.delay_hint(job.pk)
            return redirect("courses:content_import", course_uuid=course.uuid, job_uuid=job.uuid)
    context = {
        "course": course,
        "info": course_info(course),
        "form": form,
        "crumbs": [*_crumbs(course), (_("Import"), "")],
    }
    return render(request, "courses/content/upload.html", context)


@people.signed_in
@require_GET
def import_progress(request: HttpRequest, course_uuid: UUID, job_uuid: UUID) -> HttpResponse:
    """Show how far an import is; the fragment alone when the page's script asks."""
    course, _actor = access.course_for(request, course_uuid)
    job = access.job_of(course, job_uuid)
    tone, word = desk.STATUS_WORDS[job.status]
    context = {
        "course": course,
        "info": course_info(course),
        "job": job,
        "tone": tone,
        "word": word,
        "stage": desk.STAGES.get(job.stage, ""),
        "ended": job.ended_at is not None,
        "crumbs": [*_crumbs(course), (job.source_name, "")],
    }
    fragment = request.headers.get("X-Fragment") == "1"
    return render(request, f"courses/content/import{'_state' if fragment else ''}.html", context)


@people.signed_in
@require_GET
def report(request: HttpRequest, course_uuid: UUID, number: int) -> HttpResponse:
    """Show what a version holds, by support."""
    course, _actor = access.course_for(request, course_uuid)
    version = access.version_of(course, number)
    counts = desk.report_counts(version.report)
    default = "attention" if counts["attention"] else "all"
    chosen = request.GET.get("show", default)
    chosen = chosen if chosen in desk.FILTERS else default
    page = Paginator(desk.report_lines(version.report, chosen), LINES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "course": course,
        "info": course_info(course),
        "version": version,
        "report": version.report,
        "links": links.of_version(course.uuid, number),
        "tabs": [
            {"label": label, "url": f"?show={name}", "current": name == chosen, "count": counts[name]}
            for name, label in desk.FILTERS.items()
            if counts[name] or name in (chosen, "all")
        ],
        "page_obj": page,
        "changes": desk.changes(version.report),
        "crumbs": [*_crumbs(course), (_("Version %(number)s") % {"number": number}, "")],
    }
    return render(request, "courses/content/report.html", context)


@people.signed_in
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest, course_uuid: UUID, run_uuid: UUID) -> HttpResponse:
    """Choose the version that the learners of a run see."""
    course, actor = access.course_for(request, course_uuid)
    run = access.run_of(course, run_uuid)
    newest = desk.versions_of(course)
    initial = {"version": run.content_id or (newest[0].pk if newest else None), "seen": run.content_id or 0}
    form = PinForm(request.POST if request.method == "POST" else None, versions=newest, initial=initial)
    if request.method == "POST" and form.is_valid():
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
            form.add_error("version", str(refusal.message))
        else:
            messages.success(request, _("Learners of run %(run)s see the new version from now on.") % {"run": run.code})
            return redirect("courses:content_versions", course_uuid=course.uuid)
    context = {
        "course": course,
        "info": course_info(course),
        "run": run,
        "form": form,
        "pins": [
            {
                "what": _("Version %(number)s") % {"number": row.version.number},
                "note": row.reason,
                "when": row.happened_at,
            }
            for row in desk.pins_of(run)
        ],
        "crumbs": [*_crumbs(course), (run.code, "")],
    }
    return render(request, "courses/content/pin.html", context)


@people.signed_in
@require_GET
def export(request: HttpRequest, course_uuid: UUID, number: int) -> HttpResponseBase:
    """Send a version as an OLX archive."""
    course, _actor = access.course_for(request, course_uuid)
    version = access.version_of(course, number)
    # The response closes the file when it has been sent.
    out = tempfile.SpooledTemporaryFile(max_size=EXPORT_IN_MEMORY_BYTES)  # noqa: SIM115
    exporting.export_archive(version.pk, out)
    out.seek(0)
    name = f"{course.label}-v{version.number}.tar.gz"
    return FileResponse(out, as_attachment=True, filename=name, content_type="application/gzip")


def _crumbs(course: Course, *, last: bool = False) -> list[tuple[str, str]]:
    """Return the way to a course's content; empty address on the page itself."""
    own = reverse("courses:content_versions", kwargs={"course_uuid": course.uuid})
    return [
        (_("Course content"), reverse("courses:content_courses")),
        (course_info(course).name(get_language() or "zh-hans"), "" if last else own),
    ]
