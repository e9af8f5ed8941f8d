"""Reads for those who approve content and for those who sent it: what waits, what was decided, by whom and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses.catalogue import workflows
from courses.catalogue.models import Course, CoursePage
from courses.catalogue.queries import course_info
from courses.content.models import ContentSubmission, SubmissionMove
from courses.content.previews import Preview, preview
from courses.content.states import SubmissionStatus
from courses.data import CourseInfo
from courses.runs.models import CourseRun
from edu.kernel import clock
from edu.people import api as people

STATUS_WORDS: dict[str, tuple[str, Any]] = {
    SubmissionStatus.WAITING.value: ("warn", _("Waits for approval")),
    SubmissionStatus.APPROVED.value: ("ok", _("Approved")),
    SubmissionStatus.RETURNED.value: ("bad", _("Returned")),
    SubmissionStatus.WITHDRAWN.value: ("neutral", _("Withdrawn")),
    SubmissionStatus.REPLACED.value: ("neutral", _("Replaced by a newer one")),
}


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """A submission in a list."""

    submission: ContentSubmission
    info: CourseInfo
    by: str
    tone: str
    word: Any


@dataclass(frozen=True, slots=True)
class Decision:
    """How a submission ended."""

    move: SubmissionMove
    by: str


def waiting_at(institution_uuid: UUID) -> int:
    """Return how many submissions wait at an institution."""
    return _rows(institution_uuid).filter(status=SubmissionStatus.WAITING).count()


def waiting(institution_uuid: UUID) -> "QuerySet[ContentSubmission]":
    """Return what waits at an institution, the longest waiting first."""
    return _rows(institution_uuid).filter(status=SubmissionStatus.WAITING).order_by("submitted_at", "pk")


def decided(institution_uuid: UUID) -> "QuerySet[ContentSubmission]":
    """Return what was decided at an institution, the latest first."""
    statuses = (SubmissionStatus.APPROVED, SubmissionStatus.RETURNED)
    return _rows(institution_uuid).filter(status__in=statuses).order_by("-pk")


def lines(rows: Iterable[ContentSubmission]) -> list[SubmissionLine]:
    """Return submissions as a person reads them, in one query."""
    found = list(rows)
    names = people.persons({row.submitted_by_uuid for row in found})
    return [
        SubmissionLine(
            row,
            course_info(row.course),
            names[row.submitted_by_uuid].name if row.submitted_by_uuid in names else "",
            *STATUS_WORDS[row.status],
        )
        for row in found
    ]


def last_of(course: Course) -> ContentSubmission | None:
    """Return what an author sent last for a course, decided or not."""
    rows = ContentSubmission.objects.filter(course=course).select_related("course__institution", "version")
    return rows.defer("version__report").order_by("-pk").first()


def decision_of(row: ContentSubmission) -> Decision | None:
    """Return how a submission ended, None while it waits."""
    move = row.moves.order_by("-pk").first()
    if move is None:
        return None
    person = move.actor_person_uuid
    names = people.persons([person]) if person else {}
    return Decision(move, names[person].name if person and person in names else "")


def previews_of(row: ContentSubmission) -> list[tuple[CourseRun, Preview]]:
    """Return what the approval would mean for each run that it is meant for."""
    runs = CourseRun.objects.filter(uuid__in=[run["uuid"] for run in row.runs]).select_related("content")
    today = clock.today()
    return [(run, preview(run, row.version, today)) for run in runs.order_by("starts_on", "code")]


def page_of(row: ContentSubmission) -> CoursePage | None:
    """Return the course's page that is decided with it."""
    return workflows.page_of(row.course)


def _rows(institution_uuid: UUID) -> "QuerySet[ContentSubmission]":
    rows = ContentSubmission.objects.filter(course__institution__uuid=institution_uuid)
    return rows.select_related("course__institution", "version").defer("version__report", "version__course_policy")
