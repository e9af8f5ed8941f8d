"""Meetings, exams and their marks, and scores that a person sets: each deed with its reason, each past kept."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.enrolment.models import Enrolment
from courses.grading import queries, rules
from courses.grading.access import NOT_THERE, taught_run
from courses.grading.data import OPEN_TO_SUBMIT, GradeRow
from courses.grading.policy import EXAM, HUNDRED, MEETINGS, two_places
from courses.grading.proposing import policies_in_force
from courses.grading.records import ScoreDecision, Session, SessionMark, SessionMarkChange
from courses.runs.models import CourseRun
from courses.runs.queries import possible_teachers
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal, Stale

NEEDS_REASON = frozenset({rules.EXCUSED, rules.POSTPONED})  # what somebody is spared, somebody has to answer for
MINUTES_MAX = 12 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """What a teacher decides about a meeting or an exam."""

    component: str
    title: str
    starts_at: dt.datetime
    minutes: int
    room: str
    round: str = rules.REGULAR
    invigilator_uuid: UUID | None = None


@dataclass(frozen=True, slots=True)
class MarkEntry:
    """One line of a sign-in list or exam list as it was sent; status "" leaves the learner unmarked.

    `seen` is the mark that the page showed (see `mark_text`), None where that is not known.
    """

    enrolment_uuid: UUID
    status: str
    score: Decimal | None = None
    reason: str = ""
    seen: str | None = None


def mark_text(status: str, score: Decimal | None) -> str:
    """Return a mark as one text, to tell whether it is still what somebody saw."""
    return f"{status}:{'' if score is None else two_places(score)}"


@transaction.atomic
def plan_session(*, run_uuid: UUID, plan: SessionPlan, acting: Actor) -> Session:
    """Plan a meeting or a sitting of an exam for a component of the run's policies.

    Refusals: "no-such-component", "session-without-room", "session-minutes", "no-such-invigilator".
    """
    run = taught_run(acting, run_uuid)
    kinds = components_of(run)
    if plan.component not in kinds:
        raise Refusal("no-such-component", _("The grading policy has no such part. Propose a policy that has it."))
    if not plan.title.strip() or not plan.room.strip():
        raise Refusal("session-without-room", _("Name the meeting or exam and its room."))
    if not 0 < plan.minutes <= MINUTES_MAX:
        raise Refusal("session-minutes", _("It lasts between 1 minute and 12 hours."))
    if plan.invigilator_uuid and plan.invigilator_uuid not in possible_teachers(run.course.institution.uuid):
        raise Refusal("no-such-invigilator", _("Choose a teacher of the institution."))
    kind = kinds[plan.component]
    assert acting.person_uuid is not None  # a teacher is somebody
    session = Session.objects.create(
        run=run,
        kind=kind,
        component=plan.component,
        round=plan.round if kind == EXAM else rules.REGULAR,
        title=plan.title.strip(),
        starts_at=plan.starts_at,
        minutes=plan.minutes,
        room=plan.room.strip(),
        invigilator_uuid=plan.invigilator_uuid,
        created_by_uuid=acting.person_uuid,
    )
    record(events.SESSION_PLANNED, _payload(session), acting=acting)
    return session


def _payload(session: Session) -> dict[str, str]:
    return {"session_uuid": str(session.uuid), "run_uuid": str(session.run.uuid)}


def components_of(run: CourseRun) -> dict[str, str]:
    """Return the names of what counts beside the content in any policy that holds, with their kinds."""
    held = policies_in_force(run).all
    return {part.name: part.kind for one in held for part in one.policy.components}


def session_of(run: CourseRun, session_uuid: UUID) -> Session:
    """Return a session of a run; NotThere when there is none."""
    row = Session.objects.filter(run=run, uuid=session_uuid).first()
    if row is None:
        raise NotThere(*NOT_THERE)
    row.run = run  # with its content, as it was read
    return row


@transaction.atomic
def cancel_session(*, run_uuid: UUID, session_uuid: UUID, reason: str, acting: Actor) -> Session:
    """Call a session off with a reason: it counts for nobody, its list stays. Refusal "already-cancelled"."""
    run = taught_run(acting, run_uuid)
    session = session_of(run, session_uuid)
    if not reason.strip():
        raise Refusal("no-reason", _("Say why it is called off."))
    changed = Session.objects.filter(pk=session.pk, cancelled_at__isnull=True).update(
        cancelled_at=clock.now(), cancel_reason=reason.strip()
    )
    if not changed:
        raise Refusal("already-cancelled", _("It was called off already."))
    session.refresh_from_db()
    record(events.SESSION_CALLED_OFF, _payload(session), acting=acting)
    return session


@transaction.atomic
def mark(*, run_uuid: UUID, session_uuid: UUID, entries: Sequence[MarkEntry], acting: Actor) -> int:
    """Write a session's list, all or none, with the past of each mark; return how many marks changed.

    A line that says what the page showed changes nothing, whatever a colleague entered meanwhile; Stale when both
    changed the same mark.
    Refusals: "session-cancelled", "not-enrolled", "mark-unknown", "mark-without-reason", "score-out-of-range",
    "score-of-nobody", and "already-submitted" for learners whose result is with the registrar.
    """
    run = taught_run(acting, run_uuid)
    session = session_of(run, session_uuid)
    if session.cancelled_at:
        raise Refusal("session-cancelled", _("This was called off, so nobody is marked."))
    wanted = {entry.enrolment_uuid: entry for entry in entries if entry.status}
    places = {p.uuid: p for p in queries.places(run).filter(uuid__in=wanted).select_for_update(of=("self",))}
    if len(places) != len(wanted):
        raise Refusal("not-enrolled", _("One of the chosen learners has left the run. Reload the page."))
    known = {m.enrolment_id: m for m in SessionMark.objects.select_for_update().filter(session=session)}
    changed = [e for e in wanted.values() if _differs(known.get(places[e.enrolment_uuid].pk), e)]
    for entry in changed:
        place = places[entry.enrolment_uuid]
        _require_unmoved(place, known.get(place.pk), entry)
        _check_mark(session, entry, known.get(place.pk))
    require_open([places[entry.enrolment_uuid] for entry in changed])
    for entry in changed:
        place = places[entry.enrolment_uuid]
        _write_mark(session, place, known.get(place.pk), entry, acting)
    return len(changed)


def _differs(known: SessionMark | None, entry: MarkEntry) -> bool:
    sent = mark_text(entry.status, entry.score)
    return sent != _text_of(known) and sent != entry.seen


def _text_of(known: SessionMark | None) -> str:
    return mark_text(known.status, known.score) if known else mark_text("", None)


def _require_unmoved(place: Enrolment, known: SessionMark | None, entry: MarkEntry) -> None:
    if entry.seen is not None and entry.seen != _text_of(known):
        message = _("A colleague has changed the mark of %(name)s since this page was opened. Look again.")
        raise Stale("mark-changed", message % {"name": place.person.name})


def _kept(score: Decimal | None) -> Decimal | None:
    return None if score is None else two_places(score)


def _check_mark(session: Session, entry: MarkEntry, known: SessionMark | None) -> None:
    allowed = {rules.PRESENT, rules.LATE, rules.ABSENT, rules.EXCUSED, rules.POSTPONED}
    if entry.status not in allowed - ({rules.POSTPONED} if session.kind == MEETINGS else set()):
        raise Refusal("mark-unknown", _("Choose how the learner took part."))
    # Who was signed in on the day gets their score later: that changes nothing that was said.
    adds_score = known is not None and known.status == entry.status and known.score is None
    changes = known is not None and not adds_score
    if (entry.status in NEEDS_REASON or changes) and not entry.reason.strip():
        raise Refusal("mark-without-reason", _("Give a reason for an excuse, a deferral or a changed mark."))
    if entry.score is None:
        return
    if session.kind == MEETINGS or entry.status not in {rules.PRESENT, rules.LATE}:
        raise Refusal("score-of-nobody", _("Only who sat an exam has a score."))
    if not 0 <= entry.score <= HUNDRED:
        raise Refusal("score-out-of-range", _("A score lies between 0 and 100."))


def require_open(places: Sequence[Enrolment]) -> None:
    """Refusal "already-submitted" when the result of one of them is with the registrar or certified."""
    pks = [place.pk for place in places]
    closed = Enrolment.objects.filter(pk__in=pks, results__isnull=False).exclude(results__status__in=OPEN_TO_SUBMIT)
    if closed.exists():
        message = _("A result of these learners is with the registrar. Ask for its return, or propose a correction.")
        raise Refusal("already-submitted", message)


def _write_mark(session: Session, place: Enrolment, known: SessionMark | None, entry: MarkEntry, acting: Actor) -> None:
    score = _kept(entry.score)
    was: Mapping[str, Any] = {
        "was_status": known.status if known else "",
        "was_score": known.score if known else None,
    }
    row = known or SessionMark(session=session, enrolment=place)
    row.status, row.score = entry.status, score
    row.save()
    SessionMarkChange.objects.create(mark=row, status=row.status, score=score, **was, **deed(entry.reason, acting))


def deed(reason: str, acting: Actor) -> dict[str, Any]:
    """Return who does it, when and why, for a row that is written once."""
    return {
        "reason": reason.strip(),
        "actor_person_uuid": acting.person_uuid,
        "actor_institution_uuid": acting.institution_uuid,
        "actor_role": acting.role,
        "happened_at": clock.now(),
    }


@dataclass(frozen=True, slots=True)
class Setting:
    """A score that a person wants to set: whose, for which part ("" is the whole), how much (None: as computed).

    `seen` is the learner's last decision that the page showed (0: none), None where that is not known.
    """

    enrolment_uuid: UUID
    line: str
    score: Decimal | None
    reason: str
    seen: int | None = None


@transaction.atomic
def set_scores(*, run_uuid: UUID, settings: Sequence[Setting], acting: Actor) -> int:
    """Set scores instead of the computed ones, all or none, each with its reason; return how many changed.

    Refusals: "no-reason", "score-out-of-range", "no-such-line", "not-enrolled", "already-submitted"; Stale when a
    colleague has set a score of the learner since the page was opened.
    """
    run = taught_run(acting, run_uuid)
    wanted = {setting.enrolment_uuid for setting in settings}
    places = list(queries.places(run).filter(uuid__in=wanted).select_for_update(of=("self",)))
    if len(places) != len(wanted):
        raise Refusal("not-enrolled", _("One of the chosen learners has left the run. Reload the page."))
    rows = {
        row.enrolment_uuid: row for row in queries.gradebook(run, policies_in_force(run), places, to_sign=False).rows
    }
    by_uuid = {place.uuid: place for place in places}
    changed = [s for s in settings if _kept(s.score) != _set_now(rows[s.enrolment_uuid], s.line)]
    require_open([by_uuid[setting.enrolment_uuid] for setting in changed])
    for setting in changed:
        check_setting(setting, rows[setting.enrolment_uuid])
        if setting.seen is not None and setting.seen != last_decision(by_uuid[setting.enrolment_uuid]):
            message = _("A colleague has set a score of this learner since this page was opened. Look again.")
            raise Stale("score-changed", message)
    ScoreDecision.objects.bulk_create(
        ScoreDecision(
            enrolment=by_uuid[setting.enrolment_uuid],
            line=setting.line,
            was=counts_now(rows[setting.enrolment_uuid], setting.line),
            score=_kept(setting.score),
            **deed(setting.reason, acting),
        )
        for setting in changed
    )
    return len(changed)


def last_decision(place: Enrolment) -> int:
    """Return the number of the last decision about a learner's scores, 0 without any."""
    return ScoreDecision.objects.filter(enrolment=place).order_by("-pk").values_list("pk", flat=True).first() or 0


def check_setting(setting: Setting, row: GradeRow) -> None:
    """Refuse a score without reason, out of range, or for a part that the learner's policy does not have."""
    if not setting.reason.strip():
        raise Refusal("no-reason", _("Say why the score differs from the computed one."))
    if setting.score is not None and not 0 <= setting.score <= HUNDRED:
        raise Refusal("score-out-of-range", _("A score lies between 0 and 100."))
    if setting.line and setting.line not in row.held.policy.weights:
        raise Refusal("no-such-line", _("The policy of this learner has no such part."))


def _set_now(row: GradeRow, line: str) -> Decimal | None:
    decision = row.facts.decisions.get(line)
    return decision.score if decision else None


def counts_now(row: GradeRow, line: str) -> Decimal:
    """Return what counts for a part of the grade now, or for the whole."""
    if not line:
        return row.computed.score
    found = next((one.mean_percent for one in row.computed.lines if one.name == line), Decimal(0))
    return two_places(found)
