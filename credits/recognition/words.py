"""The words for recognition: statuses, findings, reasons, refusals, translated."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credits.recognition.states import CaseStatus, Outcome
from edu.kernel.errors import Refusal, Stale

CASE_WORDS = {
    CaseStatus.DRAFTED: ("neutral", _("Draft, not submitted yet")),
    CaseStatus.SUBMITTED: ("info", _("Submitted")),
    CaseStatus.IN_REVIEW: ("info", _("With the registrar's office")),
    CaseStatus.RETURNED: ("warn", _("Returned for correction")),
    CaseStatus.RECOGNISED: ("ok", _("Recognised")),
    CaseStatus.PARTLY_RECOGNISED: ("ok", _("Partly recognised")),
    CaseStatus.NOT_RECOGNISED: ("bad", _("Not recognised")),
    CaseStatus.WITHDRAWN: ("neutral", _("Withdrawn by the student")),
}
OUTCOME_WORDS = {
    Outcome.RECOGNISE: _("Recognise"),
    Outcome.PARTIAL: _("Recognise in part"),
    Outcome.RETURN: _("Return for correction"),
    Outcome.REFUSE: _("Do not recognise"),
}
FINDINGS: dict[str, Any] = {
    "not-passed": _("The course was not passed (grade %(grade)s)."),
    "below-minimum-grade": _("The score %(score)s is below the minimum grade %(minimum)s of the study plan."),
    "other-amount": _("The host certified %(lot)s credits, the study plan says %(promised)s."),
}
DECISION_REASONS: dict[str, Any] = {
    "plan-met": _("The conditions of the study plan are met"),
    "equivalent": _("Content and hours match the slot"),
    "partly-equivalent": _("Content or hours match only in part"),
    "evidence-missing": _("Evidence is missing or cannot be read"),
    "content-differs": _("The content does not match the slot"),
    "grade-too-low": _("The grade is below what the programme asks for"),
    "slot-full": _("The slot is already filled in the programme"),
    "goodwill": _("Recognised in this single case"),
    "other": _("Another reason"),
}
SCALE_WORDS: dict[str, Any] = {
    "percent": _("out of 100"),
    "five_level": _("five levels"),
    "pass_fail": _("pass or fail"),
}
BASIS_WORDS = {
    "plan": _("By the accepted study plan"),
    "rule": _("By the conversion rule in force"),
    "registrar": _("By the registrar's decision in this single case"),
}
APPEAL = _(
    "If you disagree, you can appeal in writing to your university's student appeals committee within 10 days of "
    "receiving this decision (普通高等学校学生管理规定, Ministry of Education order 41, article 60). "
    "Name the number of this case and say why."
)
REFUSALS: dict[str, Any] = {
    "not-a-student": _("Only a student may apply. Sign in with your student record."),
    "no-programme": _("Your student record names no programme. Ask your registrar's office to add it."),
    "own-credit": _("This credit is from your own university and counts there already."),
    "nothing-available": _("This credit is already used or reserved. Its page shows where."),
    "not-a-result": _("Only credit that a host certified can be recognised."),
    "case-exists": _("There is already a case for this credit. Open it under My recognitions."),
    "slot-not-yours": _("Choose a slot of your own programme."),
    "request-missing": _("Say in a few sentences why the course fits the slot."),
    "file-too-large": _("A file may have at most 10 MB. Scan it with fewer dots or split it."),
    "file-type": _("Files are PDF, JPEG or PNG. Save the document as one of these."),
    "file-empty": _("The file is empty. Choose it again."),
    "too-many-files": _("A case takes at most ten files. Join pages into one PDF."),
    "decided-meanwhile": _("Somebody else was faster: the case has moved on. Nothing was saved."),
    "case-changed": _("The case is no longer the one you saw. Nothing was saved."),
    "reason-missing": _("Choose a reason and say in a sentence what the student should know."),
    "partial-out-of-range": _("For a partial recognition, write credits above zero and below the full amount."),
    "nothing-to-recognise": _("By the rule nothing of this credit fits the slot."),
    "own-case": _("You cannot decide your own case. A colleague has to do it."),
}


def refusal(code: str, **details: Any) -> Refusal:
    """Return the refusal for a code, with its words."""
    return Refusal(code, REFUSALS[code], details)


def stale(code: str, **details: Any) -> Stale:
    """Return the refusal of a deed that came too late, with its words."""
    return Stale(code, REFUSALS[code], details)


def grade_text(grade: str, scale: str) -> str:
    """Return a grade with the scale it belongs to, in words."""
    return f"{grade} ({SCALE_WORDS.get(scale, scale)})" if scale else grade


def finding_text(finding: dict[str, Any]) -> str:
    """Return a stored finding as a sentence."""
    return str(FINDINGS[finding["code"]]) % finding["values"]
