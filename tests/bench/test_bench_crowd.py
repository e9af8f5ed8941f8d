"""200 learners answer at once: the ASGI server with PostgreSQL, as it is installed, beside one after another."""

import http.client
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.bench.report import report
from tests.browser.conftest import site  # noqa: F401  # the product: database, broker, worker, web
from tests.browser.product import Product
from tests.browser.stage import crowd_of, kept_of, stage
from tests.factories.block_course import write_block_course

pytestmark = [pytest.mark.bench, pytest.mark.browser]
LEARNERS = 200
ONE_BY_ONE = 40
TIMEOUT_S = 120
PROBLEM = "problem@p-choice"
type Answered = tuple[int, float]  # the status, 0 for none; seconds


def _answer(port: int, host: str, path: str, form: str) -> Answered:
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    headers = {"Host": host, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", path, form, headers)
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return 0, time.perf_counter() - start
    finally:
        connection.close()
    return answer.status, time.perf_counter() - start


def _together(port: int, host: str, paths: list[str], form: str) -> list[Answered]:
    """Have everybody answer at the same moment."""
    gate = threading.Barrier(len(paths))

    def one(path: str) -> Answered:
        gate.wait()
        return _answer(port, host, path, form)

    with ThreadPoolExecutor(len(paths)) as crowd:
        return list(crowd.map(one, paths))


def test_200_learners_answer_at_once(site: Product, tmp_path: Path) -> None:  # noqa: F811
    staged = stage(site, write_block_course(tmp_path / "course"))
    paths, field = crowd_of(site, staged, PROBLEM, LEARNERS + ONE_BY_ONE)
    host, form = f"{staged.label}.blocks.localhost:{site.port}", urlencode({field: "choice_1"})

    _answer(site.port, host, paths[-1], form)  # the first loads the packages
    start = time.perf_counter()
    alone = [_answer(site.port, host, path, form) for path in paths[LEARNERS:-1]]
    alone_per_s = len(alone) / (time.perf_counter() - start)
    start = time.perf_counter()
    together = _together(site.port, host, paths[:LEARNERS], form)
    per_s = LEARNERS / (time.perf_counter() - start)

    errors = sum(status != 200 for status, _s in [*alone, *together])
    p95 = statistics.quantiles((seconds for _status, seconds in together), n=20)[-1]
    report("200 learners at once beside one after another: answers a second", per_s, "1/s", alone_per_s)
    report("200 learners at once: p95", p95 * 1000, "ms", statistics.median(s for _status, s in alone) * 1000)
    report("200 learners at once: errors", errors, "answers")
    assert errors == 0
    assert kept_of(site, staged.run_id)[PROBLEM] == 3 * (LEARNERS + ONE_BY_ONE)  # state, score, completion of each
