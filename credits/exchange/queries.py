"""Reads for study plans: what will count and why, the plan's document as it would be today, lists for screens."""

import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from courses import api as courses
from courses.data import RunInfo
from credits.agreements import queries as agreements
from credits.agreements.models import AgreementVersion, Equivalence
from credits.agreements.rules import CapScope, Change, EquivalenceKind, document_changes, terms_of
from credits.exchange import rules
from credits.exchange.models import StudyPlan
from credits.exchange.rules import AgreementFacts, EquivalenceFacts, Facts, Preview, RunFacts, StudentFacts
from credits.exchange.states import LIVE, PROMISED, PlanStatus
from credits.exchange.words import reason
from edu.institutions import api as institutions
from edu.institutions.data import SlotInfo
from edu.kernel import clock
from edu.people import api as people

CALENDAR = Path(__file__).with_name("working_days.json")


def preview(person_uuid: UUID, run_uuid: UUID, on: dt.date | None = None) -> Preview:
    """Return what a run would count for a person who enrols on a day (today without one), and why."""
    return preview_beside(person_uuid, courses.run(run_uuid), on or clock.today(), plan=None)


def preview_beside(person_uuid: UUID, run: RunInfo, on: dt.date, *, plan: StudyPlan | None) -> Preview:
    """Return the preview of a run; what `plan` itself promises is not counted against the caps."""
    facts, slot = gather_facts(person_uuid, run, on, except_plan=plan.pk if plan else None)
    counting = rules.count(facts)
    return Preview(
        counts=counting.counts,
        credit_points_host=run.credit_points,
        credit_points_home=counting.conversion.home,
        credit_points_unusable=counting.conversion.unusable,
        slot=slot,
        minimum_grade=facts.equivalence.minimum_grade if facts.equivalence else None,
        reasons=tuple(reason(finding) for finding in counting.findings),
        agreement=_agreement_summary(facts.agreement),
        equivalence=_equivalence_summary(facts.equivalence),
        facts=facts,
    )


def gather_facts(
    person_uuid: UUID, run: RunInfo, on: dt.date, *, except_plan: int | None = None
) -> tuple[Facts, SlotInfo | None]:
    """Return all that decides whether a run counts for a person, and the slot it would land in."""
    run_facts = RunFacts(
        run.uuid, run.course.uuid, run.course.institution_uuid, run.starts_on, run.credit_points, run.open_to_others
    )
    record = people.student_record(person_uuid, None, on)
    if record is None:
        return Facts(None, run_facts, None, None), None
    student = StudentFacts(record.uuid, record.institution_uuid, record.programme_uuid)
    agreement = _agreement_facts(student.home_uuid, run)
    rule, slot = _equivalence_facts(student, run)
    used = _cap_used(agreement, person_uuid, student.home_uuid, run, except_plan)
    return Facts(student, run_facts, agreement, rule, used), slot


def plan_document(plan_uuid: UUID, found: Preview, run: RunInfo, *, note: str) -> dict[str, Any]:
    """Return the canonical document of a plan as the conditions are now; no names of people, only their uuids."""
    student = found.facts.student
    assert student is not None
    assert student.programme_uuid is not None
    programme = institutions.programme(student.programme_uuid)
    conversion = rules.Conversion(found.credit_points_home, found.credit_points_unusable)
    return {
        "type": rules.PLAN_TYPE,
        "version": rules.PLAN_VERSION,
        "plan_uuid": str(plan_uuid),
        "student_record_uuid": str(student.record_uuid),
        "home_uuid": str(student.home_uuid),
        "host_uuid": str(run.course.institution_uuid),
        "programme": {"uuid": str(programme.uuid), "code": programme.code, "plan_version": programme.plan_version},
        "course": {"uuid": str(run.course.uuid), "code": run.course.code, "name_zh": run.course.name_zh},
        "run": {
            "uuid": str(run.uuid),
            "code": run.code,
            "starts_on": run.starts_on.isoformat(),
            "ends_on": run.ends_on.isoformat(),
            "contact_hours": str(run.contact_hours),
        },
        "note": note,
    } | rules.plan_conditions(found.facts, conversion, counts=found.counts)


def document_today(plan: StudyPlan) -> tuple[dict[str, Any], Preview]:
    """Return the document that a plan would have if it were written now, and the preview behind it."""
    run = courses.run(plan.run_uuid)
    found = preview_beside(plan.person_uuid, run, clock.today(), plan=plan)
    student = found.facts.student
    if student is None or student.programme_uuid is None:  # no longer a student there: nothing of the promise is left
        return {**plan.document, "counts": "no"}, found
    return plan_document(plan.uuid, found, run, note=plan.note), found


def changes_since_signed(plan: StudyPlan) -> tuple[Change, ...]:
    """Return how today's conditions differ from the plan's text; empty when nothing changed."""
    today, _found = document_today(plan)
    return document_changes(plan.document, today)


def live_plan(person_uuid: UUID, run_uuid: UUID) -> StudyPlan | None:
    """Return the plan that stands for a person and run, if any."""
    return StudyPlan.objects.filter(person_uuid=person_uuid, run_uuid=run_uuid, status__in=LIVE).first()


def plans_of(person_uuid: UUID) -> QuerySet[StudyPlan]:
    """Return a person's plans, newest first."""
    return StudyPlan.objects.filter(person_uuid=person_uuid)


def plans_at(institution_uuid: UUID) -> QuerySet[StudyPlan]:
    """Return the plans a registrar's office may see: of its own students, and those that reached it as host."""
    reached_host = Q(host_uuid=institution_uuid, approvals__party="home")
    return StudyPlan.objects.filter(
        Q(home_uuid=institution_uuid, round__gt=0) | Q(pk__in=StudyPlan.objects.filter(reached_host).values("pk"))
    )


def waiting_for(institution_uuid: UUID) -> QuerySet[StudyPlan]:
    """Return the plans on which this registrar's office has to act, longest waiting first."""
    return StudyPlan.objects.filter(
        Q(home_uuid=institution_uuid, status=PlanStatus.HOME_REVIEW)
        | Q(host_uuid=institution_uuid, status=PlanStatus.HOST_PENDING)
    ).order_by("waiting_since_at", "id")


@lru_cache(maxsize=1)
def working_days() -> rules.WorkingDays:
    """Return the calendar of working days; the file says where its dates are from and which years it knows."""
    data = json.loads(CALENDAR.read_text(encoding="utf-8"))
    return rules.WorkingDays(_dates(data["holidays"]), _dates(data["working_weekends"]))


def due_on(working: int = rules.DECISION_WORKING_DAYS) -> dt.date:
    """Return the day by which somebody who has to act from today on should have acted."""
    return working_days().after(clock.today(), working)


def _dates(texts: Iterable[str]) -> frozenset[dt.date]:
    return frozenset(map(dt.date.fromisoformat, texts))


def _agreement_facts(home_uuid: UUID, run: RunInfo) -> AgreementFacts | None:
    host_uuid = run.course.institution_uuid
    if home_uuid == host_uuid:
        return None
    version = agreements.version_in_force(home_uuid, host_uuid, run.starts_on)
    if version:
        return _agreement_values(version, covers_term=True)
    other = agreements.any_version_in_force(home_uuid, host_uuid)
    return _agreement_values(other, covers_term=False) if other else None


def _agreement_values(version: AgreementVersion, *, covers_term: bool) -> AgreementFacts:
    return AgreementFacts(
        uuid=version.uuid,
        number=version.agreement.number,
        edition=version.edition,
        content_hash=version.content_hash,
        terms=terms_of(version.document),
        covers_term=covers_term,
    )


def _equivalence_facts(student: StudentFacts, run: RunInfo) -> tuple[EquivalenceFacts | None, SlotInfo | None]:
    if student.programme_uuid is None:
        return None, None
    rule = agreements.deciding_rule(
        course_uuid=run.course.uuid, programme_uuid=student.programme_uuid, taken_on=run.starts_on
    )
    if rule is None:
        return None, None
    slot = institutions.slot(rule.slot_uuid)
    return equivalence_values(rule, slot), slot


def equivalence_values(rule: Equivalence, slot: SlotInfo) -> EquivalenceFacts:
    """Return a rule and its slot as the facts that decide."""
    return EquivalenceFacts(
        uuid=rule.uuid,
        edition=rule.edition,
        content_hash=rule.content_hash,
        kind=EquivalenceKind(rule.kind),
        ratio=rule.ratio,
        minimum_grade=rule.minimum_grade,
        valid_from_on=rule.valid_from_on,
        valid_to_on=rule.valid_to_on,
        reason=rule.reason,
        slot_uuid=slot.uuid,
        slot_code=slot.code,
        slot_zh=slot.name_zh,
        slot_en=slot.name_en,
        slot_credit_points_max=slot.credit_points_max,
    )


def _cap_used(
    agreement: AgreementFacts | None, person_uuid: UUID, home_uuid: UUID, run: RunInfo, except_plan: int | None
) -> dict[CapScope, Decimal]:
    """Return the home credit that other plans under the agreement promise, for the scopes that have a cap."""
    scopes = {cap.scope for cap in agreement.terms.caps} if agreement else set()
    promised = StudyPlan.objects.filter(
        person_uuid=person_uuid, home_uuid=home_uuid, host_uuid=run.course.institution_uuid, status__in=PROMISED
    ).exclude(pk=except_plan or 0)
    used = {}
    if CapScope.PROGRAMME in scopes:
        used[CapScope.PROGRAMME] = _sum(promised)
    if CapScope.TERM in scopes:
        used[CapScope.TERM] = _sum(promised.filter(run_starts_on__range=_term_around(home_uuid, run.starts_on)))
    return used


def _sum(plans: QuerySet[StudyPlan]) -> Decimal:
    return plans.aggregate(total=Sum("credit_points_home"))["total"] or rules.NOUGHT


def _term_around(home_uuid: UUID, day: dt.date) -> tuple[dt.date, dt.date]:
    """Return first and last day of the home term of a day; where no term is known, of the calendar's half-year."""
    term = institutions.current_term(home_uuid, day)
    if term:
        return term.starts_on, term.ends_on
    if day.month < 7:
        return dt.date(day.year, 1, 1), dt.date(day.year, 6, 30)
    return dt.date(day.year, 7, 1), dt.date(day.year, 12, 31)


def _agreement_summary(facts: AgreementFacts | None) -> rules.AgreementSummary | None:
    if facts is None:
        return None
    terms = facts.terms
    return rules.AgreementSummary(
        facts.uuid, facts.number, facts.edition, terms.valid_from_on, terms.valid_to_on,
        terms.source.text, terms.source.url,
    )  # fmt: skip


def _equivalence_summary(facts: EquivalenceFacts | None) -> rules.EquivalenceSummary | None:
    if facts is None:
        return None
    return rules.EquivalenceSummary(
        facts.uuid, facts.edition, facts.kind, facts.ratio, facts.minimum_grade, facts.valid_from_on, facts.valid_to_on
    )
