"""Blocks of packages that were written for edx-platform do their work here."""

import re
from decimal import Decimal

import pytest
import webob

from courses.content.blocktypes import word_count
from courses.runtime.actions import call_handler
from courses.runtime.models import BlockCompletion, BlockScore
from courses.runtime.views import open_unit
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.courses.runtime.test_actions import post_json
from tests.factories.blocks import block

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
