"""What the pages on recognition show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from courses import api as courses
from courses.data import RunInfo
from credits.agreements.rules import terms_of
from credits.agreements.screens import language, timeline
from credits.data import LotInfo
from credits.ledger import queries as ledger
from credits.recognition import queries
from credits.recognition.models import RecognitionCase, RecognitionDecision
from credits.recognition.queries import RulesInForce
from credits.recognition.rules import Achievement
from credits.recognition.states import CASE_MOVES, CaseStatus, Outcome
from credits.recognition.words import APPEAL, BASIS_WORDS, CASE_WORDS, DECISION_REASONS, finding_text, grade_text
from edu.design import formats
from edu.design.values import ComparisonLine, SummaryRow
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.people import api as people

WITH_STUDENT = frozenset({CaseStatus.DRAFTED, CaseStatus.RETURNED})
DECIDED = frozenset({CaseStatus.RECOGNISED, CaseStatus.PARTLY_RECOGNISED, CaseStatus.NOT_RECOGNISED})


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as a list shows it, names in the active language."""

    case: RecognitionCase
    tone: str
    word: Any
    student: str
    course: str
    run: RunInfo
    home: str
    host: str
    slot: str
    waiting_days: int | None
    late: bool


def case_rows(cases: Iterable[RecognitionCase]) -> list[CaseRow]:
    """Return cases as lines of a list; the number of queries does not depend on how many there are."""
    listed = list(cases)
    names = institutions.institutions({c.home_uuid for c in listed} | {c.host_uuid for c in listed})
    persons = people.persons(c.person_uuid for c in listed)
    runs = courses.runs([c.run_uuid for c in listed])
    programmes = institutions.programmes(c.programme_uuid for c in listed).values()
    slots = {slot.uuid: slot.name(language()) for programme in programmes for slot in programme.slots}
    rows = []
    for case in listed:
        tone, word = CASE_WORDS[CaseStatus(case.status)]
        waits = case.waiting_since_at if case.status in {CaseStatus.IN_REVIEW, CaseStatus.RETURNED} else None
        rows.append(
            CaseRow(
                case=case,
                tone=tone,
                word=word,
                student=persons[case.person_uuid].name,
                course=runs[case.run_uuid].course.name(language()),
                run=runs[case.run_uuid],
                home=names[case.home_uuid].name(language()),
                host=names[case.host_uuid].name(language()),
                slot=slots[case.slot_uuid],
                waiting_days=(clock.now() - waits).days if waits else None,
                late=bool(case.due_on and case.due_on < clock.today()),
            )
        )
    return rows


def case_page(case: RecognitionCase) -> dict[str, Any]:
    """Return what student and registrar see of one case."""
    row = case_rows([case])[0]
    lot = ledger.lot(case.lot_uuid)
    achieved = queries.achievement(lot)
    found = queries.rules_for(case, lot)
    decision = case.decisions.last()
    return {
        "case": case,
        "row": row,
        "lot": lot,
        "achieved": achieved,
        "facts": _facts(case, row, achieved),
        "comparison": _comparison(case, row, achieved, found),
        "findings": [finding_text(finding) for finding in case.findings],
        "evidence": case.evidence.all(),
        "decision": decision,
        "decided": decision_rows(decision, row) if decision else [],
        "reason": DECISION_REASONS.get(decision.reason_code, "") if decision else "",
        "appeal": APPEAL if case.status == CaseStatus.NOT_RECOGNISED else "",
        "full": found.full.home,
        "seen_hash": queries.case_hash(case, achieved),
        "timeline": timeline(case.moves.all(), lambda code: CASE_WORDS[CaseStatus(code)][1], DECISION_REASONS),
        "with_student": case.status in WITH_STUDENT,
        "may_withdraw": CASE_MOVES.allows(CaseStatus(case.status), CaseStatus.WITHDRAWN),
    }


def _facts(case: RecognitionCase, row: CaseRow, achieved: Achievement) -> list[SummaryRow]:
    return [
        SummaryRow(_("Course"), row.course),
        SummaryRow(_("Host institution"), row.host),
        SummaryRow(_("Host credits"), formats.points_with_unit(case.credit_points_host)),
        SummaryRow(_("Grade at the host"), grade_text(achieved.grade, achieved.scale)),
        SummaryRow(_("To count as"), row.slot),
        SummaryRow(_("Why it fits"), case.request_text or _("By the study plan") if case.plan else case.request_text),
    ]


def decision_rows(decision: RecognitionDecision, row: CaseRow) -> list[SummaryRow]:
    """Return a decision as lines: original and converted side by side, the rule, who decided."""
    document = decision.rule_document
    rows = [SummaryRow(_("Decided on"), formats.table_moment(decision.happened_at))]
    if decision.outcome in {Outcome.RECOGNISE, Outcome.PARTIAL}:
        rows += [
            SummaryRow(_("Original"), _original(decision)),
            SummaryRow(_("Recognised"), _converted(decision, row.slot)),
            SummaryRow(_("Rule"), _rule_words(document)),
            SummaryRow(_("Legal source"), document["agreement"].get("source", {}).get("text", "") or _("None")),
        ]
        if decision.credit_points_unusable:
            unusable = formats.points_with_unit(decision.credit_points_unusable)
            rows.append(SummaryRow(_("Not usable, of the host's credit"), unusable))
    rows.append(SummaryRow(_("Decided by"), _decider(decision, row)))
    return rows


def _original(decision: RecognitionDecision) -> str:
    amount = formats.points_with_unit(decision.credit_points_original)
    return f"{amount} · {grade_text(decision.grade_original, decision.scale_original)}"


def _converted(decision: RecognitionDecision, slot: str) -> str:
    amount = formats.points_with_unit(decision.credit_points_recognised)
    return " · ".join(
        part for part in (amount, slot, grade_text(decision.grade_converted, decision.scale_converted)) if part
    )


def _rule_words(document: dict[str, Any]) -> str:
    said = str(BASIS_WORDS[document["basis"]])
    if number := document["agreement"].get("number"):
        edition = document["agreement"]["edition"]
        said += "\n" + _("Agreement %(number)s, version %(edition)s") % {"number": number, "edition": edition}
    if edition := document["equivalence"].get("edition"):
        ratio = document["equivalence"]["ratio"]
        said += "\n" + _("Conversion rule, version %(edition)s, ratio %(ratio)s") % {"edition": edition, "ratio": ratio}
    return said


def _decider(decision: RecognitionDecision, row: CaseRow) -> str:
    if decision.automatic:
        return _("By the rules, automatically")
    return _("Registrar's Office of %(institution)s") % {"institution": row.home}


def _comparison(
    case: RecognitionCase, row: CaseRow, achieved: Achievement, found: RulesInForce
) -> list[ComparisonLine]:
    """Return host course and home slot line by line, with what differs in words."""
    full = found.full.home
    terms = terms_of(found.agreement.document) if found.agreement else None
    minimum = found.equivalence.minimum_grade if found.equivalence else None
    below = minimum is not None and achieved.score is not None and achieved.score < minimum
    hours = formats.points(full * terms.hours_per_credit) if terms else ""
    ours = formats.points(row.run.contact_hours)
    differs = full != achieved.credit_points
    return [
        ComparisonLine(_("Course and slot"), row.course, row.slot),
        ComparisonLine(_("Institution"), row.host, row.home),
        ComparisonLine(_("Credits"), formats.points(achieved.credit_points), formats.points(full), differs),
        ComparisonLine(_("Contact hours"), ours, hours, bool(hours and hours != ours)),
        ComparisonLine(
            _("Grade"),
            grade_text(achieved.grade, achieved.scale),
            _("at least %(grade)s") % {"grade": f"{minimum.normalize():f}"} if minimum is not None else "",
            below,
            _("Below the minimum") if below else "",
        ),
        ComparisonLine(
            _("Rule"),
            row.run.course.code,
            _("version %(edition)s, ratio %(ratio)s")
            % {"edition": found.equivalence.edition, "ratio": found.equivalence.ratio}
            if found.equivalence
            else _("none for this slot"),
            found.equivalence is None,
            _("You decide") if found.equivalence is None else "",
        ),
    ]


def lot_choices(lots: Iterable[LotInfo]) -> list[tuple[str, str]]:
    """Return lots as choices: course, host, credits, grade."""
    listed = list(lots)
    runs = courses.runs([lot.activity_uuid for lot in listed])
    names = institutions.institutions(lot.issuer_uuid for lot in listed)
    return [
        (
            str(lot.uuid),
            " · ".join(
                (
                    runs[lot.activity_uuid].course.name(language()),
                    names[lot.issuer_uuid].name(language()),
                    formats.points_with_unit(lot.amount),
                )
            ),
        )
        for lot in listed
    ]


def slot_choices(person_uuid: UUID) -> list[tuple[str, str]]:
    """Return the slots of a student's programme as choices."""
    return [(str(slot.uuid), slot.name(language())) for slot in queries.slots_of_student(person_uuid)]
