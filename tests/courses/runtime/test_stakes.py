"""What learners left in blocks that another version lacks."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.content.models import ContentBlock, ContentVersion
from courses.content.stakes import Stake, at_stake
from courses.runs.models import CourseRun
from courses.runtime import stakes
from courses.runtime.models import BlockCompletion, BlockScore, BlockState, StateScope
from edu.kernel import clock
from edu.people.models import Person
from tests.factories.courses import make_content, make_course, make_run
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def version(run: CourseRun, number: int, usage_ids: Iterable[str], graded: Iterable[str] = ()) -> ContentVersion:
    made = make_content(run.course, number)
    ContentBlock.objects.bulk_create(
        ContentBlock(
            version=made,
            ordinal=place,
            usage_id=usage_id,
            block_type=usage_id.partition("@")[0],
            url_name=usage_id.partition("@")[2],
            level="block",
            display_name=f"名{usage_id[-1]}",
            support="supported",
            graded=usage_id in set(graded),
            olx="<x/>",
        )
        for place, usage_id in enumerate(usage_ids)
    )
    return made


@pytest.fixture
def run() -> CourseRun:
    return make_run(make_course())


@pytest.fixture
def pair(run: CourseRun) -> tuple[ContentVersion, ContentVersion]:
    """A version that is shown, and an older one that lacks its last three blocks."""
    old = version(run, 1, ["problem@a"])
    new = version(run, 2, ["problem@a", "problem@b", "html@c", "problem@d"], graded=["problem@b"])
    return new, old


def answer(run: CourseRun, person: Person, usage_id: str) -> None:
    BlockState.objects.create(scope=StateScope.USER_STATE, person=person, run=run, usage_id=usage_id, state={"x": 1})


def score(run: CourseRun, person: Person, usage_id: str, earned: int, by: ContentVersion) -> None:
    BlockScore.objects.create(
        person=person, run=run, usage_id=usage_id, earned=earned, possible=2, content_version=by, scored_at=clock.now()
    )


def complete(run: CourseRun, person: Person, usage_id: str) -> None:
    BlockCompletion.objects.create(
        person=person, run=run, usage_id=usage_id, unit_usage_id="vertical@v", completion=Decimal(1),
        completed_at=clock.now(),
    )  # fmt: skip


def test_nothing_is_at_stake_where_nobody_worked(run: CourseRun, pair: tuple[ContentVersion, ContentVersion]) -> None:
    answer(run, make_person(), "problem@a")  # both have it
    answer(make_run(run.course), make_person(), "problem@b")  # another run
    BlockState.objects.create(scope=StateScope.SUMMARY, run=run, usage_id="problem@b")  # nobody's
    assert stakes.at_stake(run.pk, pair[0].pk, pair[1].pk) == Stake()


def test_each_learner_counts_once_whatever_they_left(
    run: CourseRun, pair: tuple[ContentVersion, ContentVersion]
) -> None:
    new, old = pair
    first, second, third = make_person(), make_person(), make_person()
    for usage_id in ("problem@b", "problem@d"):
        answer(run, first, usage_id)
    score(run, first, "problem@b", 2, new)
    complete(run, first, "problem@b")
    score(run, second, "problem@b", 0, new)
    complete(run, third, "html@c")
    with CaptureQueriesContext(connection) as asked:
        found = at_stake(run.pk, new.pk, old.pk)  # registered at start
    assert len(asked) == 3
    assert (found.learners, found.learners_with_points) == (3, 1)
    assert [(block.usage_id, block.name, block.learners, block.graded) for block in found.blocks] == [
        ("problem@b", "名b", 2, True),
        ("html@c", "名c", 1, False),
        ("problem@d", "名d", 1, False),
    ]


def test_the_other_way_round_nothing_is_lost(run: CourseRun, pair: tuple[ContentVersion, ContentVersion]) -> None:
    answer(run, make_person(), "problem@b")
    assert stakes.at_stake(run.pk, pair[1].pk, pair[0].pk) == Stake()


def test_many_blocks_are_counted_and_ten_are_named(run: CourseRun) -> None:
    old = version(run, 1, [])
    new = version(run, 2, [f"problem@{number}" for number in range(13)])
    person = make_person()
    for number in range(13):
        answer(run, person, f"problem@{number}")
    found = stakes.at_stake(run.pk, new.pk, old.pk)
    assert (len(found.blocks), found.blocks_more, found.learners) == (stakes.BLOCKS_LISTED, 3, 1)
