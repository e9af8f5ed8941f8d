"""What runs beside the product, in its environment: tell the story, import a course, make a run, enrol people."""

import datetime as dt
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import call_command

from courses.content.actions import import_course
from courses.content.exporting import export_archive
from courses.content.models import ContentBlock, ContentVersion
from courses.content.queries import outline, version
from courses.media.queries import copies
from courses.runs.models import CourseRun
from courses.runtime import addresses
from courses.runtime.grants import Grant, sign_frame, sign_handler
from courses.runtime.models import BlockCompletion, BlockScore, BlockState
from courses.runtime.views import open_unit
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from edu.people.models import Affiliation, Person
from edu.portal.story import accounts
from edu.portal.story.cast import PASSWORD
from tests.browser.tasks import put_tasks
from tests.courses.content.test_export import content_of
from tests.factories.courses import make_course, make_enrolment, make_run
from tests.factories.institutions import make_institution
from tests.factories.people import make_person

DRAWING = ("library_content@", "split_test@", "randomize@", "conditional@")  # not every learner meets what is in these


def tell_story() -> dict[str, Any]:
    """Tell the demo's story and what `tasks` adds to it; return what they left behind: accounts and addresses."""
    call_command("seed_demo")
    put = put_tasks()
    known = [{**asdict(account), "password": PASSWORD} for account in accounts.accounts()]
    return {**accounts.left_behind(), "task_run": put["task_run"], "accounts": [*known, put["writer"]]}


def copies_made(version_id: int) -> int:
    """Return how many copies of a version's films the worker has made."""
    content = version(version_id)
    return sum(map(len, copies(content.id, content.uuid).values()))


def recorded(run_id: int, usage_id: str) -> list[str]:
    """Return what was recorded of a block for the one learner who worked in it."""
    score = BlockScore.objects.get(run_id=run_id, usage_id=usage_id)
    done = BlockCompletion.objects.get(run_id=run_id, usage_id=usage_id)
    return [f"{value.normalize():f}" for value in (score.earned, score.possible, done.completion)]


def put(source: str, *emails: str) -> dict[str, Any]:
    """Import, make the run, enrol; return what came of it."""
    number = int(dt.datetime.now(dt.UTC).timestamp() * 1000) % 10**9
    name = f"stage{number}"
    course = make_course(make_institution(code=f"9{number:09d}"), code=name.upper(), label=name)
    path = Path(source)
    imported = import_course(source=path, course_id=course.pk, source_name=path.name, acting=SYSTEM).version
    run = make_run(course, code=name, content=imported, starts_on=clock.today() - dt.timedelta(days=1), seats=500)
    people = list(Person.objects.filter(email__in=emails))
    for person in people:
        make_enrolment(person, run)
    units: dict[str, list[dict[str, str]]] = {}
    apart: set[str] = set()  # not for every learner: drawn by lot, of a group, or for staff
    rows = ContentBlock.objects.filter(version=imported, level__in=["unit", "block"]).order_by("ordinal")
    for row in rows:
        blocks = units.setdefault(row.unit_usage_id, [])
        if row.level == "block":
            scripted = "yes" if row.needs_sandbox else ""
            told = {"id": row.usage_id, "type": row.block_type, "support": row.support, "olx": row.olx}
            under = row.parent_usage_id.startswith(DRAWING) or row.parent_usage_id in apart
            if under or row.inherited.get("visible_to_staff_only") or 'visible_to_staff_only="true"' in row.olx[:600]:
                apart.add(row.usage_id)
            blocks.append({**told, "scripted": scripted, "apart": "yes" if row.usage_id in apart else ""})
    return {
        "run": str(run.uuid),
        "label": name,
        "run_id": run.pk,
        "version_id": imported.pk,
        "units": units,
        "frames": frames(run, people[0] if people else None),
    }


def kept(run_id: int) -> dict[str, int]:
    """Return how many rows each block of a run has left behind."""
    rows = (model.objects.filter(run_id=run_id) for model in (BlockState, BlockScore, BlockCompletion))
    return Counter(usage for found in rows for usage in found.values_list("usage_id", flat=True))


def frames(run: CourseRun, person: Person | None) -> dict[str, str]:
    """The path of the frame of every unit of a run for a learner."""
    if person is None or run.content_id is None:
        return {}
    paths: dict[str, str] = {}
    for unit in outline(run.content_id).units():
        grant = Grant(person.pk, run.pk, run.content_id, unit.usage_id, unit.usage_id, True, "zh-hans")
        paths[unit.usage_id] = addresses.frame_path("frame", sign_frame(grant))
    return paths


def aftermath(run_id: int, email: str, archive: str) -> dict[str, Any]:
    """Return a learner's scores in a run, and whether its content comes back from an export as it was."""
    first = ContentVersion.objects.get(runs__id=run_id)
    with Path(archive).open("wb") as out:
        export_archive(first.pk, out)
    course = make_course(first.course.institution, code=f"B{first.pk}", label=f"back-{first.pk}")
    second = import_course(source=Path(archive), course_id=course.pk, source_name="back", acting=SYSTEM).version
    same = content_of(second) == content_of(first) and second.digest == first.digest
    rows = BlockScore.objects.filter(run_id=run_id, person__email=email)
    scores = {row.usage_id: (float(row.earned), float(row.possible)) for row in rows}
    return {"scores": scores, "same": same}


def crowd(run_id: int, usage: str, size: int) -> dict[str, Any]:
    """Enrol new learners in a run; return the addresses of a problem's check, and its first field's name."""
    run = CourseRun.objects.get(pk=run_id)
    unit = ContentBlock.objects.get(version_id=run.content_id, usage_id=usage).unit_usage_id
    paths = []
    grant = None
    for _number in range(size):
        person = make_person()
        make_enrolment(person, run)
        grant = Grant(person.pk, run.pk, run.content_id or 0, unit, usage, True, "zh-hans")
        paths.append(addresses.frame_path("handler-suffix", sign_handler(grant), "xmodule_handler", "problem_check"))
    if grant is None:
        raise ValueError("a crowd of nobody")
    runtime, _unit = open_unit(grant)
    field = f"input_{runtime.block(usage).usage_key.html_id()}_2_1"
    return {"paths": paths, "field": field}


def put_empty(author: str, *emails: str) -> dict[str, str]:
    """Make a course without content at the author's institution, with a run; enrol people; return what came of it."""
    number = int(dt.datetime.now(dt.UTC).timestamp() * 1000) % 10**9
    name = f"empty{number}"
    at = Affiliation.objects.filter(person__email=author, role="author").select_related("institution").first()
    assert at is not None
    course = make_course(at.institution, code=name.upper(), label=name)
    run = make_run(course, code=name, starts_on=clock.today() - dt.timedelta(days=1), seats=500)
    for person in Person.objects.filter(email__in=emails):
        make_enrolment(person, run)
    return {"course": str(course.uuid), "run": str(run.uuid)}
