"""The frame of a unit with 1, 20 and 100 problems, first and later visits, and a handler."""

import statistics
import time

import pytest
import webob
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.runtime import queries
from courses.runtime.actions import call_handler
from courses.runtime.views import open_unit
from tests.bench.report import report
from tests.courses.runtime.conftest import MakeClassroom, classroom  # noqa: F401  # a learner in a run that has begun
from tests.courses.runtime.test_actions import statements
from tests.factories.blocks import problem

ROUNDS = 10
OPEN_EDX_SQL = 202  # a whole page of 20 problems in Open edX, which counts no waffle tables (courses.md §1.6)


@pytest.mark.bench
@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 20, 100])
def test_a_unit_of_problems(classroom: MakeClassroom, count: int) -> None:  # noqa: F811
    room = classroom([problem(f"p{n}") for n in range(count)])
    queries._blocks_of_unit.cache_clear()
    with CaptureQueriesContext(connection) as first:
        start = time.perf_counter()
        open_unit(room.grant())
        cold_ms = (time.perf_counter() - start) * 1000
    with CaptureQueriesContext(connection) as later:
        open_unit(room.grant())
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        open_unit(room.grant())
        times.append((time.perf_counter() - start) * 1000)
    baseline = OPEN_EDX_SQL if count == 20 else None
    report(f"unit of {count} problems, first visit: SQL", len(statements(first)), "queries", baseline)
    report(f"unit of {count} problems, first visit: time", cold_ms, "ms")
    report(f"unit of {count} problems, later visit: SQL", len(statements(later)), "queries", baseline)
    report(f"unit of {count} problems, later visit: time", statistics.median(times), "ms")
    assert len(statements(first)) <= 6


@pytest.mark.bench
@pytest.mark.django_db
def test_an_answer(classroom: MakeClassroom) -> None:  # noqa: F811
    room = classroom([problem("p")])
    runtime, _unit = open_unit(room.grant())
    name = f"input_{runtime.block('problem@p').usage_key.html_id()}_2_1"
    times = []
    for _round in range(ROUNDS):
        request = webob.Request.blank("/", method="POST", POST={name: "choice_1"})
        start = time.perf_counter()
        call_handler(room.grant("problem@p"), "xmodule_handler", "problem_check", request)
        times.append((time.perf_counter() - start) * 1000)
    report("one answer to a problem: time", statistics.median(times), "ms")
