"""The list of courses: filtered and paged by the database, its runs and institutions fetched for the page at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from courses.catalogue.models import CoursePage
from courses.catalogue.queries import course_info, is_textbook
from courses.data import CourseRow, RunInfo, RunPhase
from courses.enrolment.queries import runs_of_courses
from courses.runs import rules
from courses.runs.models import CourseRun
from edu.institutions import api as institutions
from edu.kernel import clock

TEXT_CHARS_MAX = 100  # longer than any course name; keeps a pasted page out of the query


@dataclass(frozen=True, slots=True)
class CourseFilter:
    """What the visitor asks for; empty values ask for nothing."""

    text: str = ""
    institution_code: str = ""
    phase: RunPhase | None = None

    @property
    def is_empty(self) -> bool:
        """True when every course is wanted."""
        return not (self.text or self.institution_code or self.phase)


def course_pages(wanted: CourseFilter, *, institution_uuid: UUID | None = None) -> QuerySet[CoursePage]:
    """Return the published pages of the active language, those with an open run first, then by title."""
    now, today = clock.now(), clock.today()
    runs = CourseRun.objects.filter(course_id=OuterRef("course_id"))
    pages: QuerySet[CoursePage] = CoursePage.objects.live().filter(locale__language_code=get_language())
    if institution_uuid:
        pages = pages.filter(course__institution__uuid=institution_uuid)
    if wanted.institution_code:
        pages = pages.filter(course__institution__code=wanted.institution_code)
    for word in wanted.text[:TEXT_CHARS_MAX].split():
        pages = pages.filter(
            Q(title__icontains=word) | Q(course__name_zh__icontains=word) | Q(course__name_en__icontains=word)
        )
    if wanted.phase:
        pages = pages.filter(Exists(runs.in_phase(wanted.phase, now=now, today=today)))
    is_open = Exists(runs.in_phase(RunPhase.OPEN, now=now, today=today))
    return (
        pages.annotate(is_open=is_open)
        .select_related("course__institution", "course__textbook")
        .order_by("-is_open", "title", "pk")
    )


def rows(pages: Sequence[CoursePage], request: HttpRequest | None, *, phase: RunPhase | None = None) -> list[CourseRow]:
    """Return the rows for some pages in three queries, however many there are; `phase` prefers runs of that phase."""
    language = get_language() or "zh-hans"
    runs = _runs_by_course(page.course.uuid for page in pages)
    names = institutions.institutions({page.course.institution.uuid for page in pages}) if pages else {}
    return [
        CourseRow(
            course=course_info(page.course),
            title=page.title,
            lead=page.lead,
            url=page.get_url(request),
            institution_name=names[page.course.institution.uuid].name(language),
            run=_shown(runs[page.course.uuid], phase),
            textbook=is_textbook(page.course),
        )
        for page in pages
    ]


def course_rows(
    request: HttpRequest | None = None, *, wanted: CourseFilter | None = None, limit: int | None = None
) -> list[CourseRow]:
    """Return the courses of the active language as rows; for home pages and other apps."""
    return rows(list(course_pages(wanted or CourseFilter())[:limit]), request)


def course_url(course_uuid: UUID, request: HttpRequest | None = None) -> str:
    """Return the address of the course's page in the active language, or "" while none is published."""
    return course_urls([course_uuid], request).get(course_uuid, "")


def course_urls(course_uuids: Iterable[UUID], request: HttpRequest | None = None) -> dict[UUID, str]:
    """Return the addresses of the published pages of some courses in the active language."""
    pages = CoursePage.objects.live().filter(locale__language_code=get_language(), course__uuid__in=list(course_uuids))
    return {page.course.uuid: page.get_url(request) for page in pages.select_related("course")}


def _runs_by_course(course_uuids: Iterable[UUID]) -> dict[UUID, list[RunInfo]]:
    grouped: dict[UUID, list[RunInfo]] = defaultdict(list)
    for run in runs_of_courses(course_uuids):
        grouped[run.course.uuid].append(run)
    return grouped


def _shown(runs: list[RunInfo], phase: RunPhase | None) -> RunInfo | None:
    return rules.foremost([run for run in runs if run.phase == phase] or runs)


def index_urls() -> dict[str, str]:
    """Return the addresses of the index pages in the active language, as ensure_site_tree makes them."""
    return {"courses": reverse("courses:catalogue"), "institutions": reverse("courses:institutions")}
