"""Meetings, exams and scores that a person sets: reasons are asked for, the past is kept, a refusal leaves no trace."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from courses.grading import actions, deciding, proposing, queries
from courses.grading.data import Entry, GradeRow
from courses.grading.deciding import MarkEntry, SessionPlan, Setting
from courses.grading.policy import EXAM, MEETINGS, AssignmentRule, ComponentRule, Policy, ResitRule, Source
from courses.grading.proposing import policies_in_force
from courses.grading.records import ScoreDecision, Session, SessionMark, SessionMarkChange
from edu.events.actions import deliver_all
from edu.kernel import clock
from edu.kernel.errors import NotThere, Refusal, Stale
from edu.notices.models import Notice
from tests.courses.grading.conftest import FINAL, QUIZ, Graded
from tests.factories.courses import make_enrolment
from tests.factories.people import make_actor, make_person

IN_PERSON = Policy(
    (AssignmentRule("Quiz", Decimal(30), 1, 0),),
    Decimal(60),
    components=(ComponentRule(MEETINGS, "见面课", Decimal(20)), ComponentRule(EXAM, "期末考试", Decimal(50))),
    resit=ResitRule(1, Decimal(60)),
)


@pytest.fixture
def taught(graded: Graded) -> Graded:
    """A run whose policy has meetings and an exam."""
    row = proposing.propose_policy(
        run_uuid=graded.run.uuid,
        policy=IN_PERSON,
        source=Source("课程考核方案"),
        reason="线下考试",
        acting=graded.teacher,
    )
    proposing.approve_policy(policy_uuid=row.uuid, seen_hash=row.content_hash, acting=graded.registrar)
    return graded


def plan(taught: Graded, component: str = "期末考试", **changes: object) -> Session:
    values = {"title": "期末考试", "starts_at": clock.now(), "minutes": 120, "room": "综合楼 301", **changes}
    made = SessionPlan(component=component, **values)  # type: ignore[arg-type]
    return deciding.plan_session(run_uuid=taught.run.uuid, plan=made, acting=taught.teacher)


def marked(taught: Graded, session: Session, status: str, score: str | None = None, reason: str = "") -> int:
    entry = MarkEntry(taught.enrolment.uuid, status, Decimal(score) if score else None, reason)
    return deciding.mark(run_uuid=taught.run.uuid, session_uuid=session.uuid, entries=[entry], acting=taught.teacher)


def row_of(taught: Graded) -> GradeRow:
    return queries.gradebook(taught.run, policies_in_force(taught.run), list(queries.places(taught.run))).rows[0]


def test_a_sign_in_list_an_exam_and_a_quiz_make_one_grade(taught: Graded) -> None:
    taught.score(QUIZ, "4")
    for status in ("present", "absent"):
        marked(taught, plan(taught, "见面课", title=status), status)
    marked(taught, plan(taught), "present", "80")
    row = row_of(taught)
    assert row.computed.score == Decimal("80.00")  # 30 + 10 + 40
    assert [cell.name if cell else None for cell in row.cells] == ["Quiz", "见面课", "期末考试"]


def test_a_deferred_exam_cannot_be_submitted_until_it_was_sat(taught: Graded) -> None:
    marked(taught, plan(taught), "deferred", reason="住院")
    row = row_of(taught)
    assert not row.may_be_submitted
    with pytest.raises(Refusal) as refused:
        actions.submit_results(
            run_uuid=taught.run.uuid, entries=[Entry(row.enrolment_uuid, row.seen_hash)], acting=taught.teacher
        )
    assert refused.value.code == "exam-open"
    marked(taught, plan(taught, round="deferred"), "present", "90")
    assert row_of(taught).may_be_submitted


def test_a_changed_mark_needs_a_reason_and_keeps_its_past(taught: Graded) -> None:
    session = plan(taught)
    marked(taught, session, "present", "58")
    with pytest.raises(Refusal) as refused:
        marked(taught, session, "present", "62")
    assert refused.value.code == "mark-without-reason"
    assert SessionMark.objects.get().score == 58
    assert marked(taught, session, "present", "62", "第三题漏批") == 1
    assert marked(taught, session, "present", "62", "again") == 0
    changes = list(SessionMarkChange.objects.values_list("was_status", "was_score", "score", "reason"))
    assert changes == [
        ("", None, Decimal(58), ""), ("present", Decimal(58), Decimal(62), "第三题漏批"),
    ]  # fmt: skip


def test_a_score_that_is_added_to_a_sign_in_needs_no_reason(taught: Graded) -> None:
    session = plan(taught)
    marked(taught, session, "present")
    assert marked(taught, session, "present", "88") == 1
    assert row_of(taught).computed.score == Decimal("44.00")
    with pytest.raises(Refusal):
        marked(taught, session, "absent")


def test_two_teachers_at_one_list_lose_nothing_of_each_others(taught: Graded) -> None:
    other = make_enrolment(make_person(name="黄志远"), taught.run)
    session = plan(taught)
    unmarked = deciding.mark_text("", None)

    def keep(*entries: MarkEntry) -> int:
        return deciding.mark(
            run_uuid=taught.run.uuid, session_uuid=session.uuid, entries=entries, acting=taught.teacher
        )

    assert keep(MarkEntry(taught.enrolment.uuid, "present", Decimal(70), seen=unmarked)) == 1
    marked(taught, session, "present", "75", "复查")
    # The second page still shows 70 for the first learner and adds the other one.
    stale = deciding.mark_text("present", Decimal(70))
    untouched = MarkEntry(taught.enrolment.uuid, "present", Decimal(70), seen=stale)
    assert keep(untouched, MarkEntry(other.uuid, "absent", seen=unmarked)) == 1
    assert SessionMark.objects.get(enrolment=taught.enrolment).score == 75
    with pytest.raises(Stale):
        keep(MarkEntry(taught.enrolment.uuid, "present", Decimal(60), "x", seen=stale))
    assert SessionMark.objects.get(enrolment=taught.enrolment).score == 75


def test_a_score_that_a_colleague_set_meanwhile_is_not_overwritten_unseen(graded: Graded) -> None:
    def change(score: str, seen: int) -> int:
        setting = Setting(graded.enrolment.uuid, "Final", Decimal(score), "线下", seen)
        return deciding.set_scores(run_uuid=graded.run.uuid, settings=[setting], acting=graded.teacher)

    assert change("90", 0) == 1
    with pytest.raises(Stale):
        change("70", 0)
    assert ScoreDecision.objects.get().score == 90
    assert change("70", deciding.last_decision(graded.enrolment)) == 1


@pytest.mark.parametrize(
    ("status", "score", "reason", "code"),
    [
        ("deferred", None, "", "mark-without-reason"),
        ("excused", None, " ", "mark-without-reason"),
        ("absent", "50", "", "score-of-nobody"),
        ("present", "101", "", "score-out-of-range"),
        ("asleep", None, "", "mark-unknown"),
    ],
)
def test_a_mark_that_cannot_be_is_refused(
    taught: Graded, status: str, score: str | None, reason: str, code: str
) -> None:
    session = plan(taught)
    with pytest.raises(Refusal) as refused:
        marked(taught, session, status, score, reason)
    assert refused.value.code == code
    assert not SessionMark.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"component": "口试"}, "no-such-component"),
        ({"room": " "}, "session-without-room"),
        ({"minutes": 0}, "session-minutes"),
        ({"invigilator_uuid": "00000000-0000-4000-8000-000000000000"}, "no-such-invigilator"),
    ],
)
def test_a_session_that_cannot_be_is_refused(taught: Graded, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        plan(taught, **changes)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert not Session.objects.exists()


def test_what_is_called_off_counts_for_nobody(taught: Graded) -> None:
    session = plan(taught)
    marked(taught, session, "present", "80")
    deciding.cancel_session(run_uuid=taught.run.uuid, session_uuid=session.uuid, reason="停电", acting=taught.teacher)
    assert row_of(taught).computed.score == 0
    with pytest.raises(Refusal):
        marked(taught, session, "present", "90", "x")
    assert SessionMark.objects.get().score == 80


def told(kind: str) -> set[str]:
    deliver_all()
    return set(Notice.objects.filter(kind=kind).values_list("person__name", flat=True))


def test_learners_are_told_of_what_is_planned_for_them_and_called_off(taught: Graded) -> None:
    spared = make_enrolment(make_person(name="黄志远"), taught.run)
    exam = plan(taught)
    assert told("courses.session_planned") == {"韦小明", "黄志远"}
    entries = [
        MarkEntry(taught.enrolment.uuid, "present", Decimal(90)), MarkEntry(spared.uuid, "deferred", reason="住院"),
    ]  # fmt: skip
    deciding.mark(run_uuid=taught.run.uuid, session_uuid=exam.uuid, entries=entries, acting=taught.teacher)
    Notice.objects.all().delete()

    later = plan(taught, round="deferred")
    assert told("courses.session_planned") == {"黄志远"}
    deciding.cancel_session(run_uuid=taught.run.uuid, session_uuid=later.uuid, reason="停电", acting=taught.teacher)
    assert told("courses.session_called_off") == {"黄志远"}


def test_strangers_find_no_session(taught: Graded) -> None:
    session = plan(taught)
    stranger = make_actor(make_person(name="外人", role="teacher", number="X"))
    entry = MarkEntry(taught.enrolment.uuid, "absent")
    with pytest.raises(NotThere):
        deciding.mark(run_uuid=taught.run.uuid, session_uuid=session.uuid, entries=[entry], acting=stranger)
    with pytest.raises(NotThere):
        deciding.set_scores(run_uuid=taught.run.uuid, settings=[], acting=stranger)
    assert not SessionMark.objects.exists()


def set_score(graded: Graded, line: str, score: str | None, reason: str = "线下答辩") -> int:
    setting = Setting(graded.enrolment.uuid, line, Decimal(score) if score else None, reason)
    return deciding.set_scores(run_uuid=graded.run.uuid, settings=[setting], acting=graded.teacher)


def test_a_set_score_counts_says_from_what_to_what_and_can_be_taken_back(graded: Graded) -> None:
    graded.score(FINAL, "2")
    assert set_score(graded, "Final", "90") == 1
    assert row_of(graded).computed.score == Decimal("54.00")
    assert set_score(graded, "", "60", "委员会决定") == 1
    assert row_of(graded).computed.passed
    assert set_score(graded, "", None, "决定撤销") == 1
    assert set_score(graded, "", None, "again") == 0
    trail = list(ScoreDecision.objects.values_list("line", "was", "score", "reason", "actor_person_uuid"))
    assert [entry[:4] for entry in trail] == [
        ("Final", Decimal(50), Decimal(90), "线下答辩"),
        ("", Decimal(54), Decimal(60), "委员会决定"),
        ("", Decimal(60), None, "决定撤销"),
    ]  # fmt: skip
    assert {entry[4] for entry in trail} == {graded.teacher.person_uuid}
    assert row_of(graded).computed.score == Decimal("54.00")


@pytest.mark.parametrize(
    ("line", "score", "reason", "code"),
    [
        ("Final", "90", " ", "no-reason"),
        ("Final", "100.5", "x", "score-out-of-range"),
        ("Lab", "9", "x", "no-such-line"),
    ],
)
def test_a_score_that_cannot_be_set_is_refused(graded: Graded, line: str, score: str, reason: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        set_score(graded, line, score, reason)
    assert refused.value.code == code
    assert not ScoreDecision.objects.exists()


def test_nothing_is_set_behind_the_registrars_back(graded: Graded) -> None:
    row = row_of(graded)
    entry = Entry(row.enrolment_uuid, row.seen_hash)
    actions.submit_results(run_uuid=graded.run.uuid, entries=[entry], acting=graded.teacher)
    with pytest.raises(Refusal) as refused:
        set_score(graded, "Final", "90")
    assert refused.value.code == "already-submitted"
    assert not ScoreDecision.objects.exists()


def test_the_database_keeps_every_decision(graded: Graded) -> None:
    set_score(graded, "Final", "90")
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreDecision.objects.update(score=100)
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreDecision.objects.all().delete()


def test_one_unknown_learner_stops_the_whole_list(taught: Graded) -> None:
    session = plan(taught)
    other = make_enrolment(make_person(name="走了的人"), taught.run, status="withdrawn")
    entries = [MarkEntry(taught.enrolment.uuid, "present"), MarkEntry(other.uuid, "present")]
    with pytest.raises(Refusal):
        deciding.mark(run_uuid=taught.run.uuid, session_uuid=session.uuid, entries=entries, acting=taught.teacher)
    assert not SessionMark.objects.exists()


def test_a_session_has_a_place_in_time(taught: Graded) -> None:
    starts_at = clock.now() + dt.timedelta(days=3)
    session = plan(taught, starts_at=starts_at, invigilator_uuid=taught.teacher.person_uuid)
    assert (session.kind, session.starts_at, session.room) == ("exam", starts_at, "综合楼 301")
