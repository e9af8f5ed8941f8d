"""Reads of grading: which policy holds, what each learner reached, results with their signatures, queues."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language

from courses.content import queries as content
from courses.data import ResultInfo, RunInfo
from courses.enrolment.models import Enrolment
from courses.enrolment.queries import run as run_info
from courses.enrolment.queries import runs as run_infos
from courses.enrolment.states import TAKES_A_SEAT
from courses.grading import facts as facts_of
from courses.grading import rules
from courses.grading.data import Gradebook, GradeFilter, GradeRow, HeldPolicy, Policies
from courses.grading.documents import policy_from_document
from courses.grading.explaining import result_document
from courses.grading.models import GradingPolicy, Result, ResultMove
from courses.grading.states import PolicyStatus, ResultStatus
from courses.runs.models import CourseRun
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.kernel.canonical import content_hash
from edu.kernel.errors import NotThere
from edu.people import api as people

STATUS_OF_FILTER = {"submitted": "submitted", "returned": "returned", "certified": "certified"}


def policies_held(run: CourseRun, on: dt.date | None = None) -> list[HeldPolicy]:
    """Return the approved policies of a run that hold on a day (today without one), one a home, in one query."""
    day = on or clock.today()
    rows = GradingPolicy.objects.filter(run=run, status=PolicyStatus.APPROVED.value)
    rows = rows.filter(Q(from_on__isnull=True) | Q(from_on__lte=day)).order_by("number")
    return list({row.home_uuid: held_policy(row) for row in rows}.values())  # the newest of each home


def policies_coming(run: CourseRun, held: Policies) -> dict[UUID | None, dt.date]:
    """Return the first day of each approved policy that will replace one that holds today, by home (None: general)."""
    rows = GradingPolicy.objects.filter(run=run, status=PolicyStatus.APPROVED.value, from_on__gt=clock.today())
    numbers = {one.home_uuid: one.number for one in held.all}
    later = rows.order_by("-from_on").values_list("home_uuid", "number", "from_on")
    return {home: day for home, number, day in later if day and number > numbers.get(home, 0)}


def held_policy(row: GradingPolicy) -> HeldPolicy:
    """Return the value of a policy's row."""
    return HeldPolicy(
        row.pk,
        row.uuid,
        row.number,
        row.home_uuid,
        row.document,
        row.content_hash,
        policy_from_document(row.document),
    )


def gradebook(run: CourseRun, policies: Policies, enrolments: list[Enrolment], *, to_sign: bool = True) -> Gradebook:
    """Return a run's gradebook for these enrolments (fetched with person and run), in a fixed number of queries.

    Documents and their hashes cost more than the grades, so rows have them only where somebody may sign.
    """
    values = [held.policy for held in policies.all]
    loaded = facts_of.load(run, Enrolment.objects.filter(pk__in=[place.pk for place in enrolments]), values)
    results = {row.enrolment_id: row for row in _results().filter(enrolment__in=enrolments)}
    uuids = [place.person.uuid for place in enrolments]
    records = people.student_records(uuids)
    homes = {info.institution_uuid for info in records.values()}
    names = institutions.names_today(homes, get_language() or "zh-hans") if homes else {}
    columns = tuple(policies.line_names)
    rows = []
    for place in enrolments:
        record = records.get(place.person.uuid)
        held = policies.for_home(record.institution_uuid if record else None)
        facts = loaded.facts(place.pk, held.policy)
        about = {
            "number": record.number if record else "",
            "home_uuid": record.institution_uuid if record else None,
            "home_name": names.get(record.institution_uuid, "") if record else "",
        }
        rows.append(_grade_row(place, results.get(place.pk), held, facts, columns, about, to_sign=to_sign))
    return Gradebook(policies, columns, tuple(rows))


def _grade_row(
    place: Enrolment,
    result: Result | None,
    held: HeldPolicy,
    facts: rules.Facts,
    columns: tuple[str, ...],
    about: dict[str, Any],
    *,
    to_sign: bool,
) -> GradeRow:
    computed = rules.compute(held.policy, facts)
    document = result_document(place, result.attempt if result else 1, held, facts, computed) if to_sign else {}
    lines = {line.name: line for line in computed.lines}
    return GradeRow(
        enrolment_uuid=place.uuid,
        person_uuid=place.person.uuid,
        name=place.person.name,
        held=held,
        facts=facts,
        computed=computed,
        cells=tuple(lines.get(name) for name in columns),
        document=document,
        seen_hash=content_hash(document) if to_sign else "",
        result_uuid=result.uuid if result else None,
        status=result.status if result else "",
        submitted_grade=result.grade if result else "",
        reason=_last_reason(result) if result else "",
        **about,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one learner stands now under the policy of their home institution."""

    held: HeldPolicy
    facts: rules.Facts
    computed: rules.Computed
    planned: tuple[facts_of.Planned, ...] = ()  # meetings and exams of the run


def standing(run: CourseRun, policies: Policies, *, person_id: int, homes: Iterable[UUID]) -> Standing | None:
    """Return where a person stands in a run, in one query, or None without a place in it.

    `homes` are the institutions at which the person is a student, the latest begun last.
    """
    places = facts_of.with_planned(Enrolment.objects.filter(run=run, person_id=person_id))
    loaded = facts_of.load(run, places, [held.policy for held in policies.all])
    home = next(reversed(list(homes)), None)
    held = policies.for_home(home)
    for enrolment_id in loaded.did:
        facts = loaded.facts(enrolment_id, held.policy)
        return Standing(held, facts, rules.compute(held.policy, facts), loaded.did[enrolment_id].planned)
    return None


def places(run: CourseRun, chosen: GradeFilter | None = None) -> QuerySet[Enrolment]:
    """Return the enrolments of a run that take a seat, with person and pinned content, in the order of enrolling."""
    statuses = [status.value for status in TAKES_A_SEAT]
    rows = Enrolment.objects.filter(run=run, status__in=statuses)
    if chosen and not chosen.is_empty:
        rows = rows.filter(pk__in=_chosen(rows, chosen).values("pk"))
    return rows.select_related("person", "run__content").order_by("enrolled_at", "id")


def _chosen(rows: QuerySet[Enrolment], chosen: GradeFilter) -> QuerySet[Enrolment]:
    if chosen.text:
        student = Q(person__affiliations__role="student", person__affiliations__number__istartswith=chosen.text)
        rows = rows.filter(Q(person__name__icontains=chosen.text) | student)
    if chosen.home_uuid:
        rows = rows.filter(
            person__affiliations__role="student", person__affiliations__institution__uuid=chosen.home_uuid
        )
    if chosen.status == "open":
        rows = rows.exclude(results__isnull=False)
    elif chosen.status in STATUS_OF_FILTER:
        rows = rows.filter(results__status=STATUS_OF_FILTER[chosen.status])
    return rows


def kinds_of_work(run: CourseRun) -> list[str]:
    """Return the kinds of graded work in the content that a run shows now, whether the policy names them or not."""
    subsections = content.graded_subsections(run.content_id) if run.content_id else ()
    return [kind for kind in dict.fromkeys(one.assignment_type for one in subsections) if kind]


def homes_of(run: CourseRun) -> dict[UUID, str]:
    """Return the institutions from which a run's learners come, with their names, in two queries."""
    students = places(run).filter(person__affiliations__role="student").order_by()
    uuids = set(students.values_list("person__affiliations__institution__uuid", flat=True).distinct())
    return institutions.names_today(uuids, get_language() or "zh-hans") if uuids else {}


def _results() -> QuerySet[Result]:
    returns = ResultMove.objects.filter(subject=OuterRef("pk"), target=ResultStatus.RETURNED.value).order_by("-id")
    return Result.objects.select_related(
        "enrolment__person", "enrolment__run__course__institution", "policy", "content_version"
    ).annotate(return_reason=Subquery(returns.values("reason")[:1]))


def _last_reason(row: Result) -> str:
    reason: str | None = row.return_reason  # type: ignore[attr-defined]  # annotated above
    return (reason or "") if row.status == ResultStatus.RETURNED else ""


def _info(row: Result, run: RunInfo) -> ResultInfo:
    return ResultInfo(
        uuid=row.uuid,
        enrolment_uuid=row.enrolment.uuid,
        person_uuid=row.enrolment.person.uuid,
        run=run,
        score=row.score,
        grade=row.grade,
        scale=row.scale,
        passed=row.passed,
        status=row.status,
        attempt=row.attempt,
        submitted_by_uuid=row.submitted_by_uuid,
        submitted_at=row.submitted_at,
        certified_by_uuid=row.certified_by_uuid,
        certified_at=row.certified_at,
        content_version_uuid=row.content_version.uuid,
        policy_hash=row.policy.content_hash,
        document=row.document,
        document_hash=row.document_hash,
        reason=_last_reason(row),
    )


def _infos(rows: Iterable[Result]) -> tuple[ResultInfo, ...]:
    found = list(rows)
    runs = run_infos({row.enrolment.run.uuid for row in found})
    return tuple(_info(row, runs[row.enrolment.run.uuid]) for row in found)


def result(uuid: UUID) -> ResultInfo:
    """Return a result; NotThere when there is none."""
    row = _results().filter(uuid=uuid).first()
    if row is None:
        raise NotThere("no-such-result")
    return _info(row, run_info(row.enrolment.run.uuid))


def results_of(person_uuid: UUID) -> tuple[ResultInfo, ...]:
    """Return a person's results, the latest first."""
    return _infos(_results().filter(enrolment__person__uuid=person_uuid).order_by("-submitted_at", "-id"))


def queue_of(institution_uuid: UUID, status: str = ResultStatus.SUBMITTED.value) -> QuerySet[Result]:
    """Return the rows of an institution's results in a status, the longest waiting first; page them, then `infos`."""
    rows = _results().filter(enrolment__run__course__institution__uuid=institution_uuid, status=status)
    return rows.order_by("submitted_at", "id")


def results_to_certify(institution_uuid: UUID) -> tuple[ResultInfo, ...]:
    """Return every result that waits for an institution's registrars, the longest waiting first."""
    return _infos(queue_of(institution_uuid))


def infos(rows: Iterable[Result]) -> tuple[ResultInfo, ...]:
    """Return the values of a page of rows, with their runs in one further query."""
    return _infos(rows)


def waiting_for_registrar(institution_uuid: UUID) -> int:
    """Return how many results wait for certification at an institution."""
    return queue_of(institution_uuid).count()
