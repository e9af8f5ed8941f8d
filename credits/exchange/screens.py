"""What the pages on study plans show."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from courses import api as courses
from courses.data import RunInfo
from credits.agreements.screens import language, timeline
from credits.exchange import queries
from credits.exchange.models import StudyPlan
from credits.exchange.rules import Preview
from credits.exchange.states import PLAN_MOVES, PlanStatus
from credits.exchange.words import DECISION_REASONS, PLAN_WORDS
from edu.design import formats
from edu.design.values import ComparisonLine, SummaryRow
from edu.institutions import api as institutions
from edu.institutions.data import InstitutionInfo, SlotInfo
from edu.kernel import clock
from edu.people import api as people

STUDENT_ACTS = frozenset({PlanStatus.DRAFTED, PlanStatus.RETURNED})


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan as a list shows it, names in the active language."""

    plan: StudyPlan
    tone: str
    word: Any
    student: str
    course: str
    run: RunInfo
    home: str
    host: str
    slot: str
    acts: str  # whose turn it is; empty when nobody has to act
    waiting_days: int | None
    late: bool


def plan_rows(plans: Iterable[StudyPlan]) -> list[PlanRow]:
    """Return plans as lines of a list; the number of queries does not depend on how many there are."""
    listed = list(plans)
    names = institutions.institutions({p.home_uuid for p in listed} | {p.host_uuid for p in listed})
    persons = people.persons(p.person_uuid for p in listed)
    runs = courses.runs([p.run_uuid for p in listed])
    programmes = institutions.programmes(p.programme_uuid for p in listed).values()
    slots = {slot.uuid: slot for programme in programmes for slot in programme.slots}
    return [_row(p, names, persons[p.person_uuid].name, runs[p.run_uuid], slots[p.slot_uuid]) for p in listed]


def _row(plan: StudyPlan, names: dict[UUID, InstitutionInfo], student: str, run: RunInfo, slot: SlotInfo) -> PlanRow:
    tone, word = PLAN_WORDS[PlanStatus(plan.status)]
    home, host = names[plan.home_uuid].name(language()), names[plan.host_uuid].name(language())
    waited = (clock.now() - plan.waiting_since_at).days if plan.waiting_since_at else None
    return PlanRow(
        plan=plan,
        tone=tone,
        word=word,
        student=student,
        course=run.course.name(language()),
        run=run,
        home=home,
        host=host,
        slot=slot.name(language()),
        acts=_who_acts(plan, home, host),
        waiting_days=waited,
        late=bool(plan.due_on and plan.due_on < clock.today()),
    )


def _who_acts(plan: StudyPlan, home: str, host: str) -> str:
    if plan.status in STUDENT_ACTS:
        return _("The student")
    if plan.status == PlanStatus.HOME_REVIEW:
        return _("Registrar's Office of %(institution)s") % {"institution": home}
    if plan.status == PlanStatus.HOST_PENDING:
        return _("Registrar's Office of %(institution)s") % {"institution": host}
    return ""


def plan_page(plan: StudyPlan) -> dict[str, Any]:
    """Return what student and registrars see of one plan."""
    row = plan_rows([plan])[0]
    return {
        "plan": plan,
        "row": row,
        "comparison": comparison(plan, row),
        "facts": plan_summary(plan, row),
        "reason": DECISION_REASONS.get(plan.reason_code, ""),
        "source": plan.agreement_version.document["source"],
        "timeline": timeline(plan.moves.all(), lambda code: PLAN_WORDS[PlanStatus(code)][1], DECISION_REASONS),
        "may_withdraw": PLAN_MOVES.allows(PlanStatus(plan.status), PlanStatus.WITHDRAWN),
        "may_edit": plan.status in STUDENT_ACTS,
    }


def plan_summary(plan: StudyPlan, row: PlanRow) -> list[SummaryRow]:
    """Return the promise as lines: what is taken, what it becomes, on which rule and agreement."""
    said = plan.document
    return [
        SummaryRow(_("Course"), row.course),
        SummaryRow(_("Host institution"), row.host),
        SummaryRow(_("Term"), f"{formats.table_day(row.run.starts_on)} – {formats.table_day(row.run.ends_on)}"),
        SummaryRow(_("Host credits"), formats.points_with_unit(plan.credit_points_host)),
        SummaryRow(_("Counts at home as"), f"{formats.points_with_unit(plan.credit_points_home)} · {row.slot}"),
        SummaryRow(_("Minimum grade"), f"{plan.minimum_grade.normalize():f}"),
        SummaryRow(
            _("Agreement"),
            _("%(number)s, version %(edition)s")
            % {"number": said["agreement"]["number"], "edition": said["agreement"]["edition"]},
        ),
        SummaryRow(_("Legal source"), said["agreement"]["source"]),
        SummaryRow(_("Remark"), plan.note or _("None")),
    ]


def comparison(plan: StudyPlan, row: PlanRow) -> list[ComparisonLine]:
    """Return host course and home slot line by line, with what differs in words."""
    terms = plan.agreement_version.document
    hours_home = plan.credit_points_home * Decimal(terms["hours_per_credit"])
    hours_differ = row.run.contact_hours != hours_home
    credits_differ = plan.credit_points_host != plan.credit_points_home
    return [
        ComparisonLine(_("Course and slot"), row.course, row.slot),
        ComparisonLine(_("Institution"), row.host, row.home),
        ComparisonLine(
            _("Credits"),
            formats.points(plan.credit_points_host),
            formats.points(plan.credit_points_home),
            credits_differ,
            _difference(plan.credit_points_home - plan.credit_points_host) if credits_differ else "",
        ),
        ComparisonLine(
            _("Contact hours"),
            formats.points(row.run.contact_hours),
            formats.points(hours_home),
            hours_differ,
            _difference(hours_home - row.run.contact_hours) if hours_differ else "",
        ),
        ComparisonLine(_("Course code, slot code"), row.run.course.code, plan.document["equivalence"]["slot_code"]),
        ComparisonLine(_("Minimum grade"), f"{plan.minimum_grade.normalize():f}", ""),
        ComparisonLine(_("Begins on"), formats.table_day(row.run.starts_on), ""),
    ]


def _difference(amount: Decimal) -> str:
    if amount > 0:
        return _("%(amount)s more") % {"amount": formats.points(amount)}
    return _("%(amount)s fewer") % {"amount": formats.points(-amount)}


def panel_context(found: Preview, run: RunInfo, person_uuid: UUID | None) -> dict[str, Any]:
    """Return what the course page's panel shows: the outcome, the reasons, and the one next step."""
    plan = queries.live_plan(person_uuid, run.uuid) if person_uuid else None
    return {
        "preview": found,
        "run": run,
        "course_name": run.course.name(language()),
        "slot_name": found.slot.name(language()) if found.slot else "",
        "plan": plan,
        "plan_tag": PLAN_WORDS[PlanStatus(plan.status)] if plan else None,
    }
