"""What learners did is read whatever the content is like."""

import pytest

from courses.enrolment.models import Enrolment
from courses.grading import facts
from tests.courses.runtime.conftest import MakeClassroom, classroom  # noqa: F401  # the same learner in the same room
from tests.factories.blocks import text

pytestmark = pytest.mark.django_db


def test_a_course_in_which_nothing_is_graded_has_no_scores(classroom: MakeClassroom) -> None:  # noqa: F811
    room = classroom([text("t")])

    loaded = facts.load(room.run, Enrolment.objects.filter(run=room.run), ())

    assert [did.scores for did in loaded.did.values()] == [{}]
