"""Signing, approving, accepting and withdrawing study plans.

Every approval names the hash of what was seen. The plan's row is locked first, then its document is made anew from
the agreement, the rule and the run as they are now: if that is another text than the one signed, nothing is written.
"""

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import api as courses
from credits import events
from credits.agreements.actions import begin_history, require_registrar
from credits.agreements.locks import one_at_a_time
from credits.agreements.models import AgreementVersion, Equivalence
from credits.agreements.rules import Change, document_changes
from credits.agreements.words import change_lines
from credits.exchange import queries
from credits.exchange.models import PlanParty, StudyPlan, StudyPlanApproval, StudyPlanText
from credits.exchange.rules import Preview
from credits.exchange.states import PLAN_MOVES, PlanStatus
from credits.exchange.words import DECISION_REASONS, NOT_SHOWN, PLAN_FIELDS, refusal, stale
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.canonical import content_hash
from edu.kernel.errors import NotPermitted, NotThere, Refusal

STUDENT = "student"


@transaction.atomic
def draft_plan(*, run_uuid: UUID, acting: Actor, note: str = "") -> StudyPlan:
    """Write a plan for oneself with the conditions as they are now; refused where nothing would count."""
    if acting.role != STUDENT or acting.person_uuid is None:
        raise refusal("not-a-student")
    one_at_a_time("plan", acting.person_uuid, run_uuid)
    if queries.live_plan(acting.person_uuid, run_uuid):
        raise refusal("plan-exists")
    run = courses.run(run_uuid)
    found = queries.preview(acting.person_uuid, run_uuid)
    _require_counts(found)
    uuid = uuid4()
    document = queries.plan_document(uuid, found, run, note=note)
    student = found.facts.student
    assert student is not None
    plan = StudyPlan.objects.create(
        uuid=uuid,
        number=uuid.hex[:20],
        person_uuid=acting.person_uuid,
        student_record_uuid=student.record_uuid,
        home_uuid=student.home_uuid,
        host_uuid=run.course.institution_uuid,
        run_uuid=run.uuid,
        course_uuid=run.course.uuid,
        run_starts_on=run.starts_on,
        note=note,
        created_at=clock.now(),
        **_conditions(found, document),
    )
    plan.number = f"XK{clock.today():%Y%m%d}-{plan.pk:04d}"
    StudyPlan.objects.filter(pk=plan.pk).update(number=plan.number)
    _keep_text(plan)
    begin_history(plan, PlanStatus.DRAFTED, acting)
    record(events.PLAN_DRAFTED, {"plan_uuid": str(plan.uuid), "content_hash": plan.content_hash}, acting=acting)
    return plan


@transaction.atomic
def rewrite_plan(*, plan_uuid: UUID, acting: Actor, note: str | None = None) -> StudyPlan:
    """Bring a draft or returned plan to today's conditions (and another note); it has to be signed again."""
    plan = _own_locked(plan_uuid, acting)
    if plan.status == PlanStatus.RETURNED:
        _move(plan, PlanStatus.DRAFTED, acting, due_on=None, waiting_since_at=None)
    elif plan.status != PlanStatus.DRAFTED:
        raise stale("decided-meanwhile")
    plan.note = plan.note if note is None else note
    document, found = queries.document_today(plan)
    _require_counts(found)
    changes = {"note": plan.note} | _conditions(found, document)
    StudyPlan.objects.filter(pk=plan.pk).update(**changes)
    for name, value in changes.items():
        setattr(plan, name, value)
    _keep_text(plan)
    record(events.PLAN_DRAFTED, {"plan_uuid": str(plan.uuid), "content_hash": plan.content_hash}, acting=acting)
    return plan


@transaction.atomic
def sign_plan(*, plan_uuid: UUID, seen_hash: str, acting: Actor) -> StudyPlan:
    """Sign one's plan; it goes to the home institution's registrar, who has two working days."""
    plan = _own_locked(plan_uuid, acting)
    if plan.status != PlanStatus.DRAFTED:
        raise stale("decided-meanwhile")
    _require_as_seen(plan, seen_hash)
    _move(plan, PlanStatus.STUDENT_SIGNED, acting, round=plan.round + 1)
    _approve(plan, PlanParty.STUDENT, acting)
    _move(plan, PlanStatus.HOME_REVIEW, acting, due_on=queries.due_on(), waiting_since_at=clock.now())
    return plan


@transaction.atomic
def approve_plan(*, plan_uuid: UUID, seen_hash: str, acting: Actor) -> StudyPlan:
    """Promise for the home institution that the credit will count; the plan goes to the host's registrar."""
    plan = _locked_for(plan_uuid, acting, PlanStatus.HOME_REVIEW)
    _require_as_seen(plan, seen_hash)
    _approve(plan, PlanParty.HOME, acting)
    _move(plan, PlanStatus.HOME_APPROVED, acting)
    _move(plan, PlanStatus.HOST_PENDING, acting, due_on=queries.due_on(), waiting_since_at=clock.now())
    return plan


@transaction.atomic
def accept_plan(*, plan_uuid: UUID, seen_hash: str, acting: Actor) -> StudyPlan:
    """Accept a student for the host and enrol them in the same transaction; without a seat nothing is written."""
    plan = _locked_for(plan_uuid, acting, PlanStatus.HOST_PENDING)
    _require_as_seen(plan, seen_hash)
    _approve(plan, PlanParty.HOST, acting)
    place = courses.enrol(
        person_uuid=plan.person_uuid, run_uuid=plan.run_uuid, acting=acting, cross_enrolment_uuid=plan.uuid
    )
    _move(plan, PlanStatus.ACCEPTED, acting, enrolment_uuid=place.uuid, due_on=None, waiting_since_at=None)
    return plan


@transaction.atomic
def return_plan(*, plan_uuid: UUID, seen_hash: str, reason_code: str, reason_text: str, acting: Actor) -> StudyPlan:
    """Give a plan back to the student to correct it; whoever's turn it is may."""
    return _decide_against(plan_uuid, seen_hash, PlanStatus.RETURNED, reason_code, reason_text, acting)


@transaction.atomic
def deny_plan(*, plan_uuid: UUID, seen_hash: str, reason_code: str, reason_text: str, acting: Actor) -> StudyPlan:
    """Refuse a plan for good, always with a reason; whoever's turn it is may."""
    return _decide_against(plan_uuid, seen_hash, PlanStatus.DENIED, reason_code, reason_text, acting)


@transaction.atomic
def withdraw_plan(*, plan_uuid: UUID, acting: Actor, reason: str = "") -> StudyPlan:
    """Take one's plan back; with an accepted plan the place in the run is given back too."""
    plan = _own_locked(plan_uuid, acting)
    if plan.status == PlanStatus.ACCEPTED:
        courses.withdraw(person_uuid=plan.person_uuid, run_uuid=plan.run_uuid, acting=acting, reason=reason)
    elif not PLAN_MOVES.allows(PlanStatus(plan.status), PlanStatus.WITHDRAWN):
        raise stale("decided-meanwhile")
    _move(plan, PlanStatus.WITHDRAWN, acting, due_on=None, waiting_since_at=None, reason=reason)
    return plan


def lock_accepted_plan(person_uuid: UUID, run_uuid: UUID) -> StudyPlan | None:
    """Return the accepted plan of a person and run with its row locked, inside the caller's transaction."""
    plans = StudyPlan.objects.select_for_update()
    return plans.filter(person_uuid=person_uuid, run_uuid=run_uuid, status=PlanStatus.ACCEPTED).first()


@transaction.atomic
def complete_plan(*, plan_uuid: UUID, acting: Actor) -> None:
    """Close an accepted plan because its credit has been recognised."""
    plan = StudyPlan.objects.select_for_update().get(uuid=plan_uuid)
    _move(plan, PlanStatus.COMPLETED, acting)


def changed_conditions(plan: StudyPlan) -> list[dict[str, Any]]:
    """Return in words how today's conditions differ from the plan's text."""
    return _lines(queries.changes_since_signed(plan))


def _decide_against(
    plan_uuid: UUID, seen_hash: str, target: PlanStatus, reason_code: str, reason_text: str, acting: Actor
) -> StudyPlan:
    plan = _locked_for(plan_uuid, acting, PlanStatus.HOME_REVIEW, PlanStatus.HOST_PENDING)
    if plan.content_hash != seen_hash:
        raise stale("plan-changed", changes=_changes_since(plan, seen_hash))
    if reason_code not in DECISION_REASONS or not reason_text.strip():
        raise refusal("reason-missing")
    _move(
        plan, target, acting, reason=f"{reason_code}: {reason_text}"[:500], reason_code=reason_code,
        reason_text=reason_text, due_on=None, waiting_since_at=clock.now() if target is PlanStatus.RETURNED else None,
    )  # fmt: skip
    return plan


def _own_locked(plan_uuid: UUID, acting: Actor) -> StudyPlan:
    plan = StudyPlan.objects.select_for_update().filter(uuid=plan_uuid).first()
    if plan is None or plan.person_uuid != acting.person_uuid:
        raise _not_there()
    return plan


def _locked_for(plan_uuid: UUID, acting: Actor, *statuses: PlanStatus) -> StudyPlan:
    """Return the plan with its row locked if it is the acting registrar's turn.

    NotThere for offices that the plan has not reached, NotPermitted while it is the other side's turn, Stale when
    somebody has already decided: two registrars at the same plan meet at the row lock and the second one reads this.
    """
    own = require_registrar(acting)
    plan = StudyPlan.objects.select_for_update().filter(uuid=plan_uuid).first()
    if plan is None or not queries.plans_at(own).filter(pk=plan.pk).exists():
        raise _not_there()
    if acting.person_uuid == plan.person_uuid:
        raise NotPermitted("own-plan", refusal("own-plan").message)
    if plan.status not in statuses:
        raise stale("decided-meanwhile")
    turn = plan.home_uuid if plan.status == PlanStatus.HOME_REVIEW else plan.host_uuid
    if own != turn and PlanStatus.HOME_REVIEW in statuses:  # a colleague at home has already passed it on
        raise stale("decided-meanwhile")
    if own != turn:
        raise NotPermitted("not-your-turn", _("The other institution has to act now."))
    return plan


def _require_as_seen(plan: StudyPlan, seen_hash: str) -> None:
    """Refuse as stale when the plan's text is not the one seen, or when the conditions behind it have changed."""
    if plan.content_hash != seen_hash:
        raise stale("plan-changed", changes=_changes_since(plan, seen_hash))
    changes = queries.changes_since_signed(plan)
    if changes:
        raise stale("conditions-changed", changes=_lines(changes))


def _changes_since(plan: StudyPlan, seen_hash: str) -> list[dict[str, Any]]:
    seen = plan.texts.filter(content_hash=seen_hash).first()
    return _lines(document_changes(seen.document, plan.document)) if seen else []


def _lines(changes: tuple[Change, ...]) -> list[dict[str, Any]]:
    telling = tuple(change for change in changes if change.path not in NOT_SHOWN)
    return change_lines(telling or changes, PLAN_FIELDS)


def _require_counts(found: Preview) -> None:
    if not found.counts:
        why = [str(item.text) for item in found.reasons]
        raise Refusal("does-not-count", why[0], {"reasons": [item.code for item in found.reasons]})


def _conditions(found: Preview, document: dict[str, Any]) -> dict[str, Any]:
    student, agreement, rule = found.facts.student, found.agreement, found.equivalence
    assert student
    assert agreement
    assert rule
    assert found.slot
    return {
        "programme_uuid": student.programme_uuid,
        "slot_uuid": found.slot.uuid,
        "agreement_version": AgreementVersion.objects.get(uuid=agreement.uuid),
        "equivalence": Equivalence.objects.get(uuid=rule.uuid),
        "credit_points_host": found.credit_points_host,
        "credit_points_home": found.credit_points_home,
        "minimum_grade": rule.minimum_grade,
        "document": document,
        "content_hash": content_hash(document),
    }


def _keep_text(plan: StudyPlan) -> None:
    StudyPlanText.objects.get_or_create(
        subject=plan, content_hash=plan.content_hash, defaults={"document": plan.document}
    )


def _approve(plan: StudyPlan, party: PlanParty, acting: Actor) -> None:
    assert acting.person_uuid is not None
    StudyPlanApproval.objects.create(
        plan=plan,
        round=plan.round,
        party=party,
        content_hash=plan.content_hash,
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        happened_at=clock.now(),
    )


def _move(plan: StudyPlan, target: PlanStatus, acting: Actor, *, reason: str = "", **changes: Any) -> None:
    source = plan.status
    move(plan, to=target, table=PLAN_MOVES, acting=acting, reason=reason, **changes)
    payload = {
        "plan_uuid": str(plan.uuid),
        "source": str(source),
        "target": str(target),
        "content_hash": plan.content_hash,
    }
    record(events.PLAN_MOVED, payload, acting=acting)


def _not_there() -> NotThere:
    return NotThere("plan-not-there", _("There is no such study plan."))
