"""Reads of grading: what each learner reached, results with their signatures, queues."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from courses.content import queries as content
from courses.data import ResultInfo, RunInfo
from courses.enrolment.models import Enrolment
from courses.enrolment.queries import run as run_info
from courses.enrolment.queries import runs as run_infos
from courses.enrolment.states import TAKES_A_SEAT
from courses.grading import rules
from courses.grading.data import Gradebook, GradeRow
from courses.grading.models import GradingPolicy, Result
from courses.grading.rules import Computed, Policy, WorkScore
from courses.grading.states import ResultStatus
from courses.runs.models import CourseRun
from courses.runtime.models import BlockScore
from courses.runtime.queries import points_possible
from edu.kernel.canonical import content_hash
from edu.kernel.errors import NotThere
from edu.people import api as people


def policy_row(run: CourseRun) -> GradingPolicy | None:
    """Return the newest policy of a run, or None before the first."""
    return GradingPolicy.objects.filter(run=run).order_by("-number").first()


def works_of(run: CourseRun, person_ids: Iterable[int]) -> dict[int, tuple[WorkScore, ...]]:
    """Return what each person reached in each graded subsection of the pinned content, in three queries."""
    wanted = list(person_ids)
    if run.content_id is None:
        return dict.fromkeys(wanted, ())
    subsections = content.graded_subsections(run.content_id)
    usage_ids = [usage_id for subsection in subsections for usage_id in subsection.block_usage_ids]
    scores: dict[tuple[int, str], tuple[Decimal, Decimal]] = {
        (person_id, usage_id): (earned, possible)
        for person_id, usage_id, earned, possible in BlockScore.objects.filter(
            run=run, person_id__in=wanted, usage_id__in=usage_ids
        ).values_list("person_id", "usage_id", "earned", "possible")
    }
    worth = points_possible(run.content_id, usage_ids)
    found: dict[int, tuple[WorkScore, ...]] = {}
    for person_id in wanted:
        found[person_id] = tuple(
            WorkScore(
                usage_id=subsection.usage_id,
                name=subsection.display_name,
                assignment=subsection.assignment_type,
                earned=sum(
                    (scores.get((person_id, u), (Decimal(0),))[0] for u in subsection.block_usage_ids), Decimal(0)
                ),
                possible=sum(
                    (
                        scores[person_id, u][1] if (person_id, u) in scores else worth.get(u, Decimal(0))
                        for u in subsection.block_usage_ids
                    ),
                    Decimal(0),
                ),
            )
            for subsection in subsections
        )
    return found


def result_document(enrolment: Enrolment, attempt: int, policy: GradingPolicy, computed: Computed) -> dict[str, Any]:
    """Return the canonical document of a computed result, before any override."""
    grade = rules.grade_of(computed.score)
    return {
        "type": "guixue.result",
        "version": "1",
        "enrolment": str(enrolment.uuid),
        "run": str(enrolment.run.uuid),
        "person": str(enrolment.person.uuid),
        "attempt": str(attempt),
        "policy": policy.content_hash,
        "content_version": str(enrolment.run.content.uuid) if enrolment.run.content else "",
        "score": str(computed.score),
        "grade": str(grade),
        "level": rules.level_of(grade),
        "scale": rules.PERCENT_SCALE,
        "passed": "yes" if computed.passed else "no",
        "lines": [_line_document(line) for line in computed.lines],
    }


def _line_document(line: rules.AssignmentLine) -> dict[str, Any]:
    return {
        "name": line.rule.name,
        "weight_percent": str(line.rule.weight_percent.quantize(rules.SCORE_PLACES)),
        "mean_percent": str(line.mean_percent.quantize(rules.SCORE_PLACES)),
        "missing": str(line.missing),
        "works": [
            {
                "usage_id": work.usage_id,
                "name": work.name,
                "earned": str(work.earned.quantize(rules.SCORE_PLACES)),
                "possible": str(work.possible.quantize(rules.SCORE_PLACES)),
                "dropped": "yes" if dropped else "no",
            }
            for work, dropped in line.works
        ],
    }


def gradebook(run: CourseRun, policy: GradingPolicy, enrolments: list[Enrolment]) -> Gradebook:
    """Return a run's gradebook for these enrolments (fetched with person and run), in a fixed number of queries."""
    applied: Policy = rules.policy_from_document(policy.document)
    works = works_of(run, [enrolment.person_id for enrolment in enrolments])
    results = {row.enrolment_id: row for row in _results().filter(enrolment__in=enrolments)}
    names = people.persons([enrolment.person.uuid for enrolment in enrolments])
    rows = []
    for enrolment in enrolments:
        result = results.get(enrolment.pk)
        computed = rules.compute(applied, works[enrolment.person_id])
        rows.append(_grade_row(enrolment, result, computed, policy, names[enrolment.person.uuid].name))
    return Gradebook(policy.number, policy.document, policy.content_hash, tuple(rows))


def _grade_row(
    enrolment: Enrolment, result: Result | None, computed: Computed, policy: GradingPolicy, name: str
) -> GradeRow:
    attempt = result.attempt if result else 1
    return GradeRow(
        enrolment_uuid=enrolment.uuid,
        person_uuid=enrolment.person.uuid,
        name=name,
        computed=computed,
        grade=rules.grade_of(computed.score),
        seen_hash=content_hash(result_document(enrolment, attempt, policy, computed)),
        result_uuid=result.uuid if result else None,
        status=result.status if result else "",
        submitted_grade=result.grade if result else "",
        reason=_last_reason(result) if result else "",
    )


def places(run: CourseRun) -> QuerySet[Enrolment]:
    """Return the enrolments of a run that take a seat, with person and pinned content, in the order of enrolling."""
    statuses = [status.value for status in TAKES_A_SEAT]
    rows = Enrolment.objects.filter(run=run, status__in=statuses)
    return rows.select_related("person", "run__content").order_by("enrolled_at", "id")


def _results() -> QuerySet[Result]:
    return Result.objects.select_related(
        "enrolment__person", "enrolment__run__course__institution", "policy", "content_version"
    )


def _last_reason(row: Result) -> str:
    if row.status != ResultStatus.RETURNED:
        return ""
    last = row.moves.filter(target=ResultStatus.RETURNED.value).last()
    return last.reason if last else ""


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
