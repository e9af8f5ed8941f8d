"""Where the page of a posting's cause is. The applets above register theirs; results are the courses' own."""

from collections.abc import Callable
from uuid import UUID

from django.urls import reverse

from courses import api as courses
from credits.data import Source
from edu.kernel.errors import NotThere

SourcePage = Callable[[Source, UUID | None], str]
_pages: dict[str, SourcePage] = {}


def register_source_page(kind: str, page: SourcePage) -> None:
    """Tell the address of the page of a kind of source: `page(source, institution_uuid)` returns it or "".

    The institution is that of the registrar who reads, None for the holder of the credit.
    """
    _pages[kind] = page


def page_of(source: Source, institution_uuid: UUID | None) -> str:
    """Return the address of what caused a posting, or "" when there is no page for this reader."""
    page = _pages.get(source.kind)
    return page(source, institution_uuid) if page else ""


def result_page(source: Source, institution_uuid: UUID | None) -> str:
    """Return the page of a result: its learner's, or the registrar's of the host; nothing for other registrars."""
    if institution_uuid is None:
        return reverse("courses:my_result", args=[source.uuid])
    try:
        host_uuid = courses.result(source.uuid).run.course.institution_uuid
    except NotThere:  # credit that came by another way than a course here
        return ""
    return reverse("courses:grade_case", args=[source.uuid]) if host_uuid == institution_uuid else ""
