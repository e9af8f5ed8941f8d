"""The page on which authors and approvers read what a check found in a version, and what its units weigh."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses.catalogue.queries import course_info
from courses.content import access, checking, findings, hosts, lighter, limits
from courses.content.crumbs import crumbs_of
from courses.content.linting import Severity
from edu.people import api as people

UNITS = "units"


@people.signed_in
@require_GET
def check(request: HttpRequest, course_uuid: UUID, number: int) -> HttpResponse:
    """Show the findings of a version by severity, or the weights of its units."""
    course, approves = access.course_to_read(request, course_uuid)
    version = access.version_of(course, number)
    report = checking.findings_of(version)
    counts = report.counts()
    default = next((severity.value for severity in Severity if counts[severity.value]), UNITS)
    shown = request.GET.get("show", default)
    shown = shown if shown in (*counts, UNITS) else default
    tabs = [
        {"label": word, "url": f"?show={name}", "current": name == shown, "count": counts[name]}
        for name, (_tone, word) in findings.SEVERITY_WORDS.items()
    ]
    tabs.append({"label": _("Weights"), "url": f"?show={UNITS}", "current": shown == UNITS, "count": len(report.units)})
    number_of_page = request.GET.get("page")
    units = Paginator(report.units, limits.UNITS_A_PAGE).get_page(number_of_page)
    found = Paginator(findings.chosen(report, shown), limits.FINDINGS_A_PAGE).get_page(number_of_page)
    copies = lighter.copies_of(version.pk, version.uuid)
    context = {
        "course": course,
        "info": course_info(course),
        "version": version,
        "counts": counts,
        "tabs": tabs,
        "shown": shown,
        "page_obj": units if shown == UNITS else found,
        "lines": findings.lines(found.object_list, copies),
        "units": findings.unit_lines(units.object_list, copies),
        "hosts_on": hosts.CHECKED_ON,
        "may_write": not approves,
        "crumbs": [*crumbs_of(course, approver=approves), (_("Check of version %(number)s") % {"number": number}, "")],
    }
    return render(request, "courses/content/check.html", context)
