"""What learners did is read whatever the content is like."""

import datetime as dt
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest

from courses.content import queries as content
from courses.content.data import BlockInfo
from courses.enrolment.models import Enrolment
from courses.grading import facts
from courses.grading.policy import EntryRule, LateRule, Policy
from courses.grading.rules import Facts
from courses.progress.queries import scores_by_subsection
from courses.runtime.late import due_of
from courses.runtime.models import BlockScore, WatchedVideo
from tests.courses.grading.conftest import POLICY, QUIZ, Graded, change_block, graded  # noqa: F401  # a run with a quiz and a final
from tests.courses.runtime.conftest import MakeClassroom, classroom  # noqa: F401  # the same learner in the same room
from tests.factories.blocks import block, make_unit, text
from tests.factories.courses import make_content
from tests.factories.films import film, put_file

pytestmark = pytest.mark.django_db
ENTRY = Policy((), POLICY["GRADE_CUTOFFS"]["Pass"], entry=EntryRule(("x",)))  # type: ignore[index]  # asks for study


def read(run: Any, *policies: Policy) -> Facts:
    loaded = facts.load(run, Enrolment.objects.filter(run=run), policies)
    (enrolment_id,) = loaded.did
    return loaded.facts(enrolment_id, policies[0] if policies else ENTRY)


def test_a_course_in_which_nothing_is_graded_has_no_scores(classroom: MakeClassroom) -> None:  # noqa: F811
    room = classroom([text("t")])

    loaded = facts.load(room.run, Enrolment.objects.filter(run=room.run), ())

    assert [did.scores for did in loaded.did.values()] == [{}]


@pytest.mark.parametrize(
    "changes",
    [
        {"inherited": {"visible_to_staff_only": True}},
        {"fields": {"settings": {"weight": 4, "visible_to_staff_only": True}, "content": {}}},
        {"support": "placeholder"},
        {"needs_sandbox": True},
    ],
    ids=["in a hidden unit", "hidden itself", "unknown here", "in need of a sandbox"],
)
def test_what_no_learner_can_answer_is_no_zero(graded: Graded, changes: dict[str, Any]) -> None:  # noqa: F811
    change_block(graded, QUIZ, **changes)
    version, person = graded.run.content, graded.enrolment.person
    assert version is not None

    assert [work.assignment for work in read(graded.run).works] == ["Final"]
    shown = scores_by_subsection(graded.run.pk, person.pk, version.pk, version.uuid)
    assert [subsection.assignment_type for subsection in shown] == ["Final"]


def test_films_that_learners_do_not_see_are_not_asked_for(classroom: MakeClassroom) -> None:  # noqa: F811
    room = classroom([text("t")])
    room.run.content = version = make_content(room.run.course, 2, grading_policy=POLICY)
    room.run.save()
    put_file(version, film(), name="film.mp4")
    seen, hidden = (block(f"video@{name}", html5_sources=["/static/film.mp4"]) for name in ("seen", "hidden"))
    hidden[1]["settings"]["visible_to_staff_only"] = True
    make_unit(version, [seen, hidden])
    for usage_id in ("video@seen", "video@hidden"):
        WatchedVideo.objects.create(run=room.run, person=room.person, usage_id=usage_id, watched_s=2)

    study = read(room.run, ENTRY).study

    assert (study.watched_s, study.video_s) == (2, 2)


def test_work_is_late_from_the_moment_on_at_which_its_block_closes(graded: Graded) -> None:  # noqa: F811
    due = "2026-09-01T16:00:00"  # no zone: UTC, as blocks read it
    late = Policy((), POLICY["GRADE_CUTOFFS"]["Pass"], late=LateRule(percent_per_day=Decimal(10)))  # type: ignore[index]
    change_block(graded, "sequential@q", fields={"settings": {"due": due}, "content": {}})
    graded.score(QUIZ, "4")
    scored = BlockScore.objects.filter(usage_id=QUIZ)
    info = BlockInfo(**{**asdict(content.block(graded.run.content_id, QUIZ)), "inherited": {"due": due}})  # type: ignore[arg-type]
    closes_at = due_of(info)
    assert closes_at is not None

    scored.update(scored_at=closes_at)
    assert read(graded.run, late).works[0].days_late == 0
    scored.update(scored_at=closes_at + dt.timedelta(minutes=1))
    assert read(graded.run, late).works[0].days_late == 1
