"""Reading courses and their pages."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet
from wagtail.models import Page

from courses.catalogue.models import Course, InstitutionPage
from courses.data import CourseInfo
from edu.institutions import api as institutions
from edu.institutions.data import InstitutionInfo
from edu.kernel.errors import NotThere

HOME_DEPTH = 2  # treebeard counts the invisible root as 1


def course_info(row: Course) -> CourseInfo:
    """Return the value of a row that was fetched with its institution."""
    return CourseInfo(
        uuid=row.uuid,
        institution_uuid=row.institution.uuid,
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        label=row.label,
    )


def course(uuid: UUID) -> CourseInfo:
    """Return a course; NotThere when there is none."""
    row = Course.objects.select_related("institution").filter(uuid=uuid).first()
    if row is None:
        raise NotThere("no-such-course")
    return course_info(row)


def course_by_label(label: str) -> CourseInfo:
    """Return the course of a block origin's label; NotThere when there is none."""
    row = Course.objects.select_related("institution").filter(label=label).first()
    if row is None:
        raise NotThere("no-such-course")
    return course_info(row)


def is_textbook(row: Course) -> bool:
    """True when a course that was fetched with its textbook row is marked as a digital textbook."""
    found = getattr(row, "textbook", None)  # a course without one has no such attribute
    return found is not None and found.is_active


def institution_key(uuid: UUID) -> int:
    """Return the row id that foreign keys to an institution hold; NotThere when there is none."""
    target = Course.institution.field.related_model  # the door of institutions gives values, a foreign key wants a row
    key = target._default_manager.filter(uuid=uuid).values_list("pk", flat=True).first()
    if key is None:
        raise NotThere("no-such-institution")
    return int(key)


def courses_of(institution_uuid: UUID) -> tuple[CourseInfo, ...]:
    """Return an institution's courses by code."""
    rows = Course.objects.select_related("institution").filter(institution__uuid=institution_uuid).order_by("code")
    return tuple(course_info(row) for row in rows)


def institutions_with_courses() -> list[InstitutionInfo]:
    """Return the institutions that offer courses here, by code."""
    uuids = Course.objects.values_list("institution__uuid", flat=True).distinct()
    return sorted(institutions.institutions(uuids).values(), key=lambda info: info.code or "")


def institution_pages(language: str) -> QuerySet[InstitutionPage]:
    """Return the published institution pages of a language, each with `course_count`."""
    shown = Q(institution__courses__pages__live=True, institution__courses__pages__locale__language_code=language)
    pages: QuerySet[InstitutionPage] = InstitutionPage.objects.live().filter(locale__language_code=language)
    return (
        pages.select_related("institution")
        .annotate(course_count=Count("institution__courses", filter=shown, distinct=True))
        .order_by("-course_count", "institution__code")
    )


def breadcrumbs_of(page: Page) -> list[Page]:
    """Return the pages above a page from the home page down, in one query."""
    return list(page.get_ancestors().filter(depth__gte=HOME_DEPTH))


def siblings_of(page: Page) -> list[Page]:
    """Return the published pages that say the same in each language, the page itself among them, in one query."""
    same = type(page).objects.live().filter(translation_key=page.translation_key)
    return list(same.select_related("locale"))
