"""What a publication or a roll back would mean, before it is done; and the log of all of them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value

from courses.catalogue.models import Course
from courses.content import checking, compared, findings
from courses.content.linting import Severity
from courses.content.models import ContentBlock, ContentPin, ContentVersion
from courses.content.stakes import Stake, at_stake
from courses.runs.models import CourseRun
from edu.people import api as people

PUBLISHED, ROLLED_BACK, MADE = "published", "rolled-back", "made"


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything an author should know before another version is shown to the learners of a run."""

    version: ContentVersion
    shown: ContentVersion | None
    is_rollback: bool
    findings: dict[str, int]  # severity → number
    changes: tuple[tuple[str, Any, int], ...]  # tone, word, number of blocks
    stake: Stake
    graded_gone: int  # blocks that count now and would not
    graded_come: int  # blocks that would count and do not now
    is_running: bool  # teaching has begun and has not ended

    @property
    def must(self) -> int:
        """How many findings must be fixed."""
        return self.findings[Severity.MUST.value]

    @property
    def reason_needed(self) -> bool:
        """True when nobody would know later why it was done."""
        return self.is_rollback or bool(self.must)


def preview(run: CourseRun, version: ContentVersion, today: dt.date) -> Preview:
    """Return what it would mean that the learners of a run see a version."""
    shown = run.content
    check = checking.kept_check(version)
    changes: tuple[tuple[str, Any, int], ...] = ()
    stake, gone, come = Stake(), 0, 0
    if shown is not None and shown != version:
        counts = compared.comparison(shown, version).counts()
        changes = tuple(
            (tone, word, counts[kind]) for kind, (tone, word) in compared.KIND_WORDS.items() if counts[kind]
        )
        stake = at_stake(run.pk, shown.pk, version.pk)
        graded = _graded([shown.pk, version.pk])
        gone, come = len(graded[shown.pk] - graded[version.pk]), len(graded[version.pk] - graded[shown.pk])
    return Preview(
        version=version,
        shown=shown,
        is_rollback=shown is not None and version.number < shown.number,
        findings={"must": check.must, "look": check.look, "info": check.info},
        changes=changes,
        stake=stake,
        graded_gone=gone,
        graded_come=come,
        is_running=run.starts_on <= today <= run.ends_on,
    )


def _graded(version_ids: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {version_id: set() for version_id in version_ids}
    rows = ContentBlock.objects.met_by_learners().filter(version_id__in=version_ids, graded=True)
    for version_id, usage_id in rows.values_list("version_id", "usage_id"):
        found[version_id].add(usage_id)
    return found


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log: who let which run show which version, or who made a version, when and why."""

    kind: str
    at: dt.datetime
    who: str  # "" for the system
    number: int
    previous: int | None = None
    run: str = ""
    reason: str = ""
    source: str = ""  # of a version that was made
    overridden: tuple[tuple[Any, int], ...] = ()
    sent_by: str = ""  # who asked for the approval


def log_rows(course: Course) -> "QuerySet[Any, dict[str, Any]]":
    """Return what stands in a course's log, the newest first, as keys for `log_lines`."""
    pins = ContentPin.objects.filter(run__course=course).annotate(
        kind=Value("pin", output_field=CharField()), at=F("happened_at")
    )
    made = ContentVersion.objects.filter(course=course).annotate(
        kind=Value(MADE, output_field=CharField()), at=F("recorded_at")
    )
    columns = ("kind", "at", "pk")
    return (
        pins.order_by()
        .values(*columns)
        .union(made.order_by().values(*columns), all=True)
        .order_by("-at", "-kind", "-pk")
    )


def log_lines(keys: Iterable[Mapping[str, Any]]) -> list[LogLine]:
    """Return lines of the log for some keys, in three queries."""
    keys = list(keys)
    pins = ContentPin.objects.select_related("version", "previous", "run", "submission").defer(
        "version__report", "version__course_policy", "previous__report", "previous__course_policy"
    )
    pin_rows = pins.in_bulk([key["pk"] for key in keys if key["kind"] == "pin"])
    versions = ContentVersion.objects.only("number", "source_name", "recorded_by_uuid", "recorded_at")
    made_rows = versions.in_bulk([key["pk"] for key in keys if key["kind"] == MADE])
    uuids = {row.actor_person_uuid for row in pin_rows.values()}
    uuids |= {row.submission.submitted_by_uuid for row in pin_rows.values() if row.submission}
    uuids |= {row.recorded_by_uuid for row in made_rows.values()}
    names = {uuid: info.name for uuid, info in people.persons(uuid for uuid in uuids if uuid).items()}
    return [
        _pin_line(pin_rows[key["pk"]], names) if key["kind"] == "pin" else _made_line(made_rows[key["pk"]], names)
        for key in keys
    ]


def _pin_line(row: ContentPin, names: Mapping[UUID, str]) -> LogLine:
    return LogLine(
        kind=ROLLED_BACK if row.is_rollback else PUBLISHED,
        at=row.happened_at,
        who=names.get(row.actor_person_uuid, "") if row.actor_person_uuid else "",
        number=row.version.number,
        previous=row.previous.number if row.previous else None,
        run=row.run.code,
        reason=row.reason,
        overridden=tuple(
            (findings.WORDS[entry["code"]][0], entry["count"])
            for entry in row.overridden
            if entry.get("code") in findings.WORDS
        ),
        sent_by=names.get(row.submission.submitted_by_uuid, "") if row.submission else "",
    )


def _made_line(row: ContentVersion, names: Mapping[UUID, str]) -> LogLine:
    return LogLine(
        kind=MADE,
        at=row.recorded_at,
        who=names.get(row.recorded_by_uuid, "") if row.recorded_by_uuid else "",
        number=row.number,
        source=row.source_name,
    )
