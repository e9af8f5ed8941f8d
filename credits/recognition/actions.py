"""Recognising credit: by an accepted plan without anybody's help, or by a registrar's decision in a case.

A decision and its postings are one transaction; a lot is reserved while a case is open and released when it is refused.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits import events
from credits.agreements.actions import begin_history, require_registrar
from credits.agreements.locks import one_at_a_time
from credits.data import LotInfo
from credits.exchange import actions as exchange
from credits.exchange.models import StudyPlan
from credits.exchange.queries import due_on
from credits.exchange.rules import NOUGHT, Conversion
from credits.ledger import actions as ledger
from credits.ledger import queries as ledger_queries
from credits.recognition import queries, rules
from credits.recognition.models import CaseOrigin, RecognitionCase, RecognitionDecision
from credits.recognition.rules import Achievement, Ruling
from credits.recognition.states import CASE_MOVES, DECIDED_AS, CaseStatus, Outcome
from credits.recognition.words import DECISION_REASONS, refusal, stale
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.canonical import content_hash
from edu.kernel.errors import NotPermitted, NotThere

POSTS = frozenset({Outcome.RECOGNISE, Outcome.PARTIAL})
HISTORY_REASON_LENGTH_MAX = 500  # the column of every history table


@transaction.atomic
def recognise_by_plan(
    *, lot_uuid: UUID, run_uuid: UUID, person_uuid: UUID, acting: Actor = SYSTEM
) -> RecognitionCase | None:
    """Recognise a fresh lot when an accepted plan's conditions are met; open a case for the registrar when not.

    None without an accepted plan (the student may apply). Safe to run twice: a lot that already has a case stays
    as it is. The plan's row is locked, so two deliveries meet here.
    """
    plan = exchange.lock_accepted_plan(person_uuid, run_uuid)
    if plan is None:
        return None
    one_at_a_time("recognition", lot_uuid)  # an application for the same lot may be written at this moment
    if already := RecognitionCase.objects.filter(lot_uuid=lot_uuid, home_uuid=plan.home_uuid).first():
        return already
    lot = ledger_queries.lot(lot_uuid)
    if lot.unit != queries.CREDIT_POINTS:
        return None  # contact hours are proof of training, not credit of a programme
    achieved = queries.achievement(lot)
    case = _case_for_plan(plan, lot, acting)
    _reserve(case, acting)
    findings = rules.unmet(plan.document["conversion"], achieved)
    if findings:
        RecognitionCase.objects.filter(pk=case.pk).update(
            findings=[{"code": finding.code, "values": dict(finding.values)} for finding in findings]
        )
        _to_review(case, acting, reason=", ".join(finding.code for finding in findings))
        return case
    ruling = Ruling(Outcome.RECOGNISE, "plan-met", "", None)
    conversion = rules.promised_conversion(plan.document["conversion"])
    _decide(case, ruling, conversion, achieved, lot, acting)
    exchange.complete_plan(plan_uuid=plan.uuid, acting=acting)
    return case


@transaction.atomic
def decide_case(
    *,
    case_uuid: UUID,
    seen_hash: str,
    outcome: str,
    reason_code: str,
    acting: Actor,
    reason_text: str = "",
    credit_points: Decimal | None = None,
) -> RecognitionCase:
    """Decide a case as the home registrar: recognise, partial (with `credit_points`), return or refuse.

    Stale when the case is no longer what was seen or a colleague decided first; a refusal releases the lot.
    """
    case = _locked_for_registrar(case_uuid, acting)
    lot = ledger_queries.lot(case.lot_uuid)
    achieved = queries.achievement(lot)
    if queries.case_hash(case, achieved) != seen_hash:
        raise stale("case-changed")
    found = queries.rules_for(case, lot)
    ruling = Ruling(Outcome(outcome), reason_code, reason_text, credit_points)
    if fault := rules.fault_of_ruling(ruling, found.full, DECISION_REASONS):
        raise refusal(fault)
    _decide(case, ruling, _conversion(ruling, lot, found.full), achieved, lot, acting)
    if case.plan and ruling.outcome in POSTS:
        exchange.complete_plan(plan_uuid=case.plan.uuid, acting=acting)
    return case


def _conversion(ruling: Ruling, lot: LotInfo, full: Conversion) -> Conversion:
    if ruling.outcome is Outcome.PARTIAL:
        assert ruling.credit_points is not None
        return rules.partial_conversion(lot.amount, full, ruling.credit_points)
    return full if ruling.outcome is Outcome.RECOGNISE else Conversion(NOUGHT, lot.amount)


def _decide(
    case: RecognitionCase,
    ruling: Ruling,
    conversion: Conversion,
    achieved: Achievement,
    lot: LotInfo,
    acting: Actor,
) -> RecognitionDecision:
    """Write the decision with its rule snapshot, post it or release the lot, move the case, tell the others."""
    decision = _write_decision(case, ruling, conversion, achieved, acting)
    posts = ruling.outcome in POSTS
    _move(
        case, DECIDED_AS[ruling.outcome], acting, reason=f"{ruling.reason_code}: {ruling.reason_text}",
        due_on=None, waiting_since_at=clock.now() if ruling.outcome is Outcome.RETURN else case.waiting_since_at,
        reserved=case.reserved and ruling.outcome is Outcome.RETURN,
    )  # fmt: skip
    if posts:
        record(
            events.RECOGNITION_POSTED,
            {"recognition_uuid": str(decision.uuid), "lot_uuid": str(lot.uuid), "person_uuid": str(case.person_uuid)},
            acting=acting,
        )
    elif ruling.outcome is Outcome.REFUSE:
        ledger.release(lot_uuid=lot.uuid, application_uuid=case.uuid, acting=acting)
    return decision


def _write_decision(
    case: RecognitionCase, ruling: Ruling, conversion: Conversion, achieved: Achievement, acting: Actor
) -> RecognitionDecision:
    found = queries.rules_for(case, ledger_queries.lot(case.lot_uuid))
    posts = ruling.outcome in POSTS
    table = queries.today_table(queries.home_scale(case, found)) if posts else None
    grade = table.grade(achieved.score) if table and achieved.score is not None else ""
    document = rules.rules_document(
        **queries.rule_documents(case, found), table=table, achieved=achieved, conversion=conversion, grade=grade
    )
    uuid, rule_hash = uuid4(), content_hash(document)
    recognised = _post(case, conversion, uuid, rule_hash, achieved, grade, acting) if posts else None
    return RecognitionDecision.objects.create(
        uuid=uuid,
        case=case,
        outcome=ruling.outcome,
        automatic=acting.is_system,
        reason_code=ruling.reason_code,
        reason_text=ruling.reason_text,
        lot_uuid=case.lot_uuid,
        recognised_lot_uuid=recognised,
        person_uuid=case.person_uuid,
        home_uuid=case.home_uuid,
        programme_uuid=case.programme_uuid,
        slot_uuid=case.slot_uuid,
        credit_points_original=achieved.credit_points,
        credit_points_recognised=conversion.home if posts else NOUGHT,
        credit_points_unusable=conversion.unusable if posts else NOUGHT,
        score="" if achieved.score is None else str(achieved.score),
        grade_original=achieved.grade,
        scale_original=achieved.scale,
        grade_converted=grade,
        scale_converted=table.scale if table else "",
        rule_document=document,
        rule_hash=rule_hash,
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        happened_at=clock.now(),
    )


def _post(
    case: RecognitionCase, conversion: Conversion, decision_uuid: UUID, rule_hash: str, achieved: Achievement,
    grade: str, acting: Actor,
) -> UUID | None:  # fmt: skip
    """Post the recognition; the new lot keeps original and converted grade among its facts."""
    posted = ledger.recognise(
        lot_uuid=case.lot_uuid,
        home_uuid=case.home_uuid,
        programme_uuid=case.programme_uuid,
        slot_uuid=case.slot_uuid,
        converted_amount=conversion.home,
        unusable_amount=conversion.unusable,
        rule_hash=rule_hash,
        decision_uuid=decision_uuid,
        acting=acting,
        application_uuid=case.uuid,
        facts={
            "case_number": case.number,
            "score_original": "" if achieved.score is None else str(achieved.score),
            "grade_original": achieved.grade,
            "scale_original": achieved.scale,
            "grade": grade,
        },
    )
    return posted.recognised_lot.uuid if posted.recognised_lot else None


def _case_for_plan(plan: StudyPlan, lot: LotInfo, acting: Actor) -> RecognitionCase:
    return begin_case(
        acting,
        CaseStatus.SUBMITTED,
        origin=CaseOrigin.PLAN,
        plan=plan,
        person_uuid=plan.person_uuid,
        student_record_uuid=plan.student_record_uuid,
        home_uuid=plan.home_uuid,
        host_uuid=plan.host_uuid,
        programme_uuid=plan.programme_uuid,
        slot_uuid=plan.slot_uuid,
        lot_uuid=lot.uuid,
        result_uuid=lot.source.uuid,
        run_uuid=plan.run_uuid,
        credit_points_host=lot.amount,
        waiting_since_at=clock.now(),
    )


def begin_case(acting: Actor, status: CaseStatus, **columns: Any) -> RecognitionCase:
    """Write a new case with its number, first history row and event; inside the caller's transaction."""
    case = RecognitionCase.objects.create(status=status, number=uuid4().hex[:20], created_at=clock.now(), **columns)
    case.number = f"RD{clock.today():%Y%m%d}-{case.pk:04d}"
    RecognitionCase.objects.filter(pk=case.pk).update(number=case.number)
    begin_history(case, status, acting)
    record(events.CASE_MOVED, {"case_uuid": str(case.uuid), "source": "", "target": str(status)}, acting=acting)
    return case


def submit_case(case: RecognitionCase, acting: Actor) -> None:
    """Reserve the lot and hand a locked case to the registrar; inside the caller's transaction."""
    _move(case, CaseStatus.SUBMITTED, acting, waiting_since_at=clock.now())
    _reserve(case, acting)
    _to_review(case, acting)


def close_withdrawn(case: RecognitionCase, acting: Actor) -> None:
    """Withdraw a locked case and give its lot back; inside the caller's transaction."""
    reserved = case.reserved
    _move(case, CaseStatus.WITHDRAWN, acting, due_on=None, reserved=False)
    if reserved:
        ledger.release(lot_uuid=case.lot_uuid, application_uuid=case.uuid, acting=acting)


def _reserve(case: RecognitionCase, acting: Actor) -> None:
    ledger.reserve(lot_uuid=case.lot_uuid, application_uuid=case.uuid, acting=acting)
    RecognitionCase.objects.filter(pk=case.pk).update(reserved=True)
    case.reserved = True


def _to_review(case: RecognitionCase, acting: Actor, reason: str = "") -> None:
    _move(case, CaseStatus.IN_REVIEW, acting, reason=reason, due_on=due_on(rules.REVIEW_WORKING_DAYS))


def _locked_for_registrar(case_uuid: UUID, acting: Actor) -> RecognitionCase:
    own = require_registrar(acting)
    case = (
        RecognitionCase.objects.select_for_update(of=("self",))
        .select_related("plan__agreement_version", "plan__equivalence")
        .filter(uuid=case_uuid, home_uuid=own)
        .first()
    )
    if case is None or case.status == CaseStatus.DRAFTED:
        raise NotThere("case-not-there", _("There is no such case."))
    if acting.person_uuid == case.person_uuid:
        raise NotPermitted("own-case", refusal("own-case").message)
    if case.status != CaseStatus.IN_REVIEW:
        raise stale("decided-meanwhile")
    return case


def _move(case: RecognitionCase, target: CaseStatus, acting: Actor, *, reason: str = "", **changes: Any) -> None:
    source = case.status
    move(
        case,
        to=target,
        table=CASE_MOVES,
        acting=acting,
        reason=reason.strip(": ")[:HISTORY_REASON_LENGTH_MAX],
        **changes,
    )
    payload = {"case_uuid": str(case.uuid), "source": str(source), "target": str(target)}
    record(events.CASE_MOVED, payload, acting=acting)
