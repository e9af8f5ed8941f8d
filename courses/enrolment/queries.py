"""Reading enrolments, and runs with the seats they take."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from courses.catalogue.models import Course
from courses.data import CourseActivity, EnrolmentInfo, RunInfo
from courses.enrolment.models import Enrolment
from courses.enrolment.states import TAKES_A_SEAT
from courses.runs.models import CourseRun
from courses.runs.queries import run_info
from edu.kernel import clock
from edu.kernel.errors import NotThere

SEATS_TAKEN = Count("enrolments", filter=Q(enrolments__status__in=[status.value for status in TAKES_A_SEAT]))


def _runs() -> QuerySet[CourseRun]:
    return CourseRun.objects.select_related("course__institution").annotate(taken=SEATS_TAKEN)


def _infos(rows: Iterable[CourseRun]) -> tuple[RunInfo, ...]:
    return tuple(run_info(row, seats_taken=row.taken) for row in rows)  # type: ignore[attr-defined]  # annotated


def run(uuid: UUID) -> RunInfo:
    """Return a run; NotThere when there is none."""
    found = _infos(_runs().filter(uuid=uuid))
    if not found:
        raise NotThere("no-such-run")
    return found[0]


def runs(uuids: Iterable[UUID]) -> dict[UUID, RunInfo]:
    """Return many runs at once, by uuid; those that are not there are left out."""
    return {info.uuid: info for info in _infos(_runs().filter(uuid__in=list(uuids)))}


def runs_of_course(course_uuid: UUID) -> tuple[RunInfo, ...]:
    """Return a course's runs, the latest start first."""
    return _infos(_runs().filter(course__uuid=course_uuid).order_by("-starts_on", "-id"))


def runs_of_institution(institution_uuid: UUID) -> tuple[RunInfo, ...]:
    """Return an institution's runs, the latest start first."""
    return _infos(_runs().filter(course__institution__uuid=institution_uuid).order_by("-starts_on", "-id"))


def runs_taught_by(person_uuid: UUID) -> tuple[RunInfo, ...]:
    """Return the runs a person teaches, the latest start first."""
    taught = CourseRun.objects.filter(run_teachers__person__uuid=person_uuid).values("pk")
    return _infos(_runs().filter(pk__in=taught).order_by("-starts_on", "-id"))


def offerings(on: dt.date | None = None) -> tuple[RunInfo, ...]:
    """Return the runs open to other institutions that have not ended on that day, the earliest start first."""
    day = on or clock.today()
    return _infos(_runs().filter(open_to_others=True, ends_on__gte=day).order_by("starts_on", "id"))


def _places() -> QuerySet[Enrolment]:
    return Enrolment.objects.select_related("person", "run")


def enrolment_info(row: Enrolment) -> EnrolmentInfo:
    """Return the value of a row that was fetched with its person and run."""
    return EnrolmentInfo(
        uuid=row.uuid,
        person_uuid=row.person.uuid,
        run_uuid=row.run.uuid,
        status=row.status,
        cross_enrolment_uuid=row.cross_enrolment_uuid,
    )


def enrolment(person_uuid: UUID, run_uuid: UUID) -> EnrolmentInfo | None:
    """Return a person's place in a run in whatever state, or None."""
    row = _places().filter(person__uuid=person_uuid, run__uuid=run_uuid).first()
    return enrolment_info(row) if row else None


def enrolment_by_uuid(uuid: UUID) -> EnrolmentInfo:
    """Return an enrolment; NotThere when there is none."""
    row = _places().filter(uuid=uuid).first()
    if row is None:
        raise NotThere("no-such-enrolment")
    return enrolment_info(row)


def enrolments_of(person_uuid: UUID) -> tuple[EnrolmentInfo, ...]:
    """Return every place a person has or had, the newest first."""
    rows = (
        Enrolment.objects.select_related("person", "run")
        .filter(person__uuid=person_uuid)
        .order_by("-enrolled_at", "-id")
    )
    return tuple(enrolment_info(row) for row in rows)


def enrolments_in(run_uuid: UUID) -> tuple[EnrolmentInfo, ...]:
    """Return the places in a run that are not withdrawn, in the order in which they were taken."""
    rows = _places().filter(run__uuid=run_uuid, status__in=[status.value for status in TAKES_A_SEAT])
    return tuple(enrolment_info(row) for row in rows.order_by("enrolled_at", "id"))


def runs_of_courses(course_uuids: Iterable[UUID]) -> tuple[RunInfo, ...]:
    """Return the runs of some courses, the latest start first."""
    return _infos(_runs().filter(course__uuid__in=list(course_uuids)).order_by("-starts_on", "-id"))


def places_in(person_uuid: UUID | None, run_uuids: Iterable[UUID]) -> dict[UUID, EnrolmentInfo]:
    """Return a person's places in some runs by run, without any query for nobody."""
    uuids = list(run_uuids)
    if person_uuid is None or not uuids:
        return {}
    rows = _places().filter(person__uuid=person_uuid, run__uuid__in=uuids)
    return {row.run.uuid: enrolment_info(row) for row in rows}


def activity_by_institution() -> dict[UUID, CourseActivity]:
    """Return how much each institution offers and how many study there, in three queries; for overviews."""
    courses = dict(Course.objects.values_list("institution__uuid").annotate(n=Count("pk")))
    runs_held = dict(CourseRun.objects.values_list("course__institution__uuid").annotate(n=Count("pk")))
    seats_held = Enrolment.objects.filter(status__in=[status.value for status in TAKES_A_SEAT])
    places = dict(seats_held.values_list("run__course__institution__uuid").annotate(n=Count("pk")))
    return {
        uuid: CourseActivity(courses=number, runs=runs_held.get(uuid, 0), enrolments=places.get(uuid, 0))
        for uuid, number in courses.items()
    }
