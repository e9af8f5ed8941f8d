"""What CAPA writes as XML is closed as browsers want it."""

import pytest
import webob

from courses.runtime.markup import unfold, unfold_reply
from courses.runtime.views import open_unit
from tests.courses.runtime.conftest import MakeClassroom
from tests.courses.runtime.test_actions import answer
from tests.factories.blocks import problem

DYNAMATH = (
    "<problem><formularesponse type='ci' samples='x@1:5#4' answer='2*x'><label>Twice x</label>"
    "<textline inline='1' math='1'/></formularesponse></problem>"
)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("<textarea id=\"a\" name='b'/>", "<textarea id=\"a\" name='b'></textarea>"),
        ("<span/> after", "<span></span> after"),
        ('<input type="text"/><br/><img src="a/b.png"/>', '<input type="text"/><br/><img src="a/b.png"/>'),
        ("<p>1 < 2 and 3 /> 2</p>", "<p>1 < 2 and 3 /> 2</p>"),
        ('<a href="x/">y</a>', '<a href="x/">y</a>'),
    ],
)
def test_empty_elements_get_an_end(given: str, read: str) -> None:
    assert unfold(given) == read


def test_an_answer_that_is_no_markup_stays() -> None:
    for body in (b"not json", b"[1]", b'{"success": true}'):
        response = webob.Response(body=body)
        unfold_reply(response)
        assert response.body == body


@pytest.mark.django_db
def test_a_problem_never_swallows_what_follows_it(classroom: MakeClassroom) -> None:
    room = classroom([problem("p", DYNAMATH)])
    _runtime, unit = open_unit(room.grant())

    reply = answer(room.grant("problem@p"), "problem@p", value="x+x")

    for markup in (unit.blocks[0].body, reply["contents"]):
        assert markup.count("<textarea") == markup.count("</textarea>") >= 1
        assert "<span/>" not in markup
