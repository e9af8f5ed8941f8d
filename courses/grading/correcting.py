"""Corrections of certified results: proposed with a reason, decided by another person, never silent."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.content.models import ContentVersion
from courses.enrolment.models import Enrolment
from courses.grading import facts as facts_of
from courses.grading import queries, rules
from courses.grading.access import NOT_THERE, result_for_registrar, taught_run
from courses.grading.explaining import result_document
from courses.grading.models import Correction, Result
from courses.grading.policy import HUNDRED, two_places
from courses.grading.records import RegradeJob
from courses.grading.states import CORRECTION, CorrectionStatus, ResultStatus
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.canonical import content_hash
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale

WITH_ALL = (
    "enrolment__person",
    "enrolment__run__course__institution",
    "enrolment__run__content",
    "policy",
    "content_version",
)


def locked(result_uuid: UUID) -> Result:
    """Return a result's row, locked; NotThere when there is none."""
    rows = Result.objects.select_related(*WITH_ALL).select_for_update(of=("self",))
    row = rows.filter(uuid=result_uuid).first()
    if row is None:
        raise NotThere(*NOT_THERE)
    return row


def certified(result_uuid: UUID) -> Result:
    """Return a certified result's row, locked; NotThere for others."""
    row = locked(result_uuid)
    if row.status != ResultStatus.CERTIFIED:
        raise NotThere(*NOT_THERE)
    return row


def document_now(row: Result) -> dict[str, Any]:
    """Return what the result would say today by its own policy version; a score set at its submission stays set."""
    enrolment, held = row.enrolment, queries.held_policy(row.policy)
    loaded = facts_of.load(enrolment.run, Enrolment.objects.filter(pk=enrolment.pk), [held.policy])
    facts = loaded.facts(enrolment.pk, held.policy)
    computed = rules.compute(held.policy, facts)
    document = result_document(enrolment, row.attempt, held, facts, computed)
    if "override_reason" not in row.document or computed.reason:
        return document
    kept = {name: row.document[name] for name in ("score", "grade", "level", "passed", "override_reason")}
    return {**document, **kept, "computed_score": str(computed.computed_score)}


@transaction.atomic
def propose_correction(*, result_uuid: UUID, score: Decimal, reason: str, acting: Actor) -> Correction:
    """Propose another score for a certified result, by a teacher of the run.

    Refusals: "no-reason", "score-out-of-range", "nothing-to-correct", "correction-open".
    """
    row = certified(result_uuid)
    taught_run(acting, row.enrolment.run.uuid)
    if not 0 <= score <= HUNDRED:
        raise Refusal("score-out-of-range", _("A score lies between 0 and 100."))
    policy = queries.held_policy(row.policy).policy
    score = two_places(score)
    grade = rules.grade_of(score, policy.scale)
    document = {
        **row.document,
        "computed_score": row.document.get("computed_score", row.document["score"]),
        "override_reason": reason.strip(),
        "score": str(score),
        "grade": str(grade),
        "level": rules.level_of(grade, policy.scale),
        "passed": "yes" if grade >= policy.pass_mark else "no",
    }
    return propose(row, document, reason=reason, acting=acting)


def propose(
    row: Result, document: Mapping[str, Any], *, reason: str, acting: Actor, regrade: RegradeJob | None = None
) -> Correction:
    """Keep a proposal for a locked certified result; call it inside a transaction."""
    if not reason.strip():
        raise Refusal("no-reason", _("Say why the certified result is wrong."))
    if document["score"] == row.document["score"]:
        raise Refusal("nothing-to-correct", _("The certified score is the same."))
    if row.corrections.filter(status=CorrectionStatus.PROPOSED.value).exists():
        raise Refusal("correction-open", _("A correction of this result waits for a decision already."))
    assert acting.person_uuid is not None  # two persons: the first is somebody
    correction = Correction.objects.create(
        result=row,
        reason=reason.strip(),
        before=row.document,
        before_hash=row.document_hash,
        document=document,
        document_hash=content_hash(document),
        regrade=regrade,
        proposed_by_uuid=acting.person_uuid,
        proposed_at=clock.now(),
    )
    correction.moves.create(
        source="",
        target=CorrectionStatus.PROPOSED.value,
        reason=reason.strip(),
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )
    record(events.CORRECTION_PROPOSED, _payload(correction), acting=acting)
    return correction


def correction_for_registrar(acting: Actor, correction_uuid: UUID) -> Correction:
    """Return a correction of the registrar's own institution; NotThere for others."""
    related = [f"result__{name}" for name in WITH_ALL]
    row = Correction.objects.select_related(*related).filter(uuid=correction_uuid).first()
    if row is None:
        raise NotThere(*NOT_THERE)
    result_for_registrar(acting, row.result.uuid)
    return row


@transaction.atomic
def approve_correction(*, correction_uuid: UUID, seen_hash: str, acting: Actor) -> Result:
    """Let a certified result carry the corrected document, signed by proposer and approver.

    NotPermitted "same-person"; Stale when the result or the correction is no longer what was seen.
    """
    correction = correction_for_registrar(acting, correction_uuid)
    row = certified(correction.result.uuid)
    if correction.proposed_by_uuid == acting.person_uuid:
        raise NotPermitted("same-person", _("Who proposed a correction cannot approve it. Ask another registrar."))
    if seen_hash != correction.document_hash or row.document_hash != correction.before_hash:
        raise Stale("result-changed", _("This result has changed since the page was opened. Look again."))
    now = clock.now()
    move(
        correction, to=CorrectionStatus.APPROVED, table=CORRECTION, acting=acting,
        decided_by_uuid=acting.person_uuid, decided_at=now,
    )  # fmt: skip
    document = correction.document
    version = ContentVersion.objects.filter(uuid=document["content_version"]).first() or row.content_version
    Result.objects.filter(pk=row.pk).update(
        content_version=version,
        score=Decimal(document["score"]),
        grade=document["grade"],
        passed=document["passed"] == "yes",
        document=document,
        document_hash=correction.document_hash,
        submitted_by_uuid=correction.proposed_by_uuid,
        certified_by_uuid=acting.person_uuid,
        certified_at=now,
    )
    record(events.RESULT_CORRECTED, _payload(correction), acting=acting)
    row.refresh_from_db()
    return row


@transaction.atomic
def refuse_correction(*, correction_uuid: UUID, reason: str, acting: Actor) -> Correction:
    """Leave a certified result as it is, with a reason; NotPermitted "same-person"."""
    correction = correction_for_registrar(acting, correction_uuid)
    if not reason.strip():
        raise Refusal("no-reason", _("Say why the result stays as it is."))
    if correction.proposed_by_uuid == acting.person_uuid:
        raise NotPermitted("same-person", _("Who proposed a correction cannot decide on it. Ask another registrar."))
    return move(
        correction, to=CorrectionStatus.REFUSED, table=CORRECTION, acting=acting, reason=reason.strip(),
        decided_by_uuid=acting.person_uuid, decided_at=clock.now(),
    )  # fmt: skip


def _payload(correction: Correction) -> dict[str, str]:
    enrolment = correction.result.enrolment
    return {
        "correction_uuid": str(correction.uuid),
        "result_uuid": str(correction.result.uuid),
        "run_uuid": str(enrolment.run.uuid),
        "person_uuid": str(enrolment.person.uuid),
    }
