"""The two trees of pages. Every function may be run again: what is there stays, what is missing is made.

root ─ zh-hans (HomePage) ─ courses, institutions ─ one InstitutionPage each ─ its CoursePages
     └ en      (HomePage) ─ the same, siblings by translation key
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.models import Locale, Page, Site

from courses.catalogue.models import (
    Course,
    CourseIndexPage,
    CoursePage,
    HomePage,
    InstitutionIndexPage,
    InstitutionPage,
)
from courses.catalogue.queries import institution_key
from edu.institutions import api as institutions
from edu.kernel.errors import NotThere

LANGUAGES = ("zh-hans", "en")  # the first holds the site's root
COURSES_SLUG = "courses"
INSTITUTIONS_SLUG = "institutions"
HOME_TITLE = {"zh-hans": "桂学", "en": "Guixue"}
HOME_LEAD = {
    "zh-hans": "广西高校的开放课程：在线学习，成绩认证，学分在学校之间互认。",
    "en": "Open courses of the universities of Guangxi: study online, and have the credit recognised at home.",
}
COURSES_TITLE = {"zh-hans": "课程", "en": "Courses"}
INSTITUTIONS_TITLE = {"zh-hans": "院校", "en": "Institutions"}


@dataclass(frozen=True)
class CourseText:
    """What a course page says in one language; `body` is StreamField data: [{"type": "about", "value": {...}}, …]."""

    title: str
    lead: str = ""
    body: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def ensure_site_tree(*, hostname: str = "localhost", port: int = 80) -> dict[str, HomePage]:
    """Make locales, home pages, index pages and the site; return the home pages by language."""
    root = Page.get_first_root_node()
    homes: dict[str, HomePage] = {}
    for language in LANGUAGES:
        locale, _made = Locale.objects.get_or_create(language_code=language)
        first = homes.get(LANGUAGES[0])
        homes[language] = _ensure(
            HomePage, root, slug=language, locale=locale, sibling=first,
            title=HOME_TITLE[language], lead=HOME_LEAD[language],
        )  # fmt: skip
    for kind, slug, titles in (
        (CourseIndexPage, COURSES_SLUG, COURSES_TITLE),
        (InstitutionIndexPage, INSTITUTIONS_SLUG, INSTITUTIONS_TITLE),
    ):
        _ensure_in_both(kind, homes, slug=slug, titles=titles)
    _ensure_site(homes[LANGUAGES[0]], hostname, port)
    return homes


@transaction.atomic
def ensure_institution_pages(institution_uuid: UUID) -> dict[str, InstitutionPage]:
    """Make the institution's page in both languages, below the institution index."""
    info = institutions.institution(institution_uuid)
    key = institution_key(institution_uuid)
    pages: dict[str, InstitutionPage] = {}
    for language in LANGUAGES:
        index = _index(InstitutionIndexPage, language)
        pages[language] = _ensure(
            InstitutionPage, index, slug=info.code or str(info.uuid), locale=index.locale,
            sibling=pages.get(LANGUAGES[0]), title=info.name(language), institution_id=key,
        )  # fmt: skip
    return pages


@transaction.atomic
def put_course_pages(course_uuid: UUID, texts: Mapping[str, CourseText]) -> dict[str, CoursePage]:
    """Make and publish the course's page in each language; a page that is there gets the text when it differs."""
    course = Course.objects.select_related("institution").filter(uuid=course_uuid).first()
    if course is None:
        raise NotThere("no-such-course")
    parents = ensure_institution_pages(course.institution.uuid)
    pages: dict[str, CoursePage] = {}
    for language in LANGUAGES:
        if language not in texts:
            continue
        text, parent = texts[language], parents[language]
        page = _ensure(
            CoursePage, parent, slug=course.label, locale=parent.locale, sibling=next(iter(pages.values()), None),
            title=text.title, lead=text.lead, body=text.body, course=course,
        )  # fmt: skip
        pages[language] = _bring_up_to_date(page, text)
    return pages


@transaction.atomic
def ensure_draft_pages(course: Course) -> dict[str, CoursePage]:
    """Make the course's page in each language where it is missing, as a draft that nobody sees before approval."""
    names = {"zh-hans": course.name_zh, "en": course.name_en or course.name_zh}
    parents = ensure_institution_pages(course.institution.uuid)
    pages: dict[str, CoursePage] = {}
    for language in LANGUAGES:
        parent = parents[language]
        pages[language] = _ensure(
            CoursePage, parent, slug=course.label, locale=parent.locale, sibling=next(iter(pages.values()), None),
            title=names[language], course=course, live=False,
        )  # fmt: skip
    return pages


def _ensure[P: Page](
    kind: type[P], parent: Page, *, slug: str, locale: Locale, sibling: P | None, title: str, **values: Any
) -> P:
    """Return the child with that slug, made if it is missing: live, unless `live` is False."""
    page = kind.objects.child_of(parent).filter(slug=slug).first()
    if page is None:
        key = {"translation_key": sibling.translation_key} if sibling else {}
        page = kind(title=title, slug=slug, locale=locale, **key, **values)
        parent.add_child(instance=page)
        revision = page.save_revision(log_action=False)
        if page.live:
            revision.publish(log_action=False)
        parent.refresh_from_db()  # treebeard counts children on the row in the database
    return page


def _ensure_in_both[P: Page](
    kind: type[P], homes: Mapping[str, HomePage], *, slug: str, titles: Mapping[str, str]
) -> None:
    first: P | None = None
    for language, home in homes.items():
        page = _ensure(kind, home, slug=slug, locale=home.locale, sibling=first, title=titles[language])
        first = first or page


def _ensure_site(home: HomePage, hostname: str, port: int) -> None:
    """Let the site begin at the Chinese home page, and take away the page that Wagtail's installation leaves."""
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": hostname, "port": port, "root_page": home, "site_name": HOME_TITLE[LANGUAGES[0]]},
    )
    for page in Page.objects.filter(depth=2).exclude(slug__in=LANGUAGES):
        if type(page.specific) is Page:
            page.delete()


def _index[P: Page](kind: type[P], language: str) -> P:
    page = kind.objects.filter(locale__language_code=language).select_related("locale").first()
    if page is None:
        raise LookupError("The site's tree is missing: run ensure_site_tree() first.")
    return page


def _bring_up_to_date(page: CoursePage, text: CourseText) -> CoursePage:
    """Publish the text if it is not what the page says."""
    same = (page.title, page.lead) == (text.title, text.lead) and _plain(page.body.get_prep_value()) == _plain(
        text.body
    )
    if not same:
        page.title, page.lead, page.body = text.title, text.lead, text.body
        page.save_revision(log_action=False).publish(log_action=False)
    return page


def _plain(value: Any) -> Any:
    """Return block data without the ids that Wagtail gives to blocks and list items."""
    if isinstance(value, list):
        return [_plain(item["value"] if _is_list_item(item) else item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items() if name != "id"}
    return value


def _is_list_item(item: Any) -> bool:
    return isinstance(item, Mapping) and item.get("type") == "item"
