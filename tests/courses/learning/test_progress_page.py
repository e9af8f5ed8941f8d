"""The learner's progress: what counts, what is missing, by whose policy, and at what price in queries."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.grading import deciding, proposing
from courses.grading.deciding import MarkEntry, SessionPlan
from courses.grading.policy import EXAM, AssignmentRule, ComponentRule, EntryRule, Policy, ProcessRule, Source
from courses.runtime.models import WatchDay
from edu.kernel import clock
from tests.courses.grading.conftest import QUIZ, Graded, graded  # noqa: F401  # a run with a quiz and a final
from tests.courses.runtime.test_actions import statements
from tests.factories.people import make_person, sign_in

STRICT = Policy(
    (AssignmentRule("Quiz", Decimal(40), 1, 0), AssignmentRule("Final", Decimal(40), 1, 0)),
    Decimal(60),
    process=ProcessRule("平时成绩", Decimal(20), Decimal(100), Decimal(0), Decimal(0), days_full=2),
    entry=EntryRule(("Final",), study_days_min=2, tasks_percent_min=Decimal(50)),
)
QUERIES_MAX = 8  # courses.md §12


@pytest.fixture
def learner(graded: Graded) -> Client:  # noqa: F811  # pytest hands fixtures over by their names
    graded.run.starts_on = clock.today()
    graded.run.save()
    return sign_in(Client(), graded.enrolment.person)


def address(graded: Graded) -> str:  # noqa: F811
    return f"/en/learn/{graded.run.uuid}/progress/"


def adopt(graded: Graded, home: bool = False, policy: Policy = STRICT) -> None:  # noqa: F811
    row = proposing.propose_policy(
        run_uuid=graded.run.uuid, policy=policy, source=Source("Rules of the home"), reason="x", acting=graded.teacher,
        home_uuid=graded.run.course.institution.uuid if home else None,
    )  # fmt: skip
    proposing.approve_policy(policy_uuid=row.uuid, seen_hash=row.content_hash, acting=graded.registrar)


def test_it_says_what_counts_and_what_is_missing(learner: Client, graded: Graded) -> None:  # noqa: F811
    adopt(graded)
    graded.score(QUIZ, "4")
    WatchDay.objects.create(run=graded.run, person=graded.enrolment.person, day_on=clock.today(), fresh_s=1500)

    page = learner.get(address(graded)).content.decode()

    assert "50 of 100 points so far; 60 are needed to pass." in page
    assert "Study days: 1 of 2" in page
    assert "Tasks done: 0 of 50 %" in page
    assert "does not count: the conditions of exam entry are not met" in page


def test_the_policy_of_the_home_institution_holds_and_is_named(learner: Client, graded: Graded) -> None:  # noqa: F811
    assert "your home university" not in learner.get(address(graded)).content.decode()
    adopt(graded, home=True)

    page = learner.get(address(graded)).content.decode()

    assert "It is the one of your home university." in page
    assert "Rules of the home" in page


def test_it_costs_eight_queries_whatever_the_policy_asks(learner: Client, graded: Graded) -> None:  # noqa: F811
    adopt(graded)
    learner.get(address(graded))  # what is known of a content version is read once a process
    with CaptureQueriesContext(connection) as captured:
        assert learner.get(address(graded)).status_code == 200
    assert len(statements(captured)) <= QUERIES_MAX


def test_learners_see_when_and_where_they_are_expected(learner: Client, graded: Graded) -> None:  # noqa: F811
    exam = replace(STRICT, entry=EntryRule(), process=None, components=(ComponentRule(EXAM, "期末考试", Decimal(20)),))
    adopt(graded, policy=exam)
    starts_at = dt.datetime(2031, 1, 8, 17, 0, tzinfo=dt.UTC)
    made = {
        which: deciding.plan_session(
            run_uuid=graded.run.uuid,
            plan=SessionPlan(
                component="期末考试", title=which, starts_at=starts_at, minutes=120, room=f"室{which}", round=which
            ),
            acting=graded.teacher,
        )
        for which in ("regular", "deferred", "resit")
    }

    def rooms() -> list[str]:
        page = learner.get(address(graded)).content.decode()
        return [which for which in made if f"室{which}" in page]

    def mark(which: str, status: str, score: Decimal | None = None, reason: str = "") -> None:
        entry = MarkEntry(graded.enrolment.uuid, status, score, reason)
        session_uuid = made[which].uuid
        deciding.mark(run_uuid=graded.run.uuid, session_uuid=session_uuid, entries=[entry], acting=graded.teacher)

    assert "2031-01-09 01:00" in learner.get(address(graded)).content.decode()  # Asia/Shanghai
    assert rooms() == ["regular"]
    mark("regular", "deferred", reason="住院")
    assert rooms() == ["regular", "deferred"]
    mark("deferred", "present", Decimal(20))
    assert rooms() == ["regular", "deferred", "resit"]
    with CaptureQueriesContext(connection) as captured:
        learner.get(address(graded))
    assert len(statements(captured)) <= QUERIES_MAX


def test_a_teachers_preview_has_no_grade(graded: Graded) -> None:  # noqa: F811
    page = sign_in(Client(), graded.teacher_person).get(address(graded))
    assert page.status_code == 200
    assert "points so far" not in page.content.decode()


def test_strangers_see_nobodys_progress(learner: Client, graded: Graded) -> None:  # noqa: F811
    assert sign_in(Client(), make_person(name="外人")).get(address(graded)).status_code == 404
