"""Values that cross the door of courses: frozen, without any framework."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CourseInfo:
    """A course, the specification."""

    uuid: UUID
    institution_uuid: UUID
    code: str
    name_zh: str
    name_en: str
    label: str  # its place in the block origin

    def name(self, language: str) -> str:
        """Return the name for a language; Chinese where there is no English one."""
        return self.name_zh if language.startswith("zh") or not self.name_en else self.name_en


class RunPhase(StrEnum):
    """Where a run stands; it follows from its dates alone (runs/rules.py)."""

    NOT_YET_OPEN = "not_yet_open"  # enrolment has not begun
    OPEN = "open"  # enrolment is open, whether or not teaching has begun
    CLOSED = "closed"  # enrolment is over, teaching has not begun
    RUNNING = "running"  # enrolment is over, teaching goes on
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """What staff decide about a run."""

    code: str
    enrolment_opens_at: dt.datetime
    enrolment_closes_at: dt.datetime
    starts_on: dt.date
    ends_on: dt.date
    credit_points: Decimal
    contact_hours: Decimal
    seats: int | None = None  # None: no limit
    open_to_others: bool = False


@dataclass(frozen=True, slots=True)
class AnswersWaiting:
    """How many answers in learners' own words wait for a teacher of a run, and since when."""

    number: int
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run, one dated delivery of a course."""

    uuid: UUID
    course: CourseInfo
    code: str
    starts_on: dt.date
    ends_on: dt.date
    enrolment_opens_at: dt.datetime
    enrolment_closes_at: dt.datetime
    seats: int | None  # None: no limit
    seats_taken: int
    credit_points: Decimal
    contact_hours: Decimal
    open_to_others: bool
    phase: RunPhase

    @property
    def seats_left(self) -> int | None:
        """How many seats are free; None without a limit."""
        return None if self.seats is None else max(self.seats - self.seats_taken, 0)

    @property
    def is_full(self) -> bool:
        """True when nobody else can enrol."""
        return self.seats_left == 0

    @property
    def may_enrol(self) -> bool:
        """True while enrolment is open and a seat is free."""
        return self.phase == RunPhase.OPEN and not self.is_full


@dataclass(frozen=True, slots=True)
class EnrolmentInfo:
    """A learner's place in a run."""

    uuid: UUID
    person_uuid: UUID
    run_uuid: UUID
    status: str  # "active", "withdrawn", "completed"
    cross_enrolment_uuid: UUID | None

    @property
    def is_active(self) -> bool:
        """True while the learner studies."""
        return self.status == "active"


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course as lists show it, in one language; `run` is the one a visitor cares for most."""

    course: CourseInfo
    title: str
    lead: str
    url: str
    institution_name: str
    run: RunInfo | None
    textbook: bool = False  # schools fetch it as one file


@dataclass(frozen=True, slots=True)
class ProgressInfo:
    """How far a learner has come in a run, in subsections; `next_unit` is "" when nothing is left to do."""

    done: int
    total: int
    next_unit: str


@dataclass(frozen=True, slots=True)
class CourseActivity:
    """How much an institution offers, and how many places are taken in its runs."""

    courses: int
    runs: int
    enrolments: int


@dataclass(frozen=True)
class Panel:
    """A part of the course page that another app provides; the template gets `context` and the page's own context."""

    title: Any  # str or lazily translated
    html_template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResultInfo:
    """A learner's result in a run. `grade` is text on `scale`; the two persons are those who signed `document_hash`."""

    uuid: UUID
    enrolment_uuid: UUID
    person_uuid: UUID
    run: RunInfo
    score: Decimal  # 0.00 to 100.00
    grade: str
    scale: str
    passed: bool
    status: str  # "submitted", "returned", "certified"
    attempt: int
    submitted_by_uuid: UUID
    submitted_at: dt.datetime
    certified_by_uuid: UUID | None
    certified_at: dt.datetime | None
    content_version_uuid: UUID
    policy_hash: str
    document: Mapping[str, Any]
    document_hash: str
    reason: str  # why it was returned, if it was

    @property
    def is_certified(self) -> bool:
        """True once two persons have signed."""
        return self.status == "certified"
