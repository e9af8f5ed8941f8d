"""What the screens of grading show beside the gradebook: one learner, a session's list, the policies of a run."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from courses.enrolment.models import Enrolment
from courses.grading import queries
from courses.grading.access import NOT_THERE
from courses.grading.data import GradeRow
from courses.grading.deciding import mark_text
from courses.grading.explaining import outcome
from courses.grading.models import Correction, GradingPolicy, Result
from courses.grading.policy import EXAM
from courses.grading.proposing import policies_in_force
from courses.grading.records import ScoreDecision, Session, SessionMark, SessionMarkChange
from courses.grading.states import CorrectionStatus, PolicyStatus
from courses.grading.wording import MARK_WORDS, condition
from courses.runs.models import CourseRun
from edu.design.values import TimelineEntry
from edu.kernel.errors import NotThere
from edu.people import api as people

DEEDS_MAX = 200  # a learner with more changes than this has another problem


def learner_row(run: CourseRun, enrolment_uuid: UUID) -> tuple[Enrolment, GradeRow]:
    """Return one learner of a run with their row of the gradebook; NotThere when there is none."""
    place = queries.places(run).filter(uuid=enrolment_uuid).first()
    if place is None:
        raise NotThere(*NOT_THERE)
    return place, queries.gradebook(run, policies_in_force(run), [place]).rows[0]


def trail(place: Enrolment) -> list[TimelineEntry]:
    """Return what people decided about a learner's grade, newest first: who, when, from, to, why."""
    decisions = list(ScoreDecision.objects.filter(enrolment=place).order_by("-id")[:DEEDS_MAX])
    changes = list(
        SessionMarkChange.objects.filter(mark__enrolment=place)
        .select_related("mark__session")
        .order_by("-id")[:DEEDS_MAX]
    )
    both: list[ScoreDecision | SessionMarkChange] = [*decisions, *changes]
    deeds = sorted(both, key=lambda deed: deed.happened_at, reverse=True)
    names = people.persons([deed.actor_person_uuid for deed in deeds if deed.actor_person_uuid])
    return [
        TimelineEntry(
            what=_decision_words(deed) if isinstance(deed, ScoreDecision) else _mark_words(deed),
            when=deed.happened_at,
            who=names[deed.actor_person_uuid].name if deed.actor_person_uuid in names else "",
            note=deed.reason,
        )
        for deed in deeds
    ]


def _decision_words(deed: ScoreDecision) -> str:
    line = deed.line or _("Score of the whole")
    if deed.score is None:
        return _("%(line)s: %(was)s is computed again") % {"line": line, "was": deed.was}
    return _("%(line)s: %(was)s → %(score)s") % {"line": line, "was": deed.was, "score": deed.score}


def _mark_words(deed: SessionMarkChange) -> str:
    before = f"{_state(deed.was_status, deed.was_score)} → " if deed.was_status else ""
    return f"{deed.mark.session.title}: {before}{_state(deed.status, deed.score)}"


def _state(status: str, score: Decimal | None) -> str:
    return str(score) if score is not None else str(MARK_WORDS.get(status, status))


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One learner in a session's list."""

    enrolment_uuid: UUID
    name: str
    number: str
    status: str
    score: Decimal | None
    changes: int
    seen: str
    lacks: tuple[str, ...] = ()  # conditions of exam entry that are not met, in words


def mark_lines(session: Session, places: list[Enrolment]) -> list[MarkLine]:
    """Return a page of a session's list: marks, and for an exam what its learners lack for entry."""
    lacking = _lacking(session, places) if session.kind == EXAM else {}
    marks = {mark.enrolment_id: mark for mark in SessionMark.objects.filter(session=session, enrolment__in=places)}
    records = people.student_records([place.person.uuid for place in places])
    counted: dict[int, int] = {}
    for mark_id in SessionMarkChange.objects.filter(mark__in=marks.values()).values_list("mark_id", flat=True):
        counted[mark_id] = counted.get(mark_id, 0) + 1
    lines = []
    for place in places:
        mark, record = marks.get(place.pk), records.get(place.person.uuid)
        lines.append(
            MarkLine(
                place.uuid,
                place.person.name,
                record.number if record else "",
                mark.status if mark else "",
                mark.score if mark else None,
                counted.get(mark.pk, 0) if mark else 0,
                mark_text(mark.status, mark.score) if mark else mark_text("", None),
                lacking.get(place.uuid, ()),
            )
        )
    return lines


def _lacking(session: Session, places: list[Enrolment]) -> dict[UUID, tuple[str, ...]]:
    """Return what learners lack for entry to an exam, for those whose policy shuts it; nothing is read without any."""
    run = session.run
    policies = policies_in_force(run)
    if not any(session.component in held.policy.entry.gates for held in policies.all):
        return {}
    return {
        row.enrolment_uuid: tuple(
            condition(asked).missing for asked in outcome(row.computed)["requirements"] if asked["met"] == "no"
        )
        for row in queries.gradebook(run, policies, places, to_sign=False).rows
        if session.component in row.held.policy.entry.gates and not row.computed.may_enter
    }


def policies_of(run: CourseRun) -> list[GradingPolicy]:
    """Return every version of a run's policies, the newest first."""
    return list(GradingPolicy.objects.filter(run=run).order_by("-number"))


def policies_to_approve(institution_uuid: UUID) -> list[GradingPolicy]:
    """Return the proposed policies of an institution's runs, the longest waiting first."""
    rows = GradingPolicy.objects.filter(status=PolicyStatus.PROPOSED.value)
    rows = rows.filter(run__course__institution__uuid=institution_uuid)
    return list(rows.select_related("run__course__institution").order_by("decided_at", "pk"))


def corrections_to_decide(institution_uuid: UUID) -> list[Correction]:
    """Return the proposed corrections of an institution's results, the longest waiting first."""
    rows = Correction.objects.filter(status=CorrectionStatus.PROPOSED.value)
    rows = rows.filter(result__enrolment__run__course__institution__uuid=institution_uuid)
    related = "result__enrolment__person", "result__enrolment__run__course__institution"
    return list(rows.select_related(*related).order_by("proposed_at", "pk"))


def corrections_of(result_uuid: UUID) -> list[Correction]:
    """Return the corrections of a result, the newest first."""
    return list(Correction.objects.filter(result__uuid=result_uuid).order_by("-pk"))


def certified_result_of(place: Enrolment) -> Result | None:
    """Return a learner's certified result in a run, or None."""
    return Result.objects.filter(enrolment=place, status="certified").order_by("-attempt").first()


def policy_facts(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what counts in a policy's document: name, weight, and its own conditions in words."""
    lines = []
    if process := document.get("process"):
        told = {"days": process["days_full"], "minutes": process["day_minutes"]}
        lines.append(
            (process["name"], process["weight_percent"], _("full from %(days)s days of %(minutes)s minutes") % told)
        )
    for rule in document["assignments"]:
        told = {"min": rule["min_count"], "drop": rule["drop_count"]}
        lines.append((rule["name"], rule["weight_percent"], _("%(min)s expected, %(drop)s dropped") % told))
    for part in document.get("components", ()):
        words = _("exam in a room") if part["kind"] == "exam" else _("meetings, by their sign-in list")
        lines.append((part["name"], part["weight_percent"], words))
    return lines
