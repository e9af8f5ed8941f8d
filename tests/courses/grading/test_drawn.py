"""Where a library draws problems for each learner, a grade is of what was drawn."""

from decimal import Decimal

import pytest

from courses.content.models import ContentBlock
from courses.content.queries import left_out
from courses.enrolment.models import Enrolment
from courses.grading import facts, queries
from courses.grading.policy import AssignmentRule, EntryRule, Policy
from courses.grading.proposing import policies_in_force
from tests.courses.grading.test_regrading import POLICY
from tests.courses.runtime.conftest import Classroom, MakeClassroom, classroom  # noqa: F401  # a learner in a run that has begun
from tests.courses.runtime.test_actions import answer
from tests.factories.blocks import CHOICE, block, problem, text
from tests.factories.courses import make_content

pytestmark = pytest.mark.django_db
POOL = [problem(f"p{n}", CHOICE) for n in range(5)]
IN_POOL = {usage: "library_content@l" for usage, _fields in POOL}


@pytest.fixture
def room(classroom: MakeClassroom) -> Classroom:  # noqa: F811  # pytest hands fixtures over by their names
    """A unit whose library draws two of five problems, all of which count."""
    made = classroom([text("h"), block("library_content@l", max_count=2), *POOL], parents=IN_POOL)
    version = make_content(made.run.course, 2, grading_policy=POLICY)
    for row in ContentBlock.objects.filter(version=made.content).order_by("ordinal"):
        row.pk, row.version = None, version
        row.graded, row.assignment_type = row.block_type == "problem", "Quiz"
        row.save(force_insert=True)
    made.run.content = made.content = version
    made.run.save()
    return made


def stands(room: Classroom) -> queries.Standing:
    found = queries.standing(room.run, policies_in_force(room.run), person_id=room.person.pk, homes=[])
    assert found is not None
    return found


def test_what_was_not_drawn_is_not_asked_for(room: Classroom) -> None:
    drawn = sorted(set(IN_POOL) - left_out(room.content.pk, room.run.pk, room.person.pk))
    assert len(drawn) == 2
    assert stands(room).facts.works[0].possible == 2
    for usage in drawn:
        answer(room.grant(usage), usage, value="choice_1")
    found = stands(room)
    assert (found.facts.works[0].earned, found.computed.score, found.computed.passed) == (
        Decimal(2),
        Decimal(100),
        True,
    )


def test_tasks_for_exam_entry_are_those_that_were_drawn(room: Classroom) -> None:
    gate = Policy(
        (AssignmentRule("Quiz", Decimal(100), 1, 0),),
        Decimal(60),
        entry=EntryRule(("Quiz",), tasks_percent_min=Decimal(100)),
    )
    places = Enrolment.objects.filter(run=room.run)
    did = facts.load(room.run, places, [gate]).facts(places.get().pk, gate)
    assert (did.study.tasks_done, did.study.tasks_total) == (0, 3)  # the text and what was drawn
