"""What learners cannot meet is not asked of them: neither to be done nor to be earned."""

from decimal import Decimal
from typing import Any

import pytest

from courses.content.models import ContentBlock
from courses.content.queries import graded_subsections
from courses.progress.queries import advance_of, scores_by_subsection
from courses.progress.unit_scores import unit_score
from courses.runtime import lengths
from courses.runtime.queries import points_possible
from courses.runtime.views import open_unit
from tests.courses.runtime.conftest import Classroom, MakeClassroom, classroom  # noqa: F401  # a learner in a run that has begun
from tests.courses.runtime.test_actions import answer
from tests.factories.blocks import CHOICE, Spec, block, problem, text

pytestmark = pytest.mark.django_db

HIDDEN: dict[str, Any] = {"visible_to_staff_only": True}
SCRIPTED = "<problem><script type='loncapa/python'>x = 1</script><numericalresponse answer='$x'/></problem>"
BLOCKS: list[Spec] = [
    text("t"),
    problem("open", CHOICE),
    problem("hidden", CHOICE, **HIDDEN),
    block("wrapper@w", **HIDDEN),
    problem("inside", CHOICE),
    block("video@v", html5_sources=["/static/a.mp4"], **HIDDEN),
    problem("scripted", SCRIPTED, weight=5),
]


@pytest.fixture
def room(classroom: MakeClassroom) -> Classroom:  # noqa: F811  # pytest hands fixtures over by their names
    """A unit with a text and a problem, and with problems that are hidden, stand in what is hidden, or cannot run."""
    made = classroom([], parents={})
    rows = list(ContentBlock.objects.filter(version=classroom(BLOCKS, parents={"problem@inside": "wrapper@w"}).content))
    ContentBlock.objects.bulk_create(
        ContentBlock(
            version=made.content,
            **{
                name: getattr(row, name)
                for name in ("ordinal", "usage_id", "block_type", "url_name", "parent_usage_id", "level", "fields")
            },
            unit_usage_id=row.unit_usage_id,
            subsection_usage_id=row.subsection_usage_id,
            has_score=row.has_score,
            support=row.support,
            olx="",
            graded=row.block_type == "problem",
            inherited=HIDDEN if row.usage_id == "problem@inside" else {},
            needs_sandbox=row.usage_id == "problem@scripted",
        )
        for row in rows
        if row.level == "block"
    )
    return made


def test_a_unit_is_done_without_what_learners_do_not_see(room: Classroom) -> None:
    shown = {shown.usage_id for shown in open_unit(room.grant())[1].blocks}
    assert shown == {"html@t", "problem@open", "problem@scripted"}

    answer(room.grant("problem@open"), "problem@open", value="choice_1")

    advance = advance_of(room.run.pk, room.person.pk, room.content.pk, room.content.uuid)
    assert advance.units_done == {room.unit}
    assert advance.is_complete


def test_points_that_nobody_can_earn_are_not_counted(room: Classroom) -> None:
    answer(room.grant("problem@open"), "problem@open", value="choice_1")

    (score,) = scores_by_subsection(room.run.pk, room.person.pk, room.content.pk, room.content.uuid)
    (subsection,) = graded_subsections(room.content.pk)
    worth = points_possible(room.content.pk, list(subsection.block_usage_ids))

    assert (score.earned, score.possible) == (Decimal(1), Decimal(1))
    assert sum(worth.values()) == 1
    assert unit_score(room.run.pk, room.person.pk, room.content.pk, room.unit) == (Decimal(1), Decimal(1))


def test_a_film_that_learners_do_not_see_is_none_of_those_to_watch(room: Classroom) -> None:
    assert lengths.videos_of(room.content.pk, room.content.uuid) == {}
