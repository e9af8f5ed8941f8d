"""Submitting results, returning and certifying them."""

from collections.abc import Iterable, Mapping, Sequence
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
from courses.grading.data import Entry, GradeRow, Policies
from courses.grading.models import Result
from courses.grading.policy import HUNDRED, two_places
from courses.grading.proposing import policies_in_force
from courses.grading.states import RESULT, ResultStatus
from courses.runs.models import CourseRun
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.canonical import content_hash
from edu.kernel.errors import NotPermitted, Refusal, Stale


@transaction.atomic
def submit_results(*, run_uuid: UUID, entries: Sequence[Entry], acting: Actor) -> int:
    """Submit results to the registrar, all or none; return how many.

    Each entry names the hash of what the teacher saw. Stale when a score has changed since; `details` says whose
    and what it is now. Refusals: "nothing-chosen", "already-submitted", "override-without-reason".
    """
    run = taught_run(acting, run_uuid)
    if not entries:
        raise Refusal("nothing-chosen", _("Choose at least one learner."))
    policies = policies_in_force(run)
    wanted = {entry.enrolment_uuid: entry for entry in entries}
    rows = list(queries.places(run).filter(uuid__in=wanted).select_for_update(of=("self",)))
    if len(rows) != len(wanted):
        raise Refusal("not-enrolled", _("One of the chosen learners has left the run. Reload the page."))
    shown = {row.enrolment_uuid: row for row in queries.gradebook(run, policies, rows).rows}
    _require_fresh(wanted, shown)
    _require_final_policy(run, policies, shown.values())
    for enrolment in rows:
        _submit_one(enrolment, wanted[enrolment.uuid], shown[enrolment.uuid], acting)
    return len(rows)


def _require_fresh(wanted: Mapping[UUID, Entry], shown: Mapping[UUID, GradeRow]) -> None:
    changed = {
        str(uuid): str(shown[uuid].computed.score)
        for uuid, entry in wanted.items()
        if entry.seen_hash != shown[uuid].seen_hash
    }
    if changed:
        raise Stale("scores-changed", _("Scores have changed since this page was opened. Look again."), changed)


def _require_final_policy(run: CourseRun, policies: Policies, rows: Iterable[GradeRow]) -> None:
    coming = queries.policies_coming(run, policies)
    for row in rows:
        day = coming.get(row.home_uuid) or (coming.get(None) if row.held.home_uuid is None else None)
        if day:
            message = _("From %(day)s on another policy holds for these learners. Submit their results then.")
            raise Refusal("policy-coming", message % {"day": day.isoformat()})


def _submit_one(enrolment: Enrolment, entry: Entry, shown: GradeRow, acting: Actor) -> None:
    if shown.computed.waiting:
        raise Refusal("exam-open", _("An exam of one of the chosen learners has no score yet. Enter it first."))
    if not shown.may_be_submitted:
        raise Refusal("already-submitted", _("The result of one of the chosen learners was already submitted."))
    document = signed_document(entry, shown)
    values: dict[str, Any] = {
        "policy_id": shown.held.id,
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
    record(events.RESULT_SUBMITTED, payload(row), acting=acting)


def signed_document(entry: Entry, shown: GradeRow) -> dict[str, Any]:
    """Return what is signed for a row: the computed document, with another score where the entry sets one."""
    document = dict(shown.document)
    if entry.override_score is None:
        return document
    if not entry.reason.strip():
        raise Refusal("override-without-reason", _("Say why the score differs from the computed one."))
    score = two_places(entry.override_score)
    if not 0 <= score <= HUNDRED:
        raise Refusal("score-out-of-range", _("A score lies between 0 and 100."))
    policy = shown.held.policy
    grade = rules.grade_of(score, policy.scale)
    return {
        **document,
        "computed_score": str(shown.computed.computed_score),
        "override_reason": entry.reason.strip(),
        "score": str(score),
        "grade": str(grade),
        "level": rules.level_of(grade, policy.scale),
        "passed": "yes" if grade >= policy.pass_mark else "no",
    }


@transaction.atomic
def certify_results(*, chosen: Mapping[UUID, str], acting: Actor) -> int:
    """Certify results by the hash of what was seen, all or none; return how many.

    NotPermitted "same-person" when the actor submitted one of them; Stale "result-changed" when one is no longer
    what was seen; Refusal "learner-left" when a learner has given the place back. Certification completes the
    enrolment, and credit follows from its event.
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
        record(events.RESULT_CERTIFIED, payload(row), acting=acting)
    return len(chosen)


def _complete(info: ResultInfo, acting: Actor) -> None:
    enrolment = Enrolment.objects.select_related("person").get(uuid=info.enrolment_uuid)
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        message = _("%(name)s has left the run, so there is nothing to certify. Return the result.")
        raise Refusal("learner-left", message % {"name": enrolment.person.name})
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
    record(events.RESULT_RETURNED, payload(row), acting=acting)


def payload(row: Result) -> dict[str, str]:
    """Return what is announced of a result."""
    return {
        "result_uuid": str(row.uuid),
        "run_uuid": str(row.enrolment.run.uuid),
        "person_uuid": str(row.enrolment.person.uuid),
    }
