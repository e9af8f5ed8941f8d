"""Reads for recognition: what was achieved, what may be recognised, cases for screens."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from courses import api as courses
from credits.agreements import queries as agreements
from credits.agreements.models import AgreementVersion, Equivalence
from credits.agreements.rules import EquivalenceKind, terms_of
from credits.data import LotInfo
from credits.exchange.models import StudyPlan
from credits.exchange.rules import Conversion
from credits.ledger import queries as ledger
from credits.recognition import rules
from credits.recognition.models import RecognitionCase, RecognitionDecision
from credits.recognition.rules import Achievement, GradeTable
from credits.recognition.states import OPEN, POSTED, CaseStatus
from edu.institutions import api as institutions
from edu.institutions.data import SlotInfo
from edu.kernel import clock
from edu.kernel.canonical import content_hash
from edu.people import api as people

TABLES = Path(__file__).with_name("grade_tables.json")
CREDIT_POINTS = "credit_points"
RESULT = "result"  # the source of a lot that a host certified
STILL_OR_POSTED = OPEN | POSTED


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The agreement version and the rule that hold for a case without a plan; either may be missing."""

    agreement: AgreementVersion | None
    equivalence: Equivalence | None
    full: Conversion


@lru_cache(maxsize=1)
def grade_tables() -> tuple[GradeTable, ...]:
    """Return the grade tables that come with the project."""
    return tuple(rules.table_from(row) for row in json.loads(TABLES.read_text(encoding="utf-8")))


def grade_table(scale: str, on: dt.date) -> GradeTable | None:
    """Return the table of a home scale on a day."""
    return rules.table_for(grade_tables(), scale or rules.DEFAULT_SCALE, on)


def achievement(lot: LotInfo) -> Achievement:
    """Return what a lot stands for, with the result behind it."""
    result = courses.result(lot.source.uuid)
    return Achievement(lot.amount, result.score, result.grade, result.scale, result.passed)


def rules_for(case: RecognitionCase, lot: LotInfo) -> RulesInForce:
    """Return agreement and rule that decide a case by the term in which the course was taken.

    With a plan its own promise holds, whatever has changed since. A rule for another slot than the one asked for,
    or one that says "none", leaves the decision to the registrar.
    """
    if case.plan:
        return _rules_of_plan(case, case.plan, lot)
    run = courses.run(case.run_uuid)
    version = agreements.version_in_force(case.home_uuid, case.host_uuid, run.starts_on)
    rule = agreements.deciding_rule(
        course_uuid=run.course.uuid, programme_uuid=case.programme_uuid, taken_on=run.starts_on
    )
    if rule and (rule.slot_uuid != case.slot_uuid or rule.kind == EquivalenceKind.NONE):
        rule = None
    full = rules.full_conversion(
        lot.amount,
        ratio=rule.ratio if rule else None,
        step=terms_of(version.document).rounding_step if version else None,
        slot_max=institutions.slot(case.slot_uuid).credit_points_max,
    )
    return RulesInForce(version, rule, full)


def _rules_of_plan(case: RecognitionCase, plan: StudyPlan, lot: LotInfo) -> RulesInForce:
    promise = plan.document["conversion"]
    if lot.amount == plan.credit_points_host:
        full = rules.promised_conversion(promise)
    else:
        full = rules.full_conversion(
            lot.amount,
            ratio=plan.equivalence.ratio,
            step=terms_of(plan.agreement_version.document).rounding_step,
            slot_max=institutions.slot(case.slot_uuid).credit_points_max,
        )
    return RulesInForce(plan.agreement_version, plan.equivalence, full)


def case_hash(case: RecognitionCase, achieved: Achievement) -> str:
    """Return the hash of what a registrar sees of a case; a decision names it."""
    return content_hash(
        rules.case_document(
            uuid=str(case.uuid),
            slot_uuid=str(case.slot_uuid),
            lot_uuid=str(case.lot_uuid),
            request=case.request_text,
            evidence=case.evidence.values_list("content_hash", flat=True),
            achieved=achieved,
        )
    )


def lots_to_apply_with(person_uuid: UUID) -> tuple[LotInfo, ...]:
    """Return the lots for which a student may apply: certified by another institution, free, without an open case."""
    record = people.student_record(person_uuid)
    if record is None:
        return ()
    taken = set(
        RecognitionCase.objects.filter(person_uuid=person_uuid, status__in=STILL_OR_POSTED).values_list(
            "lot_uuid", flat=True
        )
    )
    return tuple(
        lot
        for lot in ledger.lots_of(person_uuid)
        if lot.source.kind == RESULT
        and lot.unit == CREDIT_POINTS
        and lot.issuer_uuid != record.institution_uuid
        and lot.uuid not in taken
        and lot.amount_in("available") > 0
    )


def slots_of_student(person_uuid: UUID) -> tuple[SlotInfo, ...]:
    """Return the slots of the programme in which a person studies today; empty without one."""
    record = people.student_record(person_uuid)
    if record is None or record.programme_uuid is None:
        return ()
    return institutions.programme(record.programme_uuid).slots


def cases_of(person_uuid: UUID) -> QuerySet[RecognitionCase]:
    """Return a person's cases, newest first."""
    return RecognitionCase.objects.filter(person_uuid=person_uuid)


def cases_at(home_uuid: UUID) -> QuerySet[RecognitionCase]:
    """Return the cases a registrar's office may see; drafts belong to the student alone."""
    return RecognitionCase.objects.filter(home_uuid=home_uuid).exclude(
        status__in=[CaseStatus.DRAFTED], waiting_since_at__isnull=True
    )


def decisions_of(person_uuid: UUID) -> QuerySet[RecognitionDecision]:
    """Return the decisions about a person that posted credit, newest first."""
    return RecognitionDecision.objects.filter(person_uuid=person_uuid, recognised_lot_uuid__isnull=False).order_by(
        "-id"
    )


def recognition(uuid: UUID) -> RecognitionDecision | None:
    """Return a decision by its uuid, or None."""
    return RecognitionDecision.objects.select_related("case").filter(uuid=uuid).first()


def rule_documents(case: RecognitionCase, found: RulesInForce) -> dict[str, Any]:
    """Return the documents of the rules for a case's snapshot: the plan's own promise where there is a plan."""
    if case.plan:
        return {
            "basis": "plan",
            "plan": case.plan.document,
            "agreement": case.plan.agreement_version.document,
            "equivalence": case.plan.equivalence.document,
        }
    return {
        "basis": "rule" if found.equivalence else "registrar",
        "plan": {},
        "agreement": found.agreement.document if found.agreement else {},
        "equivalence": found.equivalence.document if found.equivalence else {},
    }


def home_scale(case: RecognitionCase, found: RulesInForce) -> str:
    """Return the scale into which the grade converts: the agreement's, or the default."""
    version = case.plan.agreement_version if case.plan else found.agreement
    return terms_of(version.document).grade_scale if version else rules.DEFAULT_SCALE


def today_table(scale: str) -> GradeTable | None:
    """Return the grade table of a scale that holds today."""
    return grade_table(scale, clock.today())
