"""Reads for the screens of authors: courses with their content, versions with what they hold, reports by filter."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Course
from courses.catalogue.queries import course_info
from courses.content.models import BlockSupport, ContentPin, ContentVersion, ImportJob
from courses.content.reasons import CHANGES, sentence
from courses.content.states import ImportStatus
from courses.data import CourseInfo
from courses.runs.models import CourseRun

IMPORTS_SHOWN = 5  # what is older is in the versions themselves

SUPPORT_WORDS: dict[str, tuple[str, Any]] = {
    BlockSupport.SUPPORTED.value: ("done", _("Supported")),
    BlockSupport.PLACEHOLDER.value: ("warn", _("Placeholder")),
    BlockSupport.REFUSED.value: ("bad", _("Refused")),
}
STATUS_WORDS: dict[str, tuple[str, Any]] = {
    ImportStatus.WAITING.value: ("info", _("Waiting to begin")),
    ImportStatus.RUNNING.value: ("info", _("Importing")),
    ImportStatus.DONE.value: ("done", _("Imported")),
    ImportStatus.REFUSED.value: ("bad", _("Refused")),
    ImportStatus.FAILED.value: ("bad", _("Failed")),
    ImportStatus.CANCELLED.value: ("neutral", _("Called off")),
}
STAGES: dict[str, Any] = {
    "check": _("Checking the archive"),
    "parse": _("Reading blocks"),
    "files": _("Keeping files"),
    "write": _("Writing the version"),
}


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course in the list of an institution."""

    course: Course
    info: CourseInfo
    versions: int
    last_number: int
    runs: int
    runs_without: int


def courses_of(institution_uuid: UUID) -> list[CourseLine]:
    """Return an institution's courses with how much content they have, in one query."""
    rows = (
        Course.objects.filter(institution__uuid=institution_uuid)
        .select_related("institution")
        .annotate(
            versions=Count("content_versions", distinct=True),
            last=Max("content_versions__number"),
            run_count=Count("runs", distinct=True),
            runs_without=Count("runs", filter=Q(runs__content__isnull=True), distinct=True),
        )
        .order_by("code")
    )
    return [
        CourseLine(row, course_info(row), row.versions, row.last or 0, row.run_count, row.runs_without) for row in rows
    ]


def versions_of(course: Course) -> list[ContentVersion]:
    """Return a course's versions, the newest first, without their long documents."""
    rows = ContentVersion.objects.filter(course=course).defer("report", "course_policy", "grading_policy")
    return list(rows.annotate(pinned_by=Count("runs")).order_by("-number"))


def published_of(course: Course) -> int | None:
    """Return the number of the version that a run of the course was pointed to last, None when none ever was."""
    rows = ContentPin.objects.filter(run__course=course).order_by("-id")
    return rows.values_list("version__number", flat=True).first()


def counts_of(course: Course) -> dict[int, dict[str, int]]:
    """Return number of version → counts of its report, without reading the reports whole."""
    rows = ContentVersion.objects.filter(course=course).values_list("number", "report__counts")
    return {number: counts or {} for number, counts in rows}


def runs_of(course: Course) -> list[CourseRun]:
    """Return a course's runs with the version each one shows, the latest first."""
    return list(CourseRun.objects.filter(course=course).select_related("content").order_by("-starts_on"))


def imports_of(course: Course) -> list[ImportJob]:
    """Return the last imports of a course."""
    return list(ImportJob.objects.filter(course=course).select_related("version").order_by("-id")[:IMPORTS_SHOWN])


def pins_of(run: CourseRun) -> list[ContentPin]:
    """Return how a run's version changed, the first change first."""
    return list(run.content_pins.select_related("version", "previous"))


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One block of a report, as a person reads it."""

    usage_id: str
    block_type: str
    name: str
    tone: str
    word: Any
    notes: tuple[str, ...]


FILTERS: dict[str, Any] = {
    "attention": _("Needs attention"),
    "placeholder": _("Placeholder"),
    "refused": _("Refused"),
    "sandbox": _("Needs a script sandbox"),
    "missing": _("Missing files"),
    "hosts": _("Loads from other hosts"),
    "supported": _("Supported"),
    "all": _("All blocks"),
}


def report_lines(report: dict[str, Any], chosen: str) -> list[ReportLine]:
    """Return the lines of a report that a filter of FILTERS chooses."""
    return [_line(line) for line in report.get("blocks", []) if _chosen(line, chosen)]


def report_counts(report: dict[str, Any]) -> dict[str, int]:
    """Return filter → number of lines."""
    lines = report.get("blocks", [])
    return {name: sum(_chosen(line, name) for line in lines) for name in FILTERS}


def changes(report: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return (sentence, blocks) for each kind of change the import made."""
    found: dict[str, list[str]] = {}
    for change in report.get("changes", []):
        detail = f" ({change['detail']})" if change.get("detail") else ""
        found.setdefault(change["code"], []).append(change["usage_id"] + detail)
    return [(str(CHANGES.get(code, code)), blocks) for code, blocks in found.items()]


def _chosen(line: dict[str, Any], chosen: str) -> bool:
    if chosen == "all":
        return True
    if chosen in ("sandbox", "missing", "hosts"):
        return bool(line[chosen])
    if chosen == "attention":  # what learners will not get; one missing file in sixty blocks has a tab of its own
        return bool(line["support"] != "supported" or line["sandbox"])
    return bool(line["support"] == chosen)


def _line(line: dict[str, Any]) -> ReportLine:
    tone, word = SUPPORT_WORDS[line["support"]]
    notes = [sentence(line["reason"])] if line["reason"] else []
    if line["sandbox"]:
        notes.append(str(_("It runs a script of its author; without a sandbox learners see that it is not available.")))
    if line["missing"]:
        notes.append(str(_("Missing files: %(names)s")) % {"names": ", ".join(line["missing"])})
    if line["hosts"]:
        notes.append(str(_("Loads from other hosts: %(names)s")) % {"names": ", ".join(line["hosts"])})
    return ReportLine(line["usage_id"], line["type"], line["name"], tone, word, tuple(notes))
