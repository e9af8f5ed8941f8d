"""The public pages of the catalogue: what editors wrote, with runs, seats and the visitor's own next step."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.catalogue.models import CourseIndexPage, CoursePage, InstitutionIndexPage, InstitutionPage
from courses.catalogue.panels import panels_for
from courses.catalogue.queries import breadcrumbs_of, institution_pages, institutions_with_courses, siblings_of
from courses.data import EnrolmentInfo, RunInfo, RunPhase
from courses.enrolment import listing
from courses.enrolment.forms import CourseFilterForm
from courses.enrolment.queries import places_in, runs_of_course
from courses.enrolment.rules import next_step
from courses.runs import rules as run_rules
from courses.runs.wording import PHASE_WORDS
from edu.design.values import Chip
from edu.institutions import api as institutions
from edu.kernel import clock

COURSES_PER_PAGE = 50  # one screen of rows at 1280 px scrolls about three times


def show_course(request: HttpRequest, page: CoursePage) -> HttpResponse:
    """Show a course: facts, main action, runs, what upper apps add, and the editors' text."""
    course = page.course
    runs = runs_of_course(course.uuid)
    places = places_in(_person_uuid(request), [run.uuid for run in runs])
    run, place = _spoken_of(runs, places)
    institution = institutions.institution(course.institution.uuid)
    step = next_step(run, place, signed_in=_person_uuid(request) is not None, today=clock.today())
    context = {
        "page": page,
        "course": course,
        "run": run,
        "runs": runs,
        "place": place,
        "step": step.value,
        "panels": panels_for(request, run) if run else [],
        "institution": institution,
        "institution_name": institution.name(get_language() or "zh-hans"),
        **_frame(request, page),
    }
    return render(request, "courses/catalogue/course.html", context)


def show_course_index(request: HttpRequest, page: CourseIndexPage) -> HttpResponse:
    """Show the courses as rows, filtered by text, institution and phase."""
    schools = institutions_with_courses()
    form = CourseFilterForm(request.GET or None, schools=schools, language=get_language() or "zh-hans")
    wanted = form.wanted()
    pages = Paginator(listing.course_pages(wanted), COURSES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "course_page": pages,
        "total": pages.paginator.count,
        "rows": listing.rows(list(pages.object_list), request, phase=wanted.phase),
        "chips": _chips(request, form),
        "filtered": not wanted.is_empty,
        **_frame(request, page),
    }
    return render(request, "courses/catalogue/course_index.html", context)


def show_institution(request: HttpRequest, page: InstitutionPage) -> HttpResponse:
    """Show an institution: its name today, what it was called before, its courses."""
    info = institutions.institution(page.institution.uuid)
    names = institutions.names_of(info.uuid)
    current = info.name(get_language() or "zh-hans")
    pages = list(listing.course_pages(listing.CourseFilter(), institution_uuid=info.uuid))
    context = {
        "page": page,
        "institution": info,
        "institution_name": current,
        "former_names": [name for name in names if name.to_on and name.to_on < clock.today()],
        "rows": listing.rows(pages, request),
        **_frame(request, page),
    }
    return render(request, "courses/catalogue/institution.html", context)


def show_institution_index(request: HttpRequest, page: InstitutionIndexPage) -> HttpResponse:
    """Show the institutions that have a page, with the number of their courses."""
    found = list(institution_pages(get_language() or "zh-hans"))
    names = institutions.institutions([entry.institution.uuid for entry in found])
    rows = [
        {
            "info": names[entry.institution.uuid],
            "name": names[entry.institution.uuid].name(get_language() or "zh-hans"),
            "url": entry.get_url(request),
            "course_count": entry.course_count,
        }
        for entry in found
    ]
    return render(
        request, "courses/catalogue/institution_index.html", {"page": page, "rows": rows, **_frame(request, page)}
    )


def _frame(request: HttpRequest, page: Any) -> dict[str, Any]:
    """Return what every public page has: breadcrumb, and the addresses of the page in each language."""
    siblings = siblings_of(page)
    addresses = {sibling.locale.language_code: sibling.get_url(request) for sibling in siblings}
    other = "en" if (get_language() or "").startswith("zh") else "zh-hans"
    return {
        "crumbs": [(crumb.title, crumb.get_url(request)) for crumb in breadcrumbs_of(page)] + [(page.title, "")],
        "alternates": [(code, request.build_absolute_uri(url)) for code, url in sorted(addresses.items()) if url],
        "other_language_url": addresses.get(other) or f"/{other}/",
    }


def _person_uuid(request: HttpRequest) -> UUID | None:
    actor = getattr(request, "actor", None)
    return actor.person_uuid if actor else None


def _spoken_of(
    runs: tuple[RunInfo, ...], places: dict[UUID, EnrolmentInfo]
) -> tuple[RunInfo | None, EnrolmentInfo | None]:
    """Return the run the page speaks of, with the visitor's place in it: one being studied beats all others."""
    mine = [run for run in runs if run.uuid in places and places[run.uuid].is_active]
    run = run_rules.foremost(mine or runs)
    return run, places.get(run.uuid) if run else None


def _chips(request: HttpRequest, form: CourseFilterForm) -> list[Chip]:
    """Return one chip per filter in force, each with the address of the list without it."""
    kept = {name: str(request.GET[name]) for name in form.fields if request.GET.get(name)}
    return [
        Chip(_chip_label(name, value, form), f"?{urlencode({n: v for n, v in kept.items() if n != name})}")
        for name, value in kept.items()
    ]


def _chip_label(name: str, value: str, form: CourseFilterForm) -> str:
    if name == "q":
        return _("Name contains “%(text)s”") % {"text": value}
    if name == "institution":
        return form.institution_names.get(value, value)
    return str(PHASE_WORDS[RunPhase(value)][1]) if value in PHASE_WORDS else value
