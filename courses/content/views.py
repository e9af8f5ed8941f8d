"""Screens of authors: a course's versions, an import and its report, and the archive of a version."""

import tempfile
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.catalogue.queries import course_info
from courses.content import access, approvals, checking, desk, exporting, jobs, links
from courses.content.crumbs import crumbs_of
from courses.content.forms import UploadForm
from courses.content.sending import streamed
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
    counts, runs, made = desk.counts_of(course), desk.runs_of(course), desk.versions_of(course)
    checks = checking.counts_of([version.pk for version in made])
    context = {
        "course": course,
        "info": course_info(course),
        "versions": [(row, counts.get(row.number, {}), checks.get(row.pk, {})) for row in made],
        "runs": runs,
        "sent": approvals.last_of(course),
        "runs_without": sum(run.content is None for run in runs),
        "imports": [(job, *desk.STATUS_WORDS[job.status]) for job in desk.imports_of(course)],
        "crumbs": crumbs_of(course, last=True),
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
        "crumbs": [*crumbs_of(course), (_("Import"), "")],
    }
    return render(request, "courses/content/upload.html", context)


@people.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def import_progress(request: HttpRequest, course_uuid: UUID, job_uuid: UUID) -> HttpResponse:
    """Show how far an import is, and call it off; the fragment alone when the page's script asks."""
    course, actor = access.course_for(request, course_uuid)
    job = access.job_of(course, job_uuid)
    if request.method == "POST":
        try:
            jobs.cancel_import(job, acting=actor)
        except Stale as stale:
            messages.warning(request, str(stale.message))
        return redirect(request.path)
    tone, word = desk.STATUS_WORDS[job.status]
    context = {
        "course": course,
        "info": course_info(course),
        "job": job,
        "tone": tone,
        "word": word,
        "stage": desk.STAGES.get(job.stage, ""),
        "ended": job.ended_at is not None,
        "crumbs": [*crumbs_of(course), (job.source_name, "")],
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
        "check": checking.kept_check(version),
        "tabs": [
            {"label": label, "url": f"?show={name}", "current": name == chosen, "count": counts[name]}
            for name, label in desk.FILTERS.items()
            if counts[name] or name in (chosen, "all")
        ],
        "page_obj": page,
        "changes": desk.changes(version.report),
        "crumbs": [*crumbs_of(course), (_("Version %(number)s") % {"number": number}, "")],
    }
    return render(request, "courses/content/report.html", context)


@people.signed_in
@require_GET
def export(request: HttpRequest, course_uuid: UUID, number: int) -> HttpResponseBase:
    """Send a version as an OLX archive."""
    course, _actor = access.course_for(request, course_uuid)
    version = access.version_of(course, number)
    # The response closes the file when it has been sent.
    out = tempfile.SpooledTemporaryFile(max_size=EXPORT_IN_MEMORY_BYTES)  # noqa: SIM115
    exporting.export_archive(version.pk, out)
    name = f"{course.label}-v{version.number}.tar.gz"
    headers = {"Content-Type": "application/gzip", "Content-Disposition": f'attachment; filename="{name}"'}
    return streamed(request, out, first=0, length=out.tell(), status=200, headers=headers)
