"""The words for study plans: statuses, reasons, refusals, and the lines of a plan's document, translated."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.functional import lazystr
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from credits.agreements.words import FIELD_WORDS
from credits.exchange.rules import Finding, Reason
from credits.exchange.states import PlanStatus
from edu.design import formats
from edu.kernel.errors import Refusal, Stale

PLAN_WORDS = {
    PlanStatus.DRAFTED: ("neutral", _("Draft, not signed yet")),
    PlanStatus.STUDENT_SIGNED: ("info", _("Signed by the student")),
    PlanStatus.HOME_REVIEW: ("info", _("With the home institution")),
    PlanStatus.HOME_APPROVED: ("info", _("Approved by the home institution")),
    PlanStatus.HOST_PENDING: ("info", _("With the host institution")),
    PlanStatus.ACCEPTED: ("ok", _("Accepted, enrolled")),
    PlanStatus.COMPLETED: ("done", _("Credit recognised")),
    PlanStatus.DENIED: ("bad", _("Denied")),
    PlanStatus.RETURNED: ("warn", _("Returned for correction")),
    PlanStatus.WITHDRAWN: ("neutral", _("Withdrawn by the student")),
}

REASONS: dict[str, Any] = {
    "no-student-record": _(
        "You are not registered as a student of a university here. You can study the course and get its certificate; "
        "no university counts it by agreement."
    ),
    "own-course": _("This is a course of your own university. It counts by its own timetable, without a study plan."),
    "not-open": _("The host has not opened this run to students of other universities. Choose another run."),
    "no-programme": _("Your student record names no programme. Ask your registrar's office to add it."),
    "no-agreement": _(
        "Your university and the host have no agreement in force. You can study the course and apply for recognition "
        "afterwards; your registrar's office decides then."
    ),
    "agreement-other-term": _(
        "The agreement %(number)s is for terms that begin from %(from_on)s to %(to_on)s; "
        "this run begins on %(starts_on)s."
    ),
    "no-rule": _(
        "Your university has not decided yet as what this course counts in your programme. Ask your registrar's office "
        "for a rule, or apply for recognition after the course."
    ),
    "rule-says-none": _("Your university has decided that this course does not count in your programme: %(reason)s"),
    "category-not-covered": _("The agreement covers only %(categories)s; this course would count as %(slot)s."),
    "cap-reached-term": _(
        "The cap of this term is reached: %(used)s of %(max)s credits are promised, this course would add %(wanted)s. "
        "(%(source)s)"
    ),
    "cap-reached-programme": _(
        "The cap of your programme is reached: %(used)s of %(max)s credits are promised, this course would add "
        "%(wanted)s. (%(source)s)"
    ),
    "counts-equivalent": _(
        "%(host)s host credits become %(home)s credits of %(slot)s, in place of the required course."
    ),
    "counts-elective": _("%(host)s host credits become %(home)s credits of %(slot)s."),
    "surplus": _("%(slot)s takes no more than %(home)s credits; %(unusable)s host credits are not usable."),
    "minimum-grade": _("Minimum grade: %(grade)s out of 100."),
    "rule": _(
        "Conversion rule, version %(edition)s: ratio %(ratio)s, for terms that begin from %(from_on)s %(until)s."
    ),
    "agreement": _("Agreement %(number)s, version %(edition)s, for terms that begin from %(from_on)s to %(to_on)s."),
    "cap-term": _("With this course %(used)s of at most %(max)s credits of this term. (%(source)s)"),
    "cap-programme": _("With this course %(used)s of at most %(max)s credits of the programme. (%(source)s)"),
    "legal-source": _("Legal source: %(source)s"),
}
AMOUNTS = ("host", "home", "used", "wanted", "max", "unusable")
DATES = ("from_on", "to_on", "starts_on")

REFUSALS: dict[str, Any] = {
    "plan-exists": _("There is already a study plan for this run. Open it under My cross-enrolments."),
    "not-a-student": _("Only a student may draft a study plan. Sign in with your student record."),
    "conditions-changed": _("The conditions have changed since this plan was signed. Nothing was saved."),
    "plan-changed": _("The plan is no longer the one you saw. Nothing was saved."),
    "decided-meanwhile": _("Somebody else was faster: the plan has moved on. Nothing was saved."),
    "reason-missing": _("Choose a reason and say in a sentence what the student should know."),
    "own-plan": _("You cannot decide your own plan. A colleague has to do it."),
}

# Why a plan is returned or denied; the registrar adds a sentence.
DECISION_REASONS: dict[str, Any] = {
    "prerequisites": _("Prerequisites are missing"),
    "timetable": _("Overlaps with the student's timetable"),
    "slot-full": _("The slot is already filled in the programme"),
    "seats": _("No seats left for other universities"),
    "incomplete": _("Something is missing in the plan"),
    "other": _("Another reason"),
}

PLAN_FIELDS: dict[str, Any] = FIELD_WORDS | {
    "counts": _("Counts at home"),
    "conversion.credit_points_host": _("Host credits"),
    "conversion.credit_points_home": _("Home credits"),
    "conversion.credit_points_unusable": _("Unusable host credits"),
    "conversion.kind": _("Counts as"),
    "conversion.ratio": _("Ratio"),
    "conversion.minimum_grade": _("Minimum grade"),
    "conversion.rounding_step": _("Rounding step"),
    "conversion.grade_scale": _("Grade scale"),
    "agreement.number": _("Agreement number"),
    "agreement.edition": _("Version of the agreement"),
    "agreement.source": _("Legal source"),
    "equivalence.edition": _("Version of the rule"),
    "equivalence.slot_code": _("Slot, code"),
    "equivalence.slot_name_zh": _("Slot"),
    "run.code": _("Course run"),
    "run.starts_on": _("Begins on"),
    "run.ends_on": _("Ends on"),
    "run.contact_hours": _("Contact hours"),
    "course.name_zh": _("Course"),
    "programme.code": _("Programme"),
    "programme.plan_version": _("Plan version"),
    "note": _("Note of the student"),
}
# Lines that say nothing to people: another line of the same change says it in words.
NOT_SHOWN = frozenset(
    {
        "agreement.uuid",
        "agreement.content_hash",
        "equivalence.uuid",
        "equivalence.content_hash",
        "equivalence.slot_uuid",
    }
)


def refusal(code: str, **details: Any) -> Refusal:
    """Return the refusal for a code, with its words."""
    return Refusal(code, REFUSALS[code], details)


def stale(code: str, **details: Any) -> Stale:
    """Return the refusal of a deed that came too late, with its words."""
    return Stale(code, REFUSALS[code], details)


def reason(finding: Finding) -> Reason:
    """Return a finding as a reason whose sentence is made when it is shown."""
    return Reason(finding.code, lazystr(_Sentence(finding)), finding.values)


class _Sentence:
    """A sentence about a finding, made in the language of whoever reads it."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding

    def __str__(self) -> str:
        return str(REASONS[self.finding.code]) % _spoken(dict(self.finding.values))


def _spoken(values: dict[str, str]) -> dict[str, str]:
    for name in AMOUNTS:
        if name in values:
            values[name] = formats.points(Decimal(values[name]))
    if "from_on" in values:
        to_on = values.get("to_on")
        values["until"] = gettext("to %(day)s") % {"day": _day(to_on)} if to_on else gettext("on, until it is changed")
    for name in DATES:
        if values.get(name):
            values[name] = _day(values[name])
    if "slot_zh" in values:
        chinese = (get_language() or "zh").startswith("zh") or not values["slot_en"]
        values["slot"] = values["slot_zh"] if chinese else values["slot_en"]
    return values


def _day(text: str) -> str:
    return formats.long_day(dt.date.fromisoformat(text))
