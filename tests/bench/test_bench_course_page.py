"""The course page beside a bare Wagtail page of the same site, in the same run."""

import statistics
import time

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.catalogue import panels, serving
from tests.bench.report import report
from tests.factories.courses import make_course, make_course_pages, make_run

ROUNDS = 30  # the median of 30 moves by less than 5 % from run to run


def _measure(client: Client, url: str) -> tuple[int, float]:
    """Return queries and median milliseconds of a page, once it is warm."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    sql = len(queries)  # read now: the next request empties the log
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(url)
        times.append((time.perf_counter() - start) * 1000)
    return sql, statistics.median(times)


@pytest.mark.bench
@pytest.mark.django_db
def test_the_course_page_beside_a_bare_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    course = make_course()
    for _ in range(5):
        make_run(course)
    pages = make_course_pages(course)
    monkeypatch.setattr(panels, "_panels", [])
    monkeypatch.setitem(serving._views, "InstitutionPage", lambda request, page: HttpResponse(page.title))
    bare_sql, bare_ms = _measure(client, pages["zh-hans"].get_parent().url)
    course_sql, course_ms = _measure(client, pages["zh-hans"].url)
    report("course page: SQL beside a bare Wagtail page", course_sql, "queries", bare_sql)
    report("course page: time beside a bare Wagtail page", course_ms, "ms", bare_ms)
    assert course_sql <= 10
