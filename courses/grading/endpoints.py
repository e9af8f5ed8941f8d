"""Certified results in the public API: read only, for host, approving home and learner."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema
from ninja.params.functions import Query

from courses.enrolment.endpoints import MOMENT
from courses.enrolment.homes import readable_by, with_home
from courses.enrolment.models import Enrolment
from courses.grading.models import Result
from courses.grading.states import ResultStatus
from edu.api.callers import AUTH, Caller, caller_of
from edu.api.fresh import etagged
from edu.api.moments import aware
from edu.api.paging import Page, page_of
from edu.api.problems import CALLER_PROBLEMS
from edu.kernel import clock
from edu.kernel.errors import NotThere
from edu.people import api as people

grades = Router(tags=["grades"])


class GradeOut(Schema):
    """A result that two persons signed. `document_hash` (SHA-256, hex) is what they signed."""

    uuid: UUID
    enrolment_uuid: UUID
    run_uuid: UUID
    course_uuid: UUID
    person_uuid: UUID
    attempt: int = Field(examples=[1])
    score: str = Field(description="0.00 to 100.00", examples=["87.50"])
    grade: str = Field(description="On `scale`", examples=["88"])
    scale: str = Field(examples=["percent"])
    passed: bool
    credit_points: str = Field(description="What the run carries", examples=["2.00"])
    certified_at: str = Field(description="Of the latest signature: a correction has a later one", examples=[MOMENT])
    document_hash: str = Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])


class GradesOut(Schema):
    """A page of certified results, by uuid."""

    count: int
    next: str | None
    previous: str | None
    items: list[GradeOut]


@grades.get("", response={200: GradesOut, **CALLER_PROBLEMS}, auth=AUTH, summary="Certified results you may read")
@etagged
def list_grades(
    request: HttpRequest,
    run: UUID | None = Query(None, description="Results of this run"),
    changed_since: dt.datetime | None = Query(None, description="RFC 3339: certified or corrected at or after"),
    page: int = Query(1, ge=1),
) -> Any:
    """Return certified results of the institution's runs, and of its students elsewhere where it approved the place.

    What was submitted and not certified is nobody's result yet. Each learner sees that a program looked.
    """
    caller = caller_of(request)
    rows = _readable(caller)
    if run:
        rows = rows.filter(enrolment__run__uuid=run)
    if changed_since:
        rows = rows.filter(certified_at__gte=aware(changed_since))
    found: Page[Result] = page_of(request, rows.order_by("uuid"), page)
    people.note_accesses(caller.actor, [row.enrolment.person.uuid for row in found.items], "grades")
    items = [_grade(row) for row in found.items]
    return GradesOut(count=found.count, next=found.next, previous=found.previous, items=items)


@grades.get("/{uuid:result_uuid}", response={200: GradeOut, **CALLER_PROBLEMS}, auth=AUTH, summary="A certified result")
@etagged
def read_grade(request: HttpRequest, result_uuid: UUID) -> Any:
    """Return a certified result that the caller may read; 404 for every other, whether it exists or not."""
    caller = caller_of(request)
    row = _readable(caller).filter(uuid=result_uuid).first()
    if row is None:
        raise NotThere("no-such-result", _("There is no such result."))
    people.note_accesses(caller.actor, [row.enrolment.person.uuid], "grades")
    return _grade(row)


def _readable(caller: Caller) -> QuerySet[Result]:
    caller.require("grades")
    rows = Result.objects.select_related("enrolment__person", "enrolment__run__course")
    rows = rows.filter(status=ResultStatus.CERTIFIED.value).defer("document")
    if caller.institution_uuid is None:
        return rows.filter(Q(enrolment__person__uuid=caller.actor.person_uuid))
    places = with_home(Enrolment.objects.all()).filter(readable_by(caller.institution_uuid))
    return rows.filter(Q(enrolment__in=places.values("pk")))


def _grade(row: Result) -> GradeOut:
    assert row.certified_at is not None  # a constraint holds it to the status
    return GradeOut(
        uuid=row.uuid,
        enrolment_uuid=row.enrolment.uuid,
        run_uuid=row.enrolment.run.uuid,
        course_uuid=row.enrolment.run.course.uuid,
        person_uuid=row.enrolment.person.uuid,
        attempt=row.attempt,
        score=str(row.score),
        grade=row.grade,
        scale=row.scale,
        passed=row.passed,
        credit_points=str(row.enrolment.run.credit_points),
        certified_at=clock.rfc3339(row.certified_at),
        document_hash=row.document_hash,
    )
