"""What home pages and overviews show, gathered from the doors of the apps."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from courses import api as courses
from courses.data import AnswersWaiting, EnrolmentInfo, ProgressInfo, ResultInfo, RunInfo
from credits import api as credits_api
from credits.data import CertificateInfo
from edu.design import formats
from edu.design.values import Task
from edu.institutions import api as institutions
from edu.kernel import clock

STUDIED = ("active", "completed")


@dataclass(frozen=True, slots=True)
class StudiedCourse:
    """A course that a learner studies or has completed."""

    run: RunInfo
    place: EnrolmentInfo
    url: str  # of the course's page, "" while none is published
    progress: ProgressInfo | None
    has_begun: bool
    has_ended: bool


@dataclass(frozen=True, slots=True)
class LearnerHome:
    """What a learner sees first: the one next thing, then courses, then results."""

    next_thing: StudiedCourse | None
    current: tuple[StudiedCourse, ...]
    past: tuple[StudiedCourse, ...]
    results: tuple[ResultInfo, ...]
    certificates: tuple[CertificateInfo, ...]


def learner_home(person_uuid: UUID) -> LearnerHome:
    """Return a learner's home: what is being taught comes before what begins later."""
    studied = _studied(person_uuid)
    current = tuple(sorted((entry for entry in studied if _is_current(entry)), key=_urgency))
    past = tuple(entry for entry in studied if not _is_current(entry))
    return LearnerHome(
        next_thing=current[0] if current else None,
        current=current,
        past=past,
        results=tuple(courses.results_of(person_uuid)),
        certificates=credits_api.certificates_of(person_uuid),
    )


def answers_to_grade(runs: Iterable[RunInfo]) -> list[Task]:
    """Return a line for each run in which answers in learners' own words wait for its teacher, the oldest first."""
    by_uuid = {run.uuid: run for run in runs}
    waiting = sorted(courses.answers_waiting(by_uuid).items(), key=lambda entry: entry[1].since)
    return [_line(by_uuid[uuid], found) for uuid, found in waiting]


def _line(run: RunInfo, found: AnswersWaiting) -> Task:
    words = ngettext("%(n)s answer waits", "%(n)s answers wait", found.number) % {"n": found.number}
    since = gettext("The oldest since %(day)s") % {"day": formats.long_day(found.since)}
    name = f"{run.course.name(get_language() or 'zh-hans')} {run.code}"
    return Task(name, words, "warn", reverse("courses:answers_waiting", args=[run.uuid]), since)


def _is_current(entry: StudiedCourse) -> bool:
    return entry.place.is_active and not entry.has_ended


def _urgency(entry: StudiedCourse) -> tuple[bool, dt.date]:
    """Sort what runs by its end, then what comes by its start."""
    return not entry.has_begun, entry.run.ends_on if entry.has_begun else entry.run.starts_on


def _studied(person_uuid: UUID) -> list[StudiedCourse]:
    places = [place for place in courses.enrolments_of(person_uuid) if place.status in STUDIED]
    runs = courses.runs([place.run_uuid for place in places])
    urls = courses.course_urls([run.course.uuid for run in runs.values()])
    progress = courses.progress_of(person_uuid, runs)
    today = clock.today()
    return [
        StudiedCourse(
            run=(run := runs[place.run_uuid]),
            place=place,
            url=urls.get(run.course.uuid, ""),
            progress=progress.get(run.uuid),
            has_begun=run.starts_on <= today,
            has_ended=run.ends_on < today,
        )
        for place in places
    ]


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """What one institution does here."""

    institution_uuid: UUID
    name: str
    code: str
    courses: int
    runs: int
    enrolments: int
    credit_certified: Decimal
    credit_recognised: Decimal


@dataclass(frozen=True, slots=True)
class Overview:
    """The supervisor's table with its sums; `as_of` is the moment of counting."""

    rows: tuple[OverviewRow, ...]
    total: OverviewRow
    as_of: dt.datetime


def overview(language: str) -> Overview:
    """Return the counts of every institution that offers, certifies or recognises something, by code."""
    activity = courses.activity_by_institution()
    certified = credits_api.credit_certified_by_institution()
    recognised = credits_api.credit_recognised_by_institution()
    uuids = {*activity, *certified, *recognised}
    names = institutions.institutions(uuids)
    nought = Decimal("0.00")
    rows = [
        OverviewRow(
            institution_uuid=uuid,
            name=names[uuid].name(language),
            code=names[uuid].code or "",
            courses=activity[uuid].courses if uuid in activity else 0,
            runs=activity[uuid].runs if uuid in activity else 0,
            enrolments=activity[uuid].enrolments if uuid in activity else 0,
            credit_certified=certified.get(uuid, nought),
            credit_recognised=recognised.get(uuid, nought),
        )
        for uuid in uuids
        if uuid in names
    ]
    rows.sort(key=lambda row: row.code)
    return Overview(rows=tuple(rows), total=_sum(rows), as_of=clock.now())


def _sum(rows: Iterable[OverviewRow]) -> OverviewRow:
    listed = list(rows)
    return OverviewRow(
        institution_uuid=UUID(int=0),
        name="",
        code="",
        courses=sum(row.courses for row in listed),
        runs=sum(row.runs for row in listed),
        enrolments=sum(row.enrolments for row in listed),
        credit_certified=sum((row.credit_certified for row in listed), Decimal("0.00")),
        credit_recognised=sum((row.credit_recognised for row in listed), Decimal("0.00")),
    )
