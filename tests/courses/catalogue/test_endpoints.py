"""Published courses in the API."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from courses.catalogue.endpoints import CoursesOut
from courses.catalogue.models import Course
from edu.kernel import clock
from tests.factories.courses import make_course, make_course_pages
from tests.factories.institutions import make_institution

pytestmark = pytest.mark.django_db
QUERIES_MAX = 5


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


def ask(client: Client, path: str = "courses", **query: str) -> Any:
    return client.get(f"/api/v1/{path}", query)


def published(**fields: Any) -> Course:
    course = make_course(**fields)
    make_course_pages(course)
    return course


def test_a_published_course_is_listed_with_its_pages_and_institution(client: Client) -> None:
    course = published()
    make_course()  # without a page: nobody's yet
    body = ask(client).json()
    assert body["count"] == 1
    row = body["items"][0]
    assert (row["uuid"], row["code"], row["name_zh"]) == (str(course.uuid), course.code, "数据素养")
    assert row["institution"]["name_en"] == "Guihai University"
    assert [page["language"] for page in row["pages"]] == ["en", "zh-hans"]
    assert row["changed_at"].endswith("Z")
    assert ask(client, f"courses/{course.uuid}").json() == row
    CoursesOut.model_validate_json(json.dumps(body))


def test_what_is_not_published_is_not_there(client: Client) -> None:
    for path in (f"courses/{make_course().uuid}", "courses/8b0f6c1e-7a54-4f0e-9d3e-2f6f0b1d9a11", "courses/x"):
        answer = ask(client, path)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


def test_filters_by_institution_kind_level_and_language(client: Client) -> None:
    there = make_institution(kind="university", level="本科", code="4145010593")
    course = published(institution=there)
    published(institution=make_institution(kind="provider", level="", code="4145010594"))
    for query in ({"institution": "4145010593"}, {"kind": "university"}, {"level": "本科"}):
        found = ask(client, **query).json()
        assert [row["uuid"] for row in found["items"]] == [str(course.uuid)], query
    assert ask(client, language="en").json()["count"] == 2
    course.pages.filter(locale__language_code="en").update(live=False)
    assert ask(client, language="en").json()["count"] == 1
    assert ask(client, language="fr").json()["count"] == 0


def test_changed_since_finds_changed_rows_and_newly_published_pages(client: Client) -> None:
    course = published()
    later = clock.rfc3339(clock.now() + dt.timedelta(days=1))
    assert ask(client, changed_since=later).json()["count"] == 0
    course.pages.update(last_published_at=clock.now() + dt.timedelta(days=2))
    assert ask(client, changed_since=later).json()["count"] == 1
    course.pages.update(last_published_at=None)
    before = course.changed_at
    Course.objects.filter(pk=course.pk).update(name_en="Data")
    course.refresh_from_db()
    assert course.changed_at > before


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "2"}, {"page": "x"}, {"changed_since": "yesterday"}])
def test_nonsense_is_a_problem(client: Client, query: dict[str, str]) -> None:
    answer = ask(client, **query)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_an_answer_that_the_client_has_is_not_sent_again(client: Client) -> None:
    published()
    first = ask(client)
    again = client.get("/api/v1/courses", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Course.objects.update(name_en="Data")
    assert client.get("/api/v1/courses", headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("many", [1, 12])
def test_a_page_costs_five_queries_however_long(client: Client, many: int, django_assert_max_num_queries: Any) -> None:
    for _course in range(many):
        published()
    with django_assert_max_num_queries(QUERIES_MAX):
        assert ask(client).json()["count"] == many
