"""What `stage` runs beside the product, in its environment: import a course, make a run, enrol people."""

import datetime as dt
import json
from collections import Counter
from pathlib import Path

from courses.content.actions import import_course
from courses.content.models import ContentBlock
from courses.runtime.models import BlockCompletion, BlockScore, BlockState
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.people.models import Person
from tests.factories.courses import make_course, make_enrolment, make_run
from tests.factories.institutions import make_institution


def put(source: str, *emails: str) -> None:
    """Import, make the run, enrol; print what came of it as JSON."""
    number = int(dt.datetime.now(dt.UTC).timestamp() * 1000) % 10**9
    name = f"stage{number}"
    course = make_course(make_institution(code=f"9{number:09d}"), code=name.upper(), label=name)
    path = Path(source)
    version = import_course(source=path, course_id=course.pk, source_name=path.name, acting=SYSTEM).version
    run = make_run(course, code=name, content=version, starts_on=clock.today() - dt.timedelta(days=1), seats=500)
    for person in Person.objects.filter(email__in=emails):
        make_enrolment(person, run)
    units: dict[str, list[dict[str, str]]] = {}
    rows = ContentBlock.objects.filter(version=version, level__in=["unit", "block"]).order_by("ordinal")
    for row in rows:
        blocks = units.setdefault(row.unit_usage_id, [])
        if row.level == "block":
            blocks.append({"id": row.usage_id, "type": row.block_type, "support": row.support, "olx": row.olx})
    told = {"run": str(run.uuid), "label": name, "run_id": run.pk, "version_id": version.pk, "units": units}
    print(json.dumps(told))


def kept(run_id: int) -> None:
    """Print how many rows each block of a run has left behind, as JSON."""
    rows = (model.objects.filter(run_id=run_id) for model in (BlockState, BlockScore, BlockCompletion))
    print(json.dumps(Counter(usage for found in rows for usage in found.values_list("usage_id", flat=True))))
