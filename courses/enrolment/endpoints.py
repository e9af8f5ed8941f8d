"""Runs and enrolments in the public API: runs for everybody, places for who is entitled to know them."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema
from ninja.params.functions import Query

from courses.catalogue.endpoints import EXAMPLE_UUID, published_course_ids
from courses.data import RunPhase
from courses.enrolment.homes import readable_by, with_home
from courses.enrolment.models import Enrolment
from courses.enrolment.queries import SEATS_TAKEN
from courses.runs.models import CourseRun
from courses.runs.queries import phase_of
from edu.api.callers import AUTH, Caller, caller_of
from edu.api.fresh import etagged
from edu.api.moments import aware
from edu.api.paging import Page, page_of
from edu.api.problems import CALLER_PROBLEMS, PROBLEMS
from edu.kernel import clock
from edu.kernel.errors import NotThere
from edu.people import api as people

runs = Router(tags=["runs"])
enrolments = Router(tags=["enrolments"])
MOMENT = "2026-11-28T01:02:03.000Z"
Status = Literal["", "active", "withdrawn", "completed"]


class RunOut(Schema):
    """A run, one dated delivery of a course. `state` follows from the dates alone."""

    uuid: UUID = Field(examples=[EXAMPLE_UUID])
    course_uuid: UUID
    institution_code: str | None
    code: str = Field(examples=["2026A"])
    enrolment_opens_at: str = Field(examples=[MOMENT])
    enrolment_closes_at: str = Field(examples=[MOMENT])
    starts_on: dt.date
    ends_on: dt.date
    seats: int | None = Field(description="null: no limit", examples=[100])
    seats_taken: int = Field(examples=[37])
    credit_points: str = Field(examples=["2.00"])
    contact_hours: str = Field(examples=["32.0"])
    open_to_others: bool = Field(description="Students of other institutions may enrol under an agreement")
    state: RunPhase
    changed_at: str = Field(description="Of the plan; seats taken change without it", examples=[MOMENT])


class RunsOut(Schema):
    """A page of runs, by uuid."""

    count: int
    next: str | None
    previous: str | None
    items: list[RunOut]


class EnrolmentOut(Schema):
    """A learner's place in a run. No names: an institution knows its students by number."""

    uuid: UUID
    run_uuid: UUID
    course_uuid: UUID
    person_uuid: UUID
    home_uuid: UUID | None = Field(description="Where the learner was a student on the day of enrolling")
    number: str = Field(description="Student number there; empty without one", examples=["2023001"])
    status: Literal["active", "withdrawn", "completed"]
    approved_at_home: bool = Field(description="The home institution approved this place (cross-enrolment)")
    enrolled_at: str = Field(examples=[MOMENT])
    changed_at: str = Field(examples=[MOMENT])


class EnrolmentsOut(Schema):
    """A page of enrolments, by uuid."""

    count: int
    next: str | None
    previous: str | None
    items: list[EnrolmentOut]


@runs.get("", response={200: RunsOut, **PROBLEMS}, summary="Runs of published courses, fifty a page")
@etagged
def list_runs(
    request: HttpRequest,
    course: UUID | None = Query(None, description="Runs of this course"),
    institution: str = Query("", max_length=10, description="School code of the host"),
    state: RunPhase | None = Query(None, description="Where the run stands now"),
    open_to_others: bool | None = Query(None, description="Only offerings, or only runs that are none"),
    changed_since: dt.datetime | None = Query(None, description="RFC 3339: plan changed at or after"),
    page: int = Query(1, ge=1),
) -> Any:
    """Return runs in a stable order, with the seats that are taken now."""
    rows = _runs()
    if course:
        rows = rows.filter(course__uuid=course)
    if institution:
        rows = rows.filter(course__institution__code=institution)
    if state:
        rows = rows.filter(pk__in=CourseRun.objects.in_phase(state, now=clock.now(), today=clock.today()).values("pk"))
    if open_to_others is not None:
        rows = rows.filter(open_to_others=open_to_others)
    if changed_since:
        rows = rows.filter(changed_at__gte=aware(changed_since))
    found: Page[CourseRun] = page_of(request, rows.order_by("uuid"), page)
    items = [_run(row) for row in found.items]
    return RunsOut(count=found.count, next=found.next, previous=found.previous, items=items)


@runs.get("/{uuid:run_uuid}", response={200: RunOut, **PROBLEMS}, summary="A run")
@etagged
def read_run(request: HttpRequest, run_uuid: UUID) -> Any:
    """Return a run of a published course; 404 for others."""
    row = _runs().filter(uuid=run_uuid).first()
    if row is None:
        raise NotThere("no-such-run", _("There is no such run."))
    return _run(row)


@enrolments.get("", response={200: EnrolmentsOut, **CALLER_PROBLEMS}, auth=AUTH, summary="Enrolments you may read")
@etagged
def list_enrolments(
    request: HttpRequest,
    run: UUID | None = Query(None, description="Places in this run"),
    status: Status = Query(""),
    changed_since: dt.datetime | None = Query(None, description="RFC 3339: enrolled or moved at or after"),
    page: int = Query(1, ge=1),
) -> Any:
    """Return places in the institution's runs and those of its students elsewhere that it approved; or one's own.

    Each learner sees in the account that a program of the institution looked.
    """
    caller = caller_of(request)
    rows = _readable(caller)
    if run:
        rows = rows.filter(run__uuid=run)
    if status:
        rows = rows.filter(status=status)
    if changed_since:
        rows = rows.filter(changed_at__gte=aware(changed_since))
    found: Page[Enrolment] = page_of(request, rows.order_by("uuid"), page)
    people.note_accesses(caller.actor, [row.person.uuid for row in found.items], "study-record")
    items = [_enrolment(row) for row in found.items]
    return EnrolmentsOut(count=found.count, next=found.next, previous=found.previous, items=items)


@enrolments.get(
    "/{uuid:enrolment_uuid}", response={200: EnrolmentOut, **CALLER_PROBLEMS}, auth=AUTH, summary="An enrolment"
)
@etagged
def read_enrolment(request: HttpRequest, enrolment_uuid: UUID) -> Any:
    """Return an enrolment that the caller may read; 404 for every other, whether it exists or not."""
    caller = caller_of(request)
    row = _readable(caller).filter(uuid=enrolment_uuid).first()
    if row is None:
        raise NotThere("no-such-enrolment", _("There is no such enrolment."))
    people.note_accesses(caller.actor, [row.person.uuid], "study-record")
    return _enrolment(row)


def _runs() -> QuerySet[CourseRun]:
    published = CourseRun.objects.filter(course__in=published_course_ids())
    return published.select_related("course__institution").annotate(taken=SEATS_TAKEN)


def _run(row: CourseRun) -> RunOut:
    return RunOut(
        uuid=row.uuid,
        course_uuid=row.course.uuid,
        institution_code=row.course.institution.code,
        code=row.code,
        enrolment_opens_at=clock.rfc3339(row.enrolment_opens_at),
        enrolment_closes_at=clock.rfc3339(row.enrolment_closes_at),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        seats=row.seats,
        seats_taken=row.taken,  # type: ignore[attr-defined]  # annotated
        credit_points=str(row.credit_points),
        contact_hours=str(row.contact_hours),
        open_to_others=row.open_to_others,
        state=phase_of(row),
        changed_at=clock.rfc3339(row.changed_at),
    )


def _readable(caller: Caller) -> QuerySet[Any]:
    caller.require("enrolments")
    rows = with_home(Enrolment.objects.select_related("person", "run__course__institution"))
    rows = rows.annotate(changed_at=Greatest(F("enrolled_at"), Max("moves__happened_at")))
    if caller.institution_uuid:
        return rows.filter(readable_by(caller.institution_uuid))
    return rows.filter(Q(person__uuid=caller.actor.person_uuid))


def _enrolment(row: Any) -> EnrolmentOut:
    return EnrolmentOut(
        uuid=row.uuid,
        run_uuid=row.run.uuid,
        course_uuid=row.run.course.uuid,
        person_uuid=row.person.uuid,
        home_uuid=row.home_uuid,
        number=row.home_number or "",
        status=row.status,
        approved_at_home=row.cross_enrolment_uuid is not None,
        enrolled_at=clock.rfc3339(row.enrolled_at),
        changed_at=clock.rfc3339(row.changed_at),
    )
