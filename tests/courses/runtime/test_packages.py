"""Blocks of packages that were written for edx-platform do their work here."""

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest
import webob

from courses.content.blocktypes import word_count
from courses.enrolment.models import Enrolment
from courses.runtime import grants
from courses.runtime.actions import call_handler
from courses.runtime.models import BlockCompletion, BlockScore
from courses.runtime.views import open_unit
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.courses.runtime.test_actions import post_json
from tests.factories.blocks import block, text
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def score(room: Classroom, usage: str) -> tuple[Decimal, Decimal]:
    row = BlockScore.objects.get(person=room.person, run=room.run, usage_id=usage)
    return row.earned, row.possible


@pytest.mark.parametrize(("text", "length"), [("中位数在中间", 6), ("the median 在中间", 5), ("", 0), ("a b, c", 3)])
def test_a_chinese_text_is_as_long_as_its_characters(text: str, length: int) -> None:
    assert word_count(text) == length


def test_an_answer_in_own_words_is_scored_by_what_must_be_in_it(classroom: MakeClassroom) -> None:
    room = classroom([block("freetextresponse@t", min_word_count=5, fullcredit_keyphrases=["中间"], weight=2)])
    grant = room.grant("freetextresponse@t")

    post_json(grant, "submit", {"student_answer": "中间"})
    assert score(room, "freetextresponse@t") == (Decimal(0), Decimal(2))

    post_json(grant, "submit", {"student_answer": "把数排好，站在中间的那个"})
    assert score(room, "freetextresponse@t") == (Decimal(2), Decimal(2))
    body = open_unit(room.grant())[1].blocks[0].body
    assert "站在中间的那个" in body
    assert "2/2" in body


def test_items_dragged_to_their_places_are_scored(classroom: MakeClassroom) -> None:
    room = classroom([block("drag-and-drop-v2@g")])
    grant = room.grant("drag-and-drop-v2@g")

    wrong = post_json(grant, "drop_item", {"val": 0, "zone": "bottom", "x_percent": "10%", "y_percent": "10%"})
    assert wrong["correct"] is False
    for item, zone in ((0, "top"), (1, "middle"), (2, "bottom"), (3, "top")):
        answer = post_json(grant, "drop_item", {"val": item, "zone": zone, "x_percent": "10%", "y_percent": "10%"})
        assert answer["correct"] is True

    assert answer["finished"] is True
    assert score(room, "drag-and-drop-v2@g") == (Decimal(1), Decimal(1))
    assert BlockCompletion.objects.get(usage_id="drag-and-drop-v2@g").completion == 1


def test_acid_finds_every_scope_and_address_in_order(classroom: MakeClassroom) -> None:
    room = classroom([block("acid@x")])

    body = open_unit(room.grant())[1].blocks[0].body

    pattern = r'data-handler-url="([^"]+)" data-scope="(\w+)" data-value="(\d+)"'
    found = re.findall(pattern, re.sub(r"\s+", " ", body))
    assert {scope for _url, scope, _value in found} == {"user_state", "preferences", "user_info", "user_state_summary"}
    for url, _scope, value in found:
        path, _mark, query = url.replace("&amp;", "&").partition("?")
        suffix = path.rsplit("/", 1)[1]
        request = webob.Request.blank(f"/?{query}", method="POST", POST={"VALUE": value})
        answer = call_handler(room.grant("acid@x"), "check_storage", suffix, request).response.json
        assert answer["status"] == "ok", answer


MENTORING = [
    block("problem-builder@b", {"max_attempts": 3}, display_name="B"),
    block("pb-answer@a", {"name": "goal", "question": "?"}),
    block("pb-mcq@q", {"name": "colour", "question": "?", "correct_choices": ["bar"]}),
    block("pb-choice@c1", {"value": "bar", "content": "柱形"}),
    block("pb-choice@c2", {"value": "line", "content": "折线"}),
    block("pb-answer-recap@r", {"name": "goal"}),
]
PARENTS = {
    "pb-answer@a": "problem-builder@b",
    "pb-mcq@q": "problem-builder@b",
    "pb-choice@c1": "pb-mcq@q",
    "pb-choice@c2": "pb-mcq@q",
}


def test_a_block_made_of_blocks_is_shown_checked_and_scored_as_one(classroom: MakeClassroom) -> None:
    room = classroom(MENTORING, parents=PARENTS)
    assert [shown.usage_id for shown in open_unit(room.grant())[1].blocks] == ["problem-builder@b", "pb-answer-recap@r"]
    grant = room.grant("problem-builder@b")

    wrong = post_json(grant, "submit", {"goal": {"value": "读图"}, "colour": {"value": "line"}})
    assert wrong["completed"] is False
    right = post_json(grant, "submit", {"goal": {"value": "读图"}, "colour": {"value": "bar"}})

    assert right["completed"] is True
    assert score(room, "problem-builder@b") == (Decimal(1), Decimal(1))
    assert "读图" in open_unit(room.grant())[1].blocks[1].body


def test_a_part_that_is_not_run_here_leaves_a_word_and_the_rest_is_answered(classroom: MakeClassroom) -> None:
    html = text("h", '<p><img src="/static/a.png" alt=""></p>')
    odd = [*MENTORING, html, block("html_demo@x")]
    room = classroom(odd, parents={**PARENTS, "html@h": "problem-builder@b", "html_demo@x": "problem-builder@b"})

    body = open_unit(room.grant())[1].blocks[0].body
    right = post_json(
        room.grant("problem-builder@b"), "submit", {"goal": {"value": "读图"}, "colour": {"value": "bar"}}
    )

    assert "html_demo" in body
    assert f'src="/a/{room.content.uuid}/a.png"' in body
    assert right["completed"] is True


@pytest.mark.parametrize("event", [{"completion": 1}, {"value": 1, "max_value": 1}])
@pytest.mark.parametrize("kind", ["completion", "grade", "xblock.problem_builder.viewed"])
def test_a_browser_that_tells_of_an_event_completes_and_scores_nothing(
    classroom: MakeClassroom, kind: str, event: dict[str, int]
) -> None:
    room = classroom(MENTORING, parents=PARENTS)
    call_handler(
        room.grant("problem-builder@b"),
        "publish_event",
        "",
        webob.Request.blank("/", method="POST", body=json.dumps({"event_type": kind, **event}).encode()),
    )

    assert not BlockScore.objects.exists()
    assert not BlockCompletion.objects.exists()


def test_long_answers_of_a_learner_are_no_other_learners(classroom: MakeClassroom) -> None:
    room = classroom(MENTORING, parents=PARENTS)
    post_json(room.grant("problem-builder@b"), "submit", {"goal": {"value": "只给我看"}, "colour": {"value": "bar"}})
    other = replace(room, person=make_person(name="别人"))
    Enrolment.objects.create(person=other.person, run=room.run, enrolled_at=room.run.enrolment_opens_at)

    assert "只给我看" not in "".join(shown.body for shown in open_unit(other.grant())[1].blocks)


def test_what_a_learner_writes_is_in_no_log(classroom: MakeClassroom, caplog: pytest.LogCaptureFixture) -> None:
    room = classroom(MENTORING, parents=PARENTS)

    with caplog.at_level("DEBUG"):
        post_json(
            room.grant("problem-builder@b"), "submit", {"goal": {"value": "私人的话"}, "colour": {"value": "bar"}}
        )

    assert "私人的话" not in caplog.text


def test_a_package_is_scored_by_what_it_reports_and_names_nobody(classroom: MakeClassroom) -> None:
    room = classroom([block("scorm@k", index_page_path="index.html", weight=2)])
    grant = room.grant("scorm@k")

    values = [{"name": "cmi.core.score.raw", "value": "80"}, {"name": "cmi.core.lesson_status", "value": "passed"}]
    post_json(grant, "scorm_set_values", values)

    assert score(room, "scorm@k") == (Decimal("1.6"), Decimal(2))
    assert BlockCompletion.objects.get(usage_id="scorm@k").completion == 1
    asked = post_json(grant, "scorm_get_value", {"name": "cmi.core.student_id"})["value"]
    assert asked == grants.anonymous_id(room.person.pk, room.run.pk)


@pytest.mark.parametrize("odd", ["", "8,5", "-0.5", "nan", "1e999"])
def test_a_score_that_is_no_number_takes_nothing_else_with_it(classroom: MakeClassroom, odd: str) -> None:
    room = classroom([block("scorm@k", index_page_path="index.html", weight=2)])
    grant = room.grant("scorm@k")

    values = [{"name": "cmi.core.score.raw", "value": odd}, {"name": "cmi.suspend_data", "value": "page 3"}]
    answers = post_json(grant, "scorm_set_values", [*values, {"name": 5, "value": []}, "rubbish"])
    post_json(grant, "scorm_set_values", [{"name": "cmi.core.lesson_status", "value": "completed"}])

    assert [answer["result"] for answer in answers] == ["kept", "success", "refused", "refused"]
    assert post_json(grant, "scorm_get_value", {"name": "cmi.suspend_data"})["value"] == "page 3"
    assert score(room, "scorm@k") == (Decimal(0), Decimal(2))
    assert BlockCompletion.objects.get(usage_id="scorm@k").completion == 1


@pytest.mark.parametrize("odd", [5, [], {"a": 1}])
def test_an_answer_that_is_no_text_is_not_stored_and_the_block_can_still_be_shown(
    classroom: MakeClassroom, odd: object
) -> None:
    room = classroom([block("freetextresponse@t")])

    for handler in ("save_reponse", "submit"):
        with pytest.raises(TypeError):
            post_json(room.grant("freetextresponse@t"), handler, {"student_answer": odd})

    assert open_unit(room.grant())[1].blocks[0].state == "shown"
    assert not BlockScore.objects.exists()


def test_a_package_that_is_not_in_the_course_says_so(classroom: MakeClassroom) -> None:
    room = classroom([block("scorm@k", index_page_path="index.html")])

    assert "iframe" not in open_unit(room.grant())[1].blocks[0].body
