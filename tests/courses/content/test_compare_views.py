"""The page that shows what changed between two versions."""

import html
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.catalogue.models import Course
from courses.content import compared, limits
from courses.content.actions import import_course, pin_version
from courses.content.models import ContentBlock, ContentVersion
from edu.kernel.actor import Actor
from edu.people.models import Role
from tests.factories.courses import make_content, make_course, make_run
from tests.factories.institutions import make_institution
from tests.factories.olx import SMALL_COURSE, write_course
from tests.factories.people import make_affiliation, make_person, sign_in


@pytest.fixture(autouse=True)
def _fresh() -> None:
    compared._comparison.cache_clear()


@pytest.fixture
def client(course: Course) -> Client:
    person = make_person()
    return sign_in(
        Client(), person, affiliation=make_affiliation(person=person, institution=course.institution, role=Role.AUTHOR)
    )


def put(course: Course, author: Actor, folder: Path, changes: Mapping[str, str | None] | None = None) -> ContentVersion:
    source = write_course(folder, changes)
    return import_course(source=source, course_id=course.pk, source_name=folder.name, acting=author).version


CHANGES: dict[str, str | None] = {
    "html/h1.html": '<p>中位数 <img src="/static/图.png"></p>',
    "problem/p1.xml": SMALL_COURSE["problem/p1.xml"].replace("第一题", "第一道题").replace('"2"', '"3"'),
    "vertical/v1.xml": (
        '<vertical display_name="第一单元"><problem url_name="p1"/><html url_name="h1"/>'
        '<html url_name="h2"/></vertical>'
    ),
    "html/h2.xml": '<html filename="h2" display_name="补充"/>',
    "html/h2.html": "<p>新</p>",
    "static/图.png": "another picture",
}


@pytest.fixture
def pair(course: Course, author: Actor, tmp_path: Path) -> tuple[ContentVersion, ContentVersion]:
    return put(course, author, tmp_path / "a"), put(course, author, tmp_path / "b", CHANGES)


def shown(client: Client, course: Course, query: str = "") -> str:
    answer = client.get(reverse("courses:content_compare", args=[course.uuid]) + query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_each_kind_of_change_is_told(pair: tuple[ContentVersion, ContentVersion]) -> None:
    found = compared.comparison(*pair)
    assert {change.usage_id: [kind.value for kind in change.kinds] for change in found.blocks} == {
        "problem@p1": ["moved", "renamed", "changed"],
        "html@h1": ["changed"],
        "html@h2": ["added"],
        "done@d1": ["removed"],
    }
    assert [(change.kind.value, change.path) for change in found.files] == [("changed", "static/图.png")]


def test_the_page_shows_old_and_new_and_where(
    client: Client, course: Course, pair: tuple[ContentVersion, ContentVersion]
) -> None:
    page = shown(client, course)
    assert "<del>平均</del>" in page
    assert "<ins>中位</ins>" in page
    assert "第一章 › 第一节 › 第一单元" in page
    assert '<del class="long">2</del>' in page
    assert '<ins class="long">3</ins>' in page
    assert "第一题" in page
    assert "static/图.png" in shown(client, course, "?kind=files")
    assert "中位" not in shown(client, course, "?kind=added")
    assert "补充" not in shown(client, course, "?block=html@h1")


def test_published_against_newest_is_what_opens(
    client: Client, course: Course, author: Actor, tmp_path: Path, pair: tuple[ContentVersion, ContentVersion]
) -> None:
    third = put(course, author, tmp_path / "c", {"html/h1.html": "<p>三</p>"})
    pin_version(run_id=make_run(course).pk, version_id=pair[0].pk, reason="", acting=author)
    answer = client.get(reverse("courses:content_compare", args=[course.uuid]))
    assert (answer.context["old"], answer.context["new"]) == (pair[0], third)
    chosen = client.get(reverse("courses:content_compare", args=[course.uuid]) + "?old=2&new=3")
    assert (chosen.context["old"], chosen.context["new"]) == (pair[1], third)


def test_when_the_newest_is_published_it_is_compared_with_the_one_before(
    client: Client, course: Course, author: Actor, pair: tuple[ContentVersion, ContentVersion]
) -> None:
    pin_version(run_id=make_run(course).pk, version_id=pair[1].pk, reason="", acting=author)
    answer = client.get(reverse("courses:content_compare", args=[course.uuid]))
    assert (answer.context["old"], answer.context["new"]) == pair


@pytest.mark.parametrize("query", ["", "?old=1&new=1", "?old=x&new=99&kind=nonsense&page=zzz"])
def test_one_version_or_none_is_said(client: Client, course: Course, author: Actor, tmp_path: Path, query: str) -> None:
    assert "<form" in shown(client, course, query)  # the frame's own
    put(course, author, tmp_path / "a")
    assert "diff" not in shown(client, course, query)


def test_ten_thousand_blocks_take_the_same_few_queries(client: Client, course: Course) -> None:
    old, new = make_content(course, 1), make_content(course, 2)
    for version, salt in ((old, "甲"), (new, "乙")):
        ContentBlock.objects.bulk_create(
            [
                ContentBlock(
                    version=version,
                    ordinal=number,
                    usage_id=f"html@{number}",
                    block_type="html",
                    url_name=str(number),
                    parent_usage_id="html@0" if number else "",
                    level="block" if number else "course",
                    display_name=f"第{number}块",
                    fields={"settings": {}, "content": {"data": f"<p>{salt}{number}</p>" * 20}},
                    support="supported",
                    olx="<html/>",
                )
                for number in range(limits.BLOCKS_MAX)
            ],
            batch_size=1000,
        )
    shown(client, course, "?old=1&new=1")
    with CaptureQueriesContext(connection) as first:
        page = shown(client, course, "?old=1&new=2")
    assert page.count('<div class="diff"') == limits.CHANGES_A_PAGE
    with CaptureQueriesContext(connection) as second:
        shown(client, course, "?old=1&new=2&page=250")
    assert len(first) - len(second) == 4
    assert len(second) <= 9


def test_texts_beyond_the_limit_are_looked_at_one_by_one(
    monkeypatch: pytest.MonkeyPatch, client: Client, course: Course, pair: tuple[ContentVersion, ContentVersion]
) -> None:
    monkeypatch.setattr(limits, "BODIES_CHARACTERS_MAX", 900)
    assert "block=html%40h1" in shown(client, course)
    assert "<ins>中位</ins>" in shown(client, course, "?block=html@h1")


def test_keys_of_outside_tools_are_not_shown(client: Client, course: Course, author: Actor, tmp_path: Path) -> None:
    for name in ("first", "second"):
        policy = f'{{"course/2026A": {{"lti_passports": ["tool:key:{name}-secret"]}}}}'
        put(course, author, tmp_path / name, {"policies/2026A/policy.json": policy})
    page = shown(client, course)
    assert "lti_passports" in page
    assert "secret" not in page


def test_what_an_author_wrote_is_shown_as_text(client: Client, course: Course, author: Actor, tmp_path: Path) -> None:
    put(course, author, tmp_path / "a")
    put(course, author, tmp_path / "b", {"html/h1.html": "<script>alert(1)</script>"})
    answer = client.get(reverse("courses:content_compare", args=[course.uuid]))
    assert b"<script>alert" not in answer.content
    assert "&lt;" in answer.content.decode()


def test_a_student_and_a_stranger_get_the_same_404(course: Course) -> None:
    person = make_person()
    student = sign_in(
        Client(), person, affiliation=make_affiliation(person=person, institution=course.institution, role=Role.STUDENT)
    )
    other = make_course(make_institution(name_zh="别的大学"))
    person = make_person()
    stranger = sign_in(
        Client(), person, affiliation=make_affiliation(person=person, institution=other.institution, role=Role.AUTHOR)
    )
    for client in (student, stranger):
        assert client.get(reverse("courses:content_compare", args=[course.uuid])).status_code == 404
