"""The words for agreements and rules: statuses, refusals, and the lines of a document, translated."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from credits.agreements.rules import CapScope, Change, EquivalenceKind
from credits.agreements.states import AgreementStatus, EquivalenceStatus
from edu.kernel.errors import Refusal

AGREEMENT_WORDS = {
    AgreementStatus.DRAFT: ("neutral", _("Draft")),
    AgreementStatus.PROPOSED: ("warn", _("Proposed, waits for both approvals")),
    AgreementStatus.APPROVED_BY_ONE: ("warn", _("Approved by one side")),
    AgreementStatus.IN_FORCE: ("ok", _("In force")),
    AgreementStatus.ENDED: ("neutral", _("Agreement ended")),
}
EQUIVALENCE_WORDS = {
    EquivalenceStatus.DRAFT: ("warn", _("Draft, waits for approval")),
    EquivalenceStatus.APPROVED: ("ok", _("In force")),
    EquivalenceStatus.RETIRED: ("neutral", _("Retired, still decides older terms")),
    EquivalenceStatus.DISCARDED: ("neutral", _("Discarded")),
}
KIND_WORDS = {
    EquivalenceKind.EQUIVALENT: _("Equivalent to the required course"),
    EquivalenceKind.ELECTIVE: _("Counts as an elective"),
    EquivalenceKind.NONE: _("Does not count"),
}
SCOPE_WORDS = {CapScope.TERM: _("A term"), CapScope.PROGRAMME: _("The whole programme")}
GRADE_SCALE_WORDS = {"five_level": _("Five levels (优 良 中 及格 不及格)"), "pass_fail": _("Pass or fail")}

REFUSALS: dict[str, Any] = {
    "period-out-of-order": _("The period ends before it begins. Correct one of the two dates."),
    "period-too-long": _("An agreement holds for at most ten years. Choose an earlier last day."),
    "amounts-not-positive": _("Hours per credit, rounding step and caps are above zero."),
    "source-missing": _("Quote the legal source of the agreement and of every cap."),
    "cap-twice": _("A cap of this kind stands there twice. Keep one."),
    "reason-missing": _("Say why the course does not count."),
    "ratio-out-of-range": _("The ratio is above 0 and at most 2."),
    "grade-out-of-range": _("The minimum grade is between 0 and 100 percent."),
    "evidence-missing": _("Describe what the rule rests on, for example the two syllabi that were compared."),
    "same-institution": _("An agreement needs two institutions. Choose the partner."),
    "open-version-exists": _("A version of this agreement is already being worked on. Open that one."),
    "not-a-draft": _("Only a draft can be edited. Take the proposal back first."),
    "already-approved": _("Your institution has already approved this text. The other side has to act."),
    "not-proposed": _("This version is not waiting for approval any more. Nothing was saved."),
    "text-changed": _(
        "The text is no longer the one you saw. Nothing was saved. Read what changed, then decide again."
    ),
    "rule-overlaps": _("Another rule already decides this course, programme and period. End that one first."),
    "course-is-own": _("The course belongs to your own institution. A rule is about another institution's course."),
    "slot-not-own": _("The slot belongs to another institution's programme. Choose one of your own."),
    "nothing-left": _("The new version begins before the old one. Choose a later first day."),
}

# Last parts of a path in a document, in words; a path without words is shown as it is.
FIELD_WORDS: dict[str, Any] = {
    "number": _("Agreement number"),
    "edition": _("Version"),
    "valid_from_on": _("Valid from"),
    "valid_to_on": _("Valid to"),
    "categories": _("Categories"),
    "caps.scope": _("Cap, over what"),
    "caps.credit_points_max": _("Cap, at most"),
    "caps.source.text": _("Cap, legal source"),
    "caps.source.url": _("Cap, address of the source"),
    "rounding_step": _("Rounding step"),
    "hours_per_credit": _("Contact hours per credit"),
    "grade_scale": _("Grade scale"),
    "source.text": _("Legal source"),
    "source.url": _("Address of the source"),
    "note": _("Remark"),
    "parties.name_zh": _("Name of a party"),
    "kind": _("Counts as"),
    "ratio": _("Ratio"),
    "minimum_grade": _("Minimum grade"),
    "evidence": _("Evidence"),
    "reason": _("Reason"),
    "host_course_code": _("Host course"),
    "slot_code": _("Slot"),
    "plan_version": _("Plan version"),
}


def refusal(code: str, **details: Any) -> Refusal:
    """Return the refusal for a code, with its words."""
    return Refusal(code, REFUSALS[code], details)


def change_lines(changes: tuple[Change, ...], words: dict[str, Any]) -> list[dict[str, Any]]:
    """Return changes as lines for people: what, before, after."""
    return [{"what": path_words(c.path, words), "before": c.before, "after": c.after} for c in changes]


def path_words(path: str, words: dict[str, Any]) -> Any:
    """Return the words for a path such as "caps[2].source.url"; the path itself where there are none."""
    plain = re.sub(r"\[\d+\]", "", path)
    return words.get(plain) or words.get(plain.rsplit(".", 1)[-1]) or path
