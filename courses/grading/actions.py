"""Deciding how a run is graded, submitting results, returning and certifying them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.data import ResultInfo
from courses.enrolment.actions import complete
from courses.enrolment.models import Enrolment
from courses.enrolment.states import EnrolmentStatus
from courses.grading import queries, rules
from courses.grading.access import result_for_registrar, taught_run
from courses.grading.data import Entry, GradeRow
from courses.grading.models import GradingPolicy, Result
from courses.grading.states import RESULT, ResultStatus
from courses.runs.models import CourseRun
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.canonical import content_hash
from edu.kernel.errors import NotPermitted, Refusal, Stale


@transaction.atomic
def adopt_policy(*, run: CourseRun, policy: rules.Policy, source: str, reason: str, acting: Actor) -> GradingPolicy:
    """Make a policy the one that holds for a run; the same policy again changes nothing.

    Refusal "results-exist" once results were submitted: they name the policy by which they were computed.
    """
    CourseRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    document = rules.policy_document(policy, run=str(run.uuid), source=source)
    last = queries.policy_row(run)
    if last and last.content_hash == content_hash(document):
        return last
    if Result.objects.filter(enrolment__run=run).exists():
        raise Refusal(
            "results-exist", _("Results were already submitted by the policy in force. It stays for this run.")
        )
    return GradingPolicy.objects.create(
        run=run,
        number=last.number + 1 if last else 1,
        document=document,
        content_hash=content_hash(document),
        reason=reason,
        actor_person_uuid=acting.person_uuid,
        decided_at=clock.now(),
    )


def policy_in_force(run: CourseRun) -> GradingPolicy:
    """Return the policy of a run; the first time it is taken from the pinned content.

    Refusal "no-content" without pinned content, "policy-unusable" when the content's policy makes no sense.
    """
    row = queries.policy_row(run)
    if row:
        return row
    if run.content is None:
        raise Refusal("no-content", _("This run has no content yet. Pin a version of the content to it first."))
    try:
        policy = rules.policy_from_olx(run.content.grading_policy)
    except rules.PolicyUnusable as error:
        raise Refusal("policy-unusable", _("The grading policy of the content cannot be used: %s") % error) from error
    return adopt_policy(
        run=run,
        policy=policy,
        source=f"content version {run.content.number}",
        reason="taken from the pinned content",
        acting=SYSTEM,
    )


@transaction.atomic
def submit_results(*, run_uuid: UUID, entries: Sequence[Entry], acting: Actor) -> int:
    """Submit results to the registrar, all or none; return how many.

    Each entry names the hash of what the teacher saw. Stale when a score has changed since; `details` says whose
    and what it is now. Refusals: "nothing-chosen", "already-submitted", "override-without-reason".
    """
    run = taught_run(acting, run_uuid)
    if not entries:
        raise Refusal("nothing-chosen", _("Choose at least one learner."))
    policy = policy_in_force(run)
    wanted = {entry.enrolment_uuid: entry for entry in entries}
    rows = list(queries.places(run).filter(uuid__in=wanted).select_for_update(of=("self",)))
    if len(rows) != len(wanted):
        raise Refusal("not-enrolled", _("One of the chosen learners has left the run. Reload the page."))
    shown = {row.enrolment_uuid: row for row in queries.gradebook(run, policy, rows).rows}
    _require_fresh(wanted, shown)
    for enrolment in rows:
        _submit_one(enrolment, wanted[enrolment.uuid], shown[enrolment.uuid], policy, acting)
    return len(rows)


def _require_fresh(wanted: Mapping[UUID, Entry], shown: Mapping[UUID, GradeRow]) -> None:
    changed = {
        str(uuid): str(shown[uuid].computed.score)
        for uuid, entry in wanted.items()
        if entry.seen_hash != shown[uuid].seen_hash
    }
    if changed:
        raise Stale("scores-changed", _("Scores have changed since this page was opened. Look again."), changed)


def _submit_one(enrolment: Enrolment, entry: Entry, shown: GradeRow, policy: GradingPolicy, acting: Actor) -> None:
    if not shown.may_be_submitted:
        raise Refusal("already-submitted", _("The result of one of the chosen learners was already submitted."))
    document = _document(enrolment, entry, shown, policy)
    values: dict[str, Any] = {
        "policy": policy,
        "content_version": enrolment.run.content,
        "score": Decimal(document["score"]),
        "grade": document["grade"],
        "scale": document["scale"],
        "passed": document["passed"] == "yes",
        "document": document,
        "document_hash": content_hash(document),
        "submitted_by_uuid": acting.person_uuid,
        "submitted_at": clock.now(),
    }
    if shown.result_uuid:
        row = Result.objects.get(uuid=shown.result_uuid)
        move(row, to=ResultStatus.SUBMITTED, table=RESULT, acting=acting, reason=entry.reason, **values)
    else:
        row = Result.objects.create(enrolment=enrolment, **values)
        row.moves.create(
            source="",
            target=ResultStatus.SUBMITTED.value,
            reason=entry.reason,
            actor_person_uuid=acting.person_uuid,
            actor_institution_uuid=acting.institution_uuid,
            actor_role=acting.role,
            happened_at=clock.now(),
        )
    record(events.RESULT_SUBMITTED, _payload(row), acting=acting)


def _document(enrolment: Enrolment, entry: Entry, shown: GradeRow, policy: GradingPolicy) -> dict[str, Any]:
    document = queries.result_document(enrolment, 1, policy, shown.computed)
    if entry.override_score is None:
        return document
    if not entry.reason.strip():
        raise Refusal("override-without-reason", _("Say why the score differs from the computed one."))
    score = entry.override_score.quantize(rules.SCORE_PLACES)
    if not 0 <= score <= rules.HUNDRED:
        raise Refusal("score-out-of-range", _("A score lies between 0 and 100."))
    grade = rules.grade_of(score)
    applied = rules.policy_from_document(policy.document)
    return {
        **document,
        "computed_score": document["score"],
        "override_reason": entry.reason.strip(),
        "score": str(score),
        "grade": str(grade),
        "level": rules.level_of(grade),
        "passed": "yes" if rules.has_passed(applied, score) else "no",
    }


@transaction.atomic
def certify_results(*, chosen: Mapping[UUID, str], acting: Actor) -> int:
    """Certify results by the hash of what was seen, all or none; return how many.

    NotPermitted "same-person" when the actor submitted one of them; Stale "result-changed" when one is no longer
    what was seen. Certification completes the enrolment, and credit follows from its event.
    """
    if not chosen:
        raise Refusal("nothing-chosen", _("Choose at least one result."))
    for uuid in sorted(chosen):
        info = result_for_registrar(acting, uuid)
        row = Result.objects.select_for_update(of=("self",)).get(uuid=uuid)
        if row.submitted_by_uuid == acting.person_uuid:
            raise NotPermitted("same-person", _("Who submitted a result cannot certify it. Ask another registrar."))
        if row.document_hash != chosen[uuid]:
            changed = {"seen": chosen[uuid], "now": row.document_hash, "grade": row.grade}
            raise Stale("result-changed", _("This result has changed since the page was opened. Look again."), changed)
        move(
            row,
            to=ResultStatus.CERTIFIED,
            table=RESULT,
            acting=acting,
            certified_by_uuid=acting.person_uuid,
            certified_at=clock.now(),
        )
        _complete(info, acting)
        record(events.RESULT_CERTIFIED, _payload(row), acting=acting)
    return len(chosen)


def _complete(info: ResultInfo, acting: Actor) -> None:
    enrolment = Enrolment.objects.get(uuid=info.enrolment_uuid)
    if enrolment.status == EnrolmentStatus.ACTIVE:
        complete(enrolment_uuid=info.enrolment_uuid, acting=acting)


@transaction.atomic
def return_result(*, result_uuid: UUID, reason: str, acting: Actor) -> None:
    """Give a submitted result back to the teacher with a reason; Refusal "no-reason" without one."""
    result_for_registrar(acting, result_uuid)
    if not reason.strip():
        raise Refusal("no-reason", _("Say what the teacher should correct."))
    row = Result.objects.get(uuid=result_uuid)
    move(row, to=ResultStatus.RETURNED, table=RESULT, acting=acting, reason=reason.strip())
    record(events.RESULT_RETURNED, _payload(row), acting=acting)


def _payload(row: Result) -> dict[str, str]:
    return {
        "result_uuid": str(row.uuid),
        "run_uuid": str(row.enrolment.run.uuid),
        "person_uuid": str(row.enrolment.person.uuid),
    }
