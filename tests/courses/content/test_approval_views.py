"""The pages of approvers and of authors who sent something."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from courses.catalogue.editors import refresh_rights
from courses.catalogue.models import Course
from courses.catalogue.site_tree import ensure_site_tree
from courses.content import moderating
from courses.content.actions import import_course
from courses.content.models import ContentSubmission
from courses.runs.models import CourseRun
from edu.kernel.actor import Actor
from edu.people.models import Person
from tests.factories.courses import make_run
from tests.factories.institutions import make_institution
from tests.factories.olx import write_course
from tests.factories.people import make_actor, make_person, sign_in

QUEUE = "/zh-hans/teach/approvals/"
QUEUE_QUERIES_MAX = 14
CASE_QUERIES_MAX = 40


@pytest.fixture
def registrar(course: Course) -> Person:
    ensure_site_tree()
    person = make_person(role="registrar", institution=course.institution)
    refresh_rights(person.uuid)
    return person


@pytest.fixture
def writer(course: Course) -> Person:
    return make_person(role="author", institution=course.institution, name="覃作者")


@pytest.fixture
def run(course: Course) -> CourseRun:
    return make_run(course)


@pytest.fixture
def sent(course: Course, registrar: Person, writer: Person, run: CourseRun, tmp_path: Path) -> ContentSubmission:
    acting: Actor = make_actor(writer, course.institution, "author")
    version = import_course(
        source=write_course(tmp_path / "olx"), course_id=course.pk, source_name="x", acting=acting
    ).version
    return moderating.submit(version_id=version.pk, run_ids=[run.pk], note="首次开课，共四讲", acting=acting)


def page_of(row: ContentSubmission) -> str:
    return f"{QUEUE}{row.uuid}/"


def test_a_registrar_finds_it_reads_it_and_approves_it(
    client: Client, registrar: Person, sent: ContentSubmission, run: CourseRun
) -> None:
    sign_in(client, registrar)
    assert "首次开课" in client.get(QUEUE).content.decode()
    text = client.get(page_of(sent)).content.decode()
    assert "覃作者" in text
    for address in re.findall(r'href="(/zh-hans/teach/content/[^"]+)"', text):
        assert client.get(address.replace("&amp;", "&"), follow=True).status_code == 200, address
    answer = client.post(page_of(sent), {"deed": "approve"})
    assert (answer.status_code, answer["Location"]) == (302, QUEUE)
    run.refresh_from_db()
    assert run.content == sent.version
    assert "首次开课" not in client.get(QUEUE).content.decode()
    assert "首次开课" in client.get(QUEUE, {"view": "decided"}).content.decode()


def test_what_is_returned_needs_a_reason_and_shows_it_to_its_author(
    client: Client, registrar: Person, writer: Person, sent: ContentSubmission
) -> None:
    sign_in(client, registrar)
    assert client.post(page_of(sent), {"deed": "return", "reason": ""}).status_code == 200
    sent.refresh_from_db()
    assert sent.status == "waiting"
    client.post(page_of(sent), {"deed": "return", "reason": "第二讲缺字幕"})
    sign_in(client, writer)
    assert "第二讲缺字幕" in client.get(page_of(sent)).content.decode()
    assert page_of(sent) in client.get(f"/zh-hans/teach/content/{sent.course.uuid}/").content.decode()


def test_its_author_takes_it_back_and_cannot_approve_it(
    client: Client, writer: Person, sent: ContentSubmission
) -> None:
    sign_in(client, writer)
    assert client.get(QUEUE).status_code == 404
    assert client.post(page_of(sent), {"deed": "approve"}).status_code == 403
    sent.refresh_from_db()
    assert sent.status == "waiting"
    client.post(page_of(sent), {"deed": "withdraw"})
    sent.refresh_from_db()
    assert sent.status == "withdrawn"


def test_strangers_find_nothing(client: Client, sent: ContentSubmission) -> None:
    look = f"/zh-hans/teach/content/{sent.course.uuid}/versions/1/look/"
    for role in ("registrar", "author", "student"):
        sign_in(client, make_person(role=role, institution=make_institution()))
        assert client.get(page_of(sent)).status_code == 404
        assert client.post(page_of(sent), {"deed": "approve"}).status_code == 404
        assert client.get(look).status_code == 404
    sent.refresh_from_db()
    assert sent.status == "waiting"


def test_a_registrar_reads_content_and_changes_none(
    client: Client, registrar: Person, sent: ContentSubmission, run: CourseRun
) -> None:
    sign_in(client, registrar)
    base = f"/zh-hans/teach/content/{sent.course.uuid}/"
    for address in ("", "import/", "log/", f"runs/{run.uuid}/version/", "draft/", "versions/1/"):
        assert client.get(base + address).status_code == 404, address


def test_a_version_is_looked_at_unit_by_unit(client: Client, registrar: Person, sent: ContentSubmission) -> None:
    sign_in(client, registrar)
    look = f"/zh-hans/teach/content/{sent.course.uuid}/versions/1/look/"
    answer = client.get(look, follow=True)
    text = answer.content.decode()
    assert "第一单元" in text
    frame = re.search(r'src="([^"#]+/f/[^"#]+)"', text)
    assert frame is not None
    assert client.get(f"{look}vertical@none/").status_code == 404


def test_an_author_sends_on_the_page_that_shows_a_version(
    client: Client, registrar: Person, writer: Person, course: Course, run: CourseRun, tmp_path: Path
) -> None:
    acting = make_actor(writer, course.institution, "author")
    import_course(source=write_course(tmp_path / "olx"), course_id=course.pk, source_name="x", acting=acting)
    sign_in(client, writer)
    address = f"/zh-hans/teach/content/{course.uuid}/runs/{run.uuid}/version/"
    page = client.get(address, {"version": "1"}).content.decode()
    assert "送审" in page
    version = course.content_versions.get()
    given = {"version": str(version.pk), "seen": "0"}
    assert client.post(address, {**given, "reason": ""}).status_code == 200
    assert not ContentSubmission.objects.exists()
    client.post(address, {**given, "reason": "首次开课"})
    assert ContentSubmission.objects.get().note == "首次开课"
    run.refresh_from_db()
    assert run.content is None


def test_pages_take_few_queries(
    client: Client,
    registrar: Person,
    sent: ContentSubmission,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    sign_in(client, registrar)
    client.get(QUEUE)
    with django_assert_max_num_queries(QUEUE_QUERIES_MAX):
        client.get(QUEUE)
    with django_assert_max_num_queries(CASE_QUERIES_MAX):
        client.get(page_of(sent))
