"""Courses in the public API: what is published, for catalogues elsewhere."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema
from ninja.params.functions import Query

from courses.catalogue.models import Course, CoursePage
from edu.api.fresh import etagged
from edu.api.moments import aware
from edu.api.paging import Page, page_of
from edu.api.problems import PROBLEMS
from edu.institutions import api as institutions
from edu.institutions.data import InstitutionInfo
from edu.kernel import clock
from edu.kernel.errors import NotThere

courses = Router(tags=["courses"])
EXAMPLE_UUID = "8b0f6c1e-7a54-4f0e-9d3e-2f6f0b1d9a11"


class InstitutionOut(Schema):
    """An institution under the names it has today."""

    uuid: UUID
    code: str | None = Field(description="School code of the ministry, ten digits", examples=["4145010593"])
    kind: str = Field(examples=["university"])
    level: str = Field(description="本科, 专科 or empty", examples=["本科"])
    name_zh: str = Field(examples=["广西大学"])
    name_en: str = Field(examples=["Guangxi University"])


class CoursePageOut(Schema):
    """The published page of a course in one language."""

    language: str = Field(examples=["zh-hans"])
    title: str = Field(examples=["统计学"])
    lead: str


class CourseOut(Schema):
    """A course, the specification that runs deliver; it has at least one published page."""

    uuid: UUID = Field(examples=[EXAMPLE_UUID])
    institution: InstitutionOut
    code: str = Field(examples=["STAT101"])
    name_zh: str = Field(examples=["统计学"])
    name_en: str = Field(examples=["Statistics"])
    pages: list[CoursePageOut]
    changed_at: str = Field(examples=["2026-11-28T01:02:03.000Z"])


class CoursesOut(Schema):
    """A page of courses, by uuid."""

    count: int
    next: str | None
    previous: str | None
    items: list[CourseOut]


@courses.get("", response={200: CoursesOut, **PROBLEMS}, summary="Published courses, fifty a page")
@etagged
def list_courses(
    request: HttpRequest,
    institution: str = Query("", max_length=10, description="School code of the institution"),
    kind: str = Query("", max_length=20, description="Kind of the institution: university, school, provider …"),
    level: str = Query("", max_length=20, description="Level of the institution: 本科 or 专科"),
    language: str = Query("", max_length=10, description="zh-hans or en: has a published page in it"),
    changed_since: dt.datetime | None = Query(None, description="RFC 3339: changed or published at or after"),
    page: int = Query(1, ge=1),
) -> Any:
    """Return courses in a stable order. What changes while you read may move between pages: ask again by date."""
    rows = _published(language)
    wanted = {"institution__code": institution, "institution__kind": kind, "institution__level": level}
    rows = rows.filter(**{column: value for column, value in wanted.items() if value})
    if changed_since:
        since = aware(changed_since)
        newer = _pages().filter(course=OuterRef("pk"), last_published_at__gte=since)
        rows = rows.filter(Q(changed_at__gte=since) | Exists(newer))
    found: Page[Course] = page_of(request, rows.order_by("uuid"), page)
    return CoursesOut(count=found.count, next=found.next, previous=found.previous, items=_courses(found.items))


@courses.get("/{uuid:course_uuid}", response={200: CourseOut, **PROBLEMS}, summary="A published course")
@etagged
def read_course(request: HttpRequest, course_uuid: UUID) -> Any:
    """Return a course with its published pages; 404 for one that has none."""
    row = _published("").filter(uuid=course_uuid).first()
    if row is None:
        raise NotThere("no-such-course", _("There is no such course."))
    return _courses([row])[0]


def published_course_ids() -> QuerySet[Any]:
    """Return the ids of the courses that anybody may see, as a subquery."""
    return _pages().values("course_id")


def institution_out(info: InstitutionInfo) -> InstitutionOut:
    """Return an institution as the API shows it."""
    names = {"name_zh": info.name_zh, "name_en": info.name_en}
    return InstitutionOut(uuid=info.uuid, code=info.code, kind=info.kind, level=info.level, **names)


def _pages() -> QuerySet[CoursePage]:
    pages: QuerySet[CoursePage] = CoursePage.objects.live()
    return pages


def _published(language: str) -> QuerySet[Course]:
    pages = _pages().filter(course=OuterRef("pk"))
    if language:
        pages = pages.filter(locale__language_code=language)
    return Course.objects.select_related("institution").filter(Exists(pages))


def _courses(rows: Sequence[Course]) -> list[CourseOut]:
    pages = _pages_by_course(rows)
    infos = institutions.institutions({row.institution.uuid for row in rows}) if rows else {}
    return [
        CourseOut(
            uuid=row.uuid,
            institution=institution_out(infos[row.institution.uuid]),
            code=row.code,
            name_zh=row.name_zh,
            name_en=row.name_en,
            pages=[
                CoursePageOut(language=page.locale.language_code, title=page.title, lead=page.lead)
                for page in pages[row.pk]
            ],
            changed_at=clock.rfc3339(max([row.changed_at, *_moments(pages[row.pk])])),
        )
        for row in rows
    ]


def _moments(pages: Iterable[CoursePage]) -> list[dt.datetime]:
    return [page.last_published_at for page in pages if page.last_published_at]


def _pages_by_course(rows: Sequence[Course]) -> dict[int, list[CoursePage]]:
    grouped: dict[int, list[CoursePage]] = defaultdict(list)
    pages = _pages().filter(course__in=[row.pk for row in rows]).select_related("locale").defer("body")
    for page in pages.order_by("locale__language_code"):
        grouped[page.course_id].append(page)
    return grouped
