"""Late work is taken as long as it can earn something; without a rule for lateness it is not taken."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from xblock.exceptions import ProcessingError

from courses.grading import rules
from courses.grading.documents import policy_document
from courses.grading.models import GradingPolicy
from courses.grading.policy import HUNDRED, AssignmentRule, LateRule, Policy, Source
from courses.runtime.models import BlockScore
from courses.runtime.views import open_unit
from edu.kernel import clock
from tests.courses.runtime.conftest import Classroom, MakeClassroom, classroom  # noqa: F401  # a learner in a run that has begun
from tests.courses.runtime.test_actions import answer, statements
from tests.factories.blocks import CHOICE, problem

pytestmark = pytest.mark.django_db
P = "problem@p"
TAKEN = LateRule(percent_per_day=Decimal(10))


@pytest.fixture
def room(classroom: MakeClassroom) -> Classroom:  # noqa: F811  # pytest hands fixtures over by their names
    """A problem that was due a day and an hour ago."""
    due = (clock.now() - dt.timedelta(days=1, hours=1)).isoformat()
    return classroom([problem("p", CHOICE, due=due)])


def adopt(room: Classroom, late: LateRule) -> Policy:
    policy = Policy((AssignmentRule("Quiz", Decimal(100), 1, 0),), Decimal(60), late=late)
    document = policy_document(policy, run=str(room.run.uuid), source=Source("x"))
    GradingPolicy.objects.create(
        run=room.run, number=1, document=document, content_hash="0" * 64, reason="x", decided_at=clock.now()
    )
    return policy


def test_without_a_rule_for_lateness_the_problem_is_closed(room: Classroom) -> None:
    adopt(room, LateRule())
    with pytest.raises(ProcessingError):
        answer(room.grant(P), P, value="choice_1")
    assert not BlockScore.objects.exists()


def test_with_one_late_work_is_taken(room: Classroom) -> None:
    adopt(room, TAKEN)
    assert answer(room.grant(P), P, value="choice_1")["success"] == "correct"
    assert BlockScore.objects.get().earned == 1


@pytest.mark.parametrize(
    ("late", "days"),
    [
        (LateRule(), 0),
        (LateRule(grace_hours=48), 2),
        (TAKEN, 9),
        (LateRule(24, Decimal(30)), 4),
        (LateRule(0, HUNDRED), 0),
        (LateRule(0, Decimal(10), Decimal(50)), 3650),
    ],
)
def test_it_is_taken_as_long_as_it_can_earn_something(late: LateRule, days: int) -> None:
    assert rules.late_window(late) == dt.timedelta(days=days)


def test_a_unit_in_which_nothing_is_over_asks_nothing(classroom: MakeClassroom) -> None:  # noqa: F811
    room = classroom([problem("p", CHOICE, due=(clock.now() + dt.timedelta(days=1)).isoformat())])
    open_unit(room.grant())
    with CaptureQueriesContext(connection) as captured:
        open_unit(room.grant())
    assert not [sql for sql in statements(captured) if "gradingpolicy" in sql]
