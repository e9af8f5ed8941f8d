"""The page on which authors and approvers see what changed between two versions."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses.catalogue.queries import course_info
from courses.content import access, compared, desk, limits
from courses.content.crumbs import crumbs_of
from courses.content.models import ContentVersion
from edu.people import api as people

FILES = "files"


@people.signed_in
@require_GET
def compare(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Show what differs between two versions: by default what learners see, and the newest.

    `old` and `new` are numbers, `kind` a tab, `block` a usage id whose texts are shown in full.
    """
    course, approves = access.course_to_read(request, course_uuid)
    versions = desk.versions_of(course)
    old, new = _chosen(request, versions, desk.published_of(course))
    context = {
        "course": course,
        "info": course_info(course),
        "versions": versions,
        "old": old,
        "new": new,
        "crumbs": [*crumbs_of(course, approver=approves), (_("Compare versions"), "")],
    }
    if old is not None and new is not None and old != new:
        context |= _what_differs(request, old, new)
    return render(request, "courses/content/compare.html", context)


def _chosen(
    request: HttpRequest, versions: list[ContentVersion], published: int | None
) -> tuple[ContentVersion | None, ContentVersion | None]:
    """Return the versions that the address names; what it does not name well is chosen for the person."""
    by_number = {str(version.number): version for version in versions}  # the newest first
    new = by_number.get(request.GET.get("new", "")) or (versions[0] if versions else None)
    old = by_number.get(request.GET.get("old", "")) or by_number.get(str(published))
    if new is not None and (old is None or ("old" not in request.GET and old == new)):
        old = next((version for version in versions if version.number < new.number), None)
    return old, new


def _what_differs(request: HttpRequest, old: ContentVersion, new: ContentVersion) -> dict[str, object]:
    found = compared.comparison(old, new)
    kind, only = request.GET.get("kind", ""), request.GET.get("block", "")
    chosen = [change for change in found.of_kind(kind) if not only or change.usage_id == only]
    page = Paginator(chosen, limits.CHANGES_A_PAGE).get_page(request.GET.get("page"))
    lines_max = limits.DIFF_LINES_MAX if only else limits.DIFF_LINES_LISTED
    shown = [] if kind == FILES else compared.page_lines(found, page.object_list, lines_max=lines_max)
    pair = urlencode({"old": old.number, "new": new.number})
    return {
        "found": found,
        "only": only,
        "kind": kind,
        "pair": pair,
        "tabs": _tabs(found, kind, pair),
        "page_obj": page,
        "lines": shown,
        "files": found.files[: limits.FILES_LISTED_MAX],
        "files_more": max(len(found.files) - limits.FILES_LISTED_MAX, 0),
        "file_words": compared.KIND_WORDS,
        "grading": compared.grading_diff(old, new) if found.grading_differs else None,
    }


def _tabs(found: compared.Comparison, kind: str, pair: str) -> list[dict[str, object]]:
    counts = found.counts()
    tabs = [{"label": _("All blocks"), "url": f"?{pair}", "current": not kind, "count": len(found.blocks)}]
    for name, (_tone, word) in compared.KIND_WORDS.items():
        if counts[name] or name == kind:
            tabs.append({"label": word, "url": f"?{pair}&kind={name}", "current": name == kind, "count": counts[name]})
    if found.files:
        url = f"?{pair}&kind={FILES}"
        tabs.append({"label": _("Files"), "url": url, "current": kind == FILES, "count": len(found.files)})
    return tabs
