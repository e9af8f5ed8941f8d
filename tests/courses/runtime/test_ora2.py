"""Open response assessment: an answer in own words becomes points, by oneself, by classmates, by those who teach."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from submissions.models import Submission

from courses.content.openresponse import Fields, what_is_left_out, what_is_missing
from courses.enrolment.models import Enrolment
from courses.runs.models import RunTeacher
from courses.runtime import grants
from courses.runtime.grants import Grant
from courses.runtime.models import BlockCompletion, BlockScore, BlockState
from courses.runtime.views import open_unit
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people.api import erase_traces
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.courses.runtime.test_actions import post_json
from tests.factories.blocks import Spec, block
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
USAGE = "openassessment@o"
SELF: list[dict[str, Any]] = [{"name": "self-assessment"}]
PEER: list[dict[str, Any]] = [{"name": "peer-assessment", "must_grade": 1, "must_be_graded_by": 1}]
STAFF: list[dict[str, Any]] = [{"name": "staff-assessment", "required": True}]
RUBRIC = [
    {
        "name": name,
        "label": label,
        "prompt": "?",
        "feedback": "optional",
        "order_num": number,
        "options": [
            {"name": "weak", "label": "弱", "points": 0, "explanation": "", "order_num": 0},
            {"name": "good", "label": "好", "points": 3, "explanation": "", "order_num": 1},
        ],
    }
    for number, (name, label) in enumerate((("ideas", "想法"), ("style", "文字")))
]


def task(assessments: list[dict[str, Any]], **settings: Any) -> Spec:
    """A task with two criteria of three points each."""
    content = {
        "prompt": "为什么要看中位数？",
        "rubric_criteria": RUBRIC,
        "rubric_assessments": assessments,
        "title": "T",
    }
    return block(USAGE, content, **{"submission_due": None, **settings})


def classmate(room: Classroom, name: str = "乙某") -> Classroom:
    other = replace(room, person=make_person(name=name))
    Enrolment.objects.create(person=other.person, run=room.run, enrolled_at=clock.now())
    return other


def teacher(room: Classroom) -> Grant:
    person = make_person(name="老师")
    RunTeacher.objects.create(run=room.run, person=person)
    return Grant(person.pk, room.run.pk, room.run.content_id or 0, room.unit, USAGE, False, "zh-hans", True)


def judgement(ideas: str = "good", style: str = "weak", **more: Any) -> dict[str, Any]:
    chosen = {"ideas": ideas, "style": style}
    return {"options_selected": chosen, "criterion_feedback": {}, "overall_feedback": "", **more}


def hand_in(room: Classroom, text: str = "它不怕极端的数。") -> None:
    assert post_json(room.grant(USAGE), "submit", {"submission": [text]})[0] is True


def body_of(room: Classroom) -> str:
    return str(open_unit(room.grant())[1].blocks[0].body)


def score(room: Classroom) -> tuple[Decimal, Decimal] | None:
    row = BlockScore.objects.filter(person=room.person, run=room.run, usage_id=USAGE).first()
    return (row.earned, row.possible) if row else None


def is_done(room: Classroom) -> bool:
    return BlockCompletion.objects.filter(person=room.person, usage_id=USAGE, completion=1).exists()


def take(room: Classroom) -> str:
    """Take a classmate's answer, and return its number as the page shows it."""
    assert post_json(room.grant(USAGE), "take_peer", {})["found"] is True
    return body_of(room).partition('name="submission_uuid" value="')[2].partition('"')[0]


def test_an_answer_that_its_writer_judges_becomes_points(classroom: MakeClassroom) -> None:
    room = classroom([task(SELF, weight=4)])
    assert 'data-act="submit"' in body_of(room)

    assert post_json(room.grant(USAGE), "save_submission", {"submission": ["草稿"]})["success"] is True
    assert "草稿" in body_of(room)
    hand_in(room)
    assert score(room) is None
    assert not is_done(room)
    assert 'data-act="self_assess"' in body_of(room)
    assert post_json(room.grant(USAGE), "self_assess", judgement())["success"] is True

    assert score(room) == (Decimal(2), Decimal(4))
    assert is_done(room)
    assert "3/6" in body_of(room)


def test_classmates_judge_each_other_without_a_name(classroom: MakeClassroom) -> None:
    room = classroom([task(PEER)])
    hand_in(room, "甲的答案")
    assert 'data-act="take_peer"' not in body_of(room)
    other = classmate(room)
    hand_in(other, "乙的答案")

    uuid = take(room)
    assert "乙的答案" in body_of(room)
    assert "乙某" not in body_of(room)
    given = judgement(submission_uuid=uuid, overall_feedback="写得清楚")
    assert post_json(room.grant(USAGE), "peer_assess", given)["success"] is True
    assert is_done(room)
    assert score(room) is None
    assert post_json(other.grant(USAGE), "peer_assess", judgement("good", "good", submission_uuid=take(other)))[
        "success"
    ]

    assert score(room) == (Decimal(6), Decimal(6))
    assert score(other) == (Decimal(3), Decimal(6))
    assert "写得清楚" in body_of(other)


def test_a_learner_judges_only_what_was_given_out(classroom: MakeClassroom) -> None:
    room = classroom([task(PEER)])
    hand_in(room)
    other = classmate(room)
    hand_in(other)
    foreign = BlockState.objects.get(person=other.person, usage_id=USAGE).state["submission_uuid"]

    assert post_json(room.grant(USAGE), "peer_assess", judgement(submission_uuid=foreign))["success"] is False

    assert score(other) is None


def test_those_who_teach_the_run_grade_what_waits(classroom: MakeClassroom) -> None:
    room = classroom([task(STAFF)])
    hand_in(room, "等老师看")
    assert is_done(room)
    grant = teacher(room)

    before = str(open_unit(replace(grant, usage_id=room.unit))[1].blocks[0].body)
    assert 'data-act="take_answer"' in before
    assert "等老师看" not in before
    post_json(grant, "take_answer", {})
    page = str(open_unit(replace(grant, usage_id=room.unit))[1].blocks[0].body)
    assert "等老师看" in page
    uuid = page.partition('name="submission_uuid" value="')[2].partition('"')[0]
    given = judgement(submission_uuid=uuid, assess_type="full-grade", overall_feedback="再写细一点")
    assert post_json(grant, "staff_assess", given)["success"] is True

    assert score(room) == (Decimal(3), Decimal(6))
    assert "再写细一点" in body_of(room)


def test_an_answer_is_as_late_as_it_was_handed_in_and_not_as_it_was_graded(classroom: MakeClassroom) -> None:
    room = classroom([task(STAFF)])
    hand_in(room)
    in_time = clock.now() - dt.timedelta(days=20)
    Submission.objects.update(submitted_at=in_time)

    grant = teacher(room)
    uuid = Submission.objects.get().uuid
    assert post_json(grant, "staff_assess", judgement(submission_uuid=str(uuid), assess_type="full-grade"))["success"]

    assert BlockScore.objects.get(usage_id=USAGE).scored_at == in_time


def test_a_teacher_is_given_first_what_waits_for_them(classroom: MakeClassroom) -> None:
    room = classroom([task([*SELF, *STAFF])])
    hand_in(room, "还没有自评")
    other = classmate(room)
    hand_in(other, "已经自评")
    post_json(other.grant(USAGE), "self_assess", judgement())
    grant = teacher(room)

    def shown() -> str:
        return str(open_unit(replace(grant, usage_id=room.unit))[1].blocks[0].body)

    post_json(grant, "take_answer", {})
    assert "已经自评" in shown()
    uuid = BlockState.objects.get(person=other.person, usage_id=USAGE).state["submission_uuid"]
    post_json(grant, "staff_assess", judgement(submission_uuid=uuid, assess_type="full-grade"))
    post_json(grant, "take_answer", {})
    assert "还没有自评" in shown()


def test_samples_are_judged_first_and_give_no_points(classroom: MakeClassroom) -> None:
    chosen = [{"criterion": "ideas", "option": "good"}, {"criterion": "style", "option": "weak"}]
    sample = {"answer": {"parts": [{"text": "一个例子"}]}, "options_selected": chosen}
    room = classroom([task([{"name": "student-training", "examples": [sample]}, *SELF])])
    hand_in(room)
    assert "一个例子" in body_of(room)

    wrong = post_json(room.grant(USAGE), "training_assess", judgement("weak", "weak"))
    assert wrong["success"] is False
    assert "想法" in wrong["msg"]
    with pytest.raises(Stale):
        post_json(room.grant(USAGE), "self_assess", judgement())
    post_json(room.grant(USAGE), "training_assess", judgement())

    assert 'data-act="self_assess"' in body_of(room)
    assert score(room) is None


def test_nothing_is_taken_after_the_time_is_over(classroom: MakeClassroom) -> None:
    room = classroom([task(SELF, submission_due="2020-01-01T00:00:00+00:00")])
    assert "textarea" not in body_of(room)

    with pytest.raises(Refusal):
        post_json(room.grant(USAGE), "submit", {"submission": ["迟了"]})
    with pytest.raises(Refusal):
        post_json(room.grant(USAGE), "save_submission", {"submission": ["迟了"]})

    assert not Submission.objects.exists()


@pytest.mark.parametrize("handler", ["update_editor_context", "render_student_info", "upload_url", "cancel_submission"])
def test_what_the_package_offers_to_studio_is_not_there(classroom: MakeClassroom, handler: str) -> None:
    room = classroom([task(SELF)])

    with pytest.raises(NotThere):
        post_json(room.grant(USAGE), handler, {})


def test_a_stranger_a_learner_and_a_colleague_grade_nothing(classroom: MakeClassroom) -> None:
    room = classroom([task(STAFF)])
    hand_in(room)
    uuid = BlockState.objects.get(person=room.person, usage_id=USAGE).state["submission_uuid"]
    stranger = replace(room, person=make_person(name="外人"))
    colleague = replace(teacher(room), person_id=make_person(name="同事").pk)

    for grant in (stranger.grant(USAGE), room.grant(USAGE), colleague, replace(teacher(room), tells=False)):
        with pytest.raises(NotPermitted):
            post_json(grant, "staff_assess", judgement(submission_uuid=uuid))
    with pytest.raises(NotPermitted):
        hand_in(stranger)

    assert score(room) is None
    assert Submission.objects.count() == 1


def test_a_teacher_grades_no_answer_of_another_task(classroom: MakeClassroom) -> None:
    room = classroom([task(STAFF)])
    elsewhere = classroom([task(STAFF)])
    hand_in(elsewhere)
    uuid = BlockState.objects.get(person=elsewhere.person, usage_id=USAGE).state["submission_uuid"]

    for wrong in (uuid, "", "no-such-number"):
        with pytest.raises(Stale):
            post_json(teacher(room), "staff_assess", judgement(submission_uuid=wrong))

    assert score(elsewhere) is None


def test_looking_stores_nothing(classroom: MakeClassroom) -> None:
    room = classroom([task(SELF)])
    looking = room.grant(USAGE, keeps=False)

    with pytest.raises(Refusal):
        post_json(looking, "submit", {"submission": ["x"]})

    assert not Submission.objects.exists()
    assert "textarea" not in str(open_unit(room.grant(keeps=False))[1].blocks[0].body)


def test_an_answer_is_handed_in_once(classroom: MakeClassroom) -> None:
    room = classroom([task(SELF)])
    hand_in(room)

    again = post_json(room.grant(USAGE), "submit", {"submission": ["另一个"]})

    assert again[:2] == [False, "ENOMULTI"]
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("given", [[""], ["字" * 15_001], "text", None])
def test_a_bad_answer_leaves_nothing(classroom: MakeClassroom, given: Any) -> None:
    room = classroom([task(SELF)])

    try:
        said = post_json(room.grant(USAGE), "submit", {"submission": given})
    except Refusal:
        said = [False]

    assert said[0] is False
    assert not Submission.objects.exists()


def test_erasing_a_person_takes_their_words_and_leaves_the_points(classroom: MakeClassroom) -> None:
    room = classroom([task(PEER), block("freetextresponse@f", display_other_student_responses=True, min_word_count=1)])
    hand_in(room, "我的秘密")
    other = classmate(room)
    hand_in(other, "别人的话")
    given = judgement(submission_uuid=take(room), overall_feedback="我说的话")
    post_json(room.grant(USAGE), "peer_assess", given)
    post_json(room.grant("freetextresponse@f"), "submit", {"student_answer": "我分享的", "can_record_response": True})
    post_json(other.grant(USAGE), "peer_assess", judgement("good", "good", submission_uuid=take(other)))

    erase_traces(room.person.uuid)

    everything = [*map(str, Submission._objects.values_list("answer", flat=True)), body_of(other)]
    everything += map(str, BlockState.objects.values_list("state", flat=True))
    assert not [text for text in everything if "秘密" in text or "我说的话" in text or "我分享的" in text]
    assert [text for text in everything if "别人的话" in text]
    assert score(room) == (Decimal(6), Decimal(6))
    assert score(other) == (Decimal(3), Decimal(6))


def test_an_erased_answer_is_given_to_nobody(classroom: MakeClassroom) -> None:
    room = classroom([task(PEER)])
    other = classmate(room)
    hand_in(room)
    hand_in(other)
    take(other)

    erase_traces(room.person.uuid)

    assert post_json(other.grant(USAGE), "take_peer", {})["found"] is False
    assert 'data-act="peer_assess"' not in body_of(other)


def test_the_blocks_own_names_of_learners_are_those_of_the_run(classroom: MakeClassroom) -> None:
    room = classroom([task(SELF)])
    hand_in(room)

    item = Submission.objects.get().student_item
    assert item.student_id == grants.anonymous_id(room.person.pk, room.run.pk)
    assert f"r{room.run.pk}" in item.course_id


@pytest.mark.parametrize(("assessments", "most"), [(SELF, 14), (PEER, 38), (STAFF, 13)])
def test_a_view_takes_a_fixed_number_of_queries(
    classroom: MakeClassroom, assessments: list[dict[str, Any]], most: int
) -> None:
    room = classroom([task(assessments)])
    with CaptureQueriesContext(connection) as opened:
        body_of(room)
    hand_in(room)
    hand_in(classmate(room))
    with CaptureQueriesContext(connection) as handed_in:
        body_of(room)

    assert len(opened) == 5
    assert len(handed_in) <= most


def test_the_finished_task_takes_few_queries(classroom: MakeClassroom) -> None:
    room = classroom([task(SELF)])
    hand_in(room)
    post_json(room.grant(USAGE), "self_assess", judgement())

    with CaptureQueriesContext(connection) as finished:
        body_of(room)

    assert len(finished) <= 14


def test_what_cannot_be_done_here_is_said_at_import() -> None:
    assert what_is_missing({"settings": {}, "content": {}}) == ""
    assert what_is_missing({"settings": {"teams_enabled": True}}) == "needs-teams"
    assert what_is_missing({"settings": {"file_upload_response_raw": "required"}}) == ""
    assert what_is_missing({"settings": {"text_response_raw": None}}) == ""
    optional: Fields = {"settings": {"file_upload_response_raw": "optional"}, "content": {"leaderboard_show": 3}}
    assert what_is_missing(optional) == ""
    assert what_is_left_out(optional) == ["leaderboard-off"]
