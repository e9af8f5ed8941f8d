"""What the workbench of xblock-sdk spends on a unit: runs in a process of its own, with the workbench's own settings.

Called as `python workbench_side.py '{"type": "done", "counts": [1, 20]}'`; prints SQL statements and milliseconds of a
first and of later views, as JSON. It imports nothing of ours: only the blocks' packages are shared.
"""

import json
import os
import statistics
import sys
import time
import warnings

os.environ["DJANGO_SETTINGS_MODULE"] = "workbench.settings"
warnings.simplefilter("ignore")

import django  # noqa: E402  (the settings' name comes first)
from django.conf import settings  # noqa: E402


def _set_up() -> None:
    settings.LOGGING_CONFIG = None  # it would write a file beside the script
    django.setup()


_set_up()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from workbench.runtime import ID_MANAGER, WorkbenchRuntime  # type: ignore[import-not-found]  # noqa: E402

ROUNDS = 2


def measure(block_type: str, count: int, name: str = "") -> dict[str, float]:
    """View a unit of so many blocks as a learner, first and again."""
    ID_MANAGER.set_scenario(f"{block_type}-{count}{name}")
    maker = WorkbenchRuntime("author")
    usage = maker.parse_xml_string(f"<vertical_demo>{f'<{block_type}/>' * count}</vertical_demo>")
    times = []
    counted = []
    for _visit in range(1 + ROUNDS):
        runtime = WorkbenchRuntime("learner")  # as the workbench does for every request
        with CaptureQueriesContext(connection) as asked, transaction.atomic():
            start = time.perf_counter()
            runtime.render(runtime.get_block(usage), "student_view")
            times.append((time.perf_counter() - start) * 1000)
        counted.append(sum(not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for q in asked))
    return {
        "first_sql": counted[0],
        "first_ms": times[0],
        "later_sql": counted[1],
        "later_ms": statistics.median(times[1:]),
    }


def main() -> None:
    """Measure and print."""
    wanted = json.loads(sys.argv[1])
    call_command("migrate", run_syncdb=True, verbosity=0)
    measure(wanted["type"], 1, "warm")  # loading the package is no part of a view
    print(json.dumps({str(count): measure(wanted["type"], count) for count in wanted["counts"]}))


main()
