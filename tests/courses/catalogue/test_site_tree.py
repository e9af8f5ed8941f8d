"""The trees of pages: made once, and the same when made again."""

import pytest
from wagtail.models import Locale, Page, Site

from courses.catalogue.models import CoursePage, HomePage
from courses.catalogue.site_tree import ensure_institution_pages, ensure_site_tree, put_course_pages
from tests.factories.courses import CHINESE_TEXT, ENGLISH_TEXT, make_course, make_course_pages

pytestmark = pytest.mark.django_db


def test_the_tree_has_both_languages_and_the_site_begins_in_chinese() -> None:
    homes = ensure_site_tree()
    assert set(homes) == {"zh-hans", "en"}
    assert Site.objects.get(is_default_site=True).root_page_id == homes["zh-hans"].pk
    assert homes["en"].translation_key == homes["zh-hans"].translation_key
    assert [page.slug for page in homes["en"].get_children()] == ["courses", "institutions"]


def test_making_the_tree_again_changes_nothing() -> None:
    ensure_site_tree()
    before = list(Page.objects.order_by("path").values_list("path", "slug", "latest_revision_id"))
    ensure_site_tree()
    assert list(Page.objects.order_by("path").values_list("path", "slug", "latest_revision_id")) == before
    assert Locale.objects.count() == 2
    assert Page.find_problems() == ([], [], [], [], [])


def test_the_page_of_wagtails_installation_is_gone() -> None:
    ensure_site_tree()
    assert [type(page.specific) for page in Page.objects.filter(depth=2)] == [HomePage, HomePage]


def test_a_course_has_a_page_per_language_below_its_institution() -> None:
    course = make_course()
    pages = make_course_pages(course)
    assert pages["zh-hans"].url == f"/zh-hans/institutions/{course.institution.code}/{course.label}/"
    assert pages["en"].url == f"/en/institutions/{course.institution.code}/{course.label}/"
    assert pages["en"].get_translation(pages["zh-hans"].locale).pk == pages["zh-hans"].pk


def test_putting_the_same_text_again_makes_no_revision() -> None:
    course = make_course()
    first = make_course_pages(course)
    again = put_course_pages(course.uuid, {"zh-hans": CHINESE_TEXT, "en": ENGLISH_TEXT})
    assert CoursePage.objects.count() == 2
    assert again["zh-hans"].revisions.count() == first["zh-hans"].revisions.count() == 1


def test_an_institutions_pages_are_named_in_their_language() -> None:
    course = make_course()
    ensure_site_tree()
    pages = ensure_institution_pages(course.institution.uuid)
    assert (pages["zh-hans"].title, pages["en"].title) == ("桂海大学", "Guihai University")
