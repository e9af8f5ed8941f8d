"""A unit of 1, 20 and 100 blocks here and in the workbench of xblock-sdk: the same blocks, database and run.

The workbench is fetched from the package registry into build/workbench, without what it requires, which is here
already; it is no requirement of the product. Blocks that the workbench cannot show for want of services (problems)
are measured in test_bench_unit_page.py.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.runtime import queries
from courses.runtime.views import open_unit
from edu.embedded.database import Cluster
from edu.embedded.paths import ROLES
from tests.bench.report import report
from tests.courses.runtime.conftest import MakeClassroom, classroom  # noqa: F401  # a learner in a run that has begun
from tests.courses.runtime.test_actions import statements
from tests.factories.blocks import block

HERE = Path(__file__).resolve().parent
WORKBENCH = HERE.parent.parent / "build" / "workbench"
SDK = "xblock-sdk==0.14.0"
DATABASE = "workbench_bench"
COUNTS = [1, 20, 100]
ROUNDS = 5


@pytest.fixture(scope="module")
def workbench() -> Path:
    """The folder of the workbench's packages."""
    if not (WORKBENCH / "workbench").is_dir():
        uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
        command = [uv, "pip", "install", "-q", "--no-deps", "--target", str(WORKBENCH), SDK]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"THE WORKBENCH CANNOT BE FETCHED, so there is nothing to compare with: {done.stderr[-300:]}")
    return WORKBENCH


def theirs(workbench: Path, cluster: Cluster, block_type: str) -> dict[str, dict[str, float]]:
    """Measure the workbench on a database of its own in the same server."""
    cluster.drop(DATABASE)
    cluster.create(DATABASE)
    told = {"ENGINE": "django.db.backends.postgresql", "NAME": DATABASE, "HOST": str(cluster.socket_dir)}
    told["USER"] = ROLES["migration"]  # it makes its own tables
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GUIXUE")},
        "PYTHONPATH": str(workbench),
        "WORKBENCH_DATABASES": json.dumps({"default": told}),
    }
    command = [sys.executable, str(HERE / "workbench_side.py"), json.dumps({"type": block_type, "counts": COUNTS})]
    done = subprocess.run(command, env=environment, cwd=workbench, capture_output=True, text=True, check=False)
    cluster.drop(DATABASE)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.bench
@pytest.mark.django_db
@pytest.mark.parametrize("block_type", ["done", "poll"])
def test_a_unit_here_and_in_the_workbench(
    workbench: Path,
    cluster: Cluster,
    classroom: MakeClassroom,  # noqa: F811
    block_type: str,
) -> None:
    other = theirs(workbench, cluster, block_type)
    for count in COUNTS:
        room = classroom([block(f"{block_type}@{n}") for n in range(count)])
        queries._blocks_of_unit.cache_clear()
        with CaptureQueriesContext(connection) as first:
            start = time.perf_counter()
            open_unit(room.grant())
            first_ms = (time.perf_counter() - start) * 1000
        times = []
        for _round in range(ROUNDS):
            with CaptureQueriesContext(connection) as later:
                start = time.perf_counter()
                open_unit(room.grant())
                times.append((time.perf_counter() - start) * 1000)
        name, beside = f"unit of {count} {block_type} beside the workbench", other[str(count)]
        report(f"{name}, first visit: SQL", len(statements(first)), "queries", beside["first_sql"])
        report(f"{name}, first visit: time", first_ms, "ms", beside["first_ms"])
        report(f"{name}, later visit: SQL", len(statements(later)), "queries", beside["later_sql"])
        report(f"{name}, later visit: time", statistics.median(times), "ms", beside["later_ms"])
        assert len(statements(first)) <= 6
        assert len(statements(first)) < beside["first_sql"]
