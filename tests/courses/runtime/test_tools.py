"""Tools on other servers by LTI 1.1: what they are told, and results that count only when the tool signed them."""

import base64
import hashlib
import json
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client, override_settings
from oauthlib import oauth1

from courses.content.models import ContentBlock
from courses.enrolment.models import Enrolment
from courses.runtime import grants, lti
from courses.runtime.models import BlockCompletion, BlockScore
from courses.runtime.views import open_unit
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.factories.blocks import block

pytestmark = pytest.mark.django_db
TOOL = "https://tool.example/launch"
KEY, SECRET = "key", "a-secret"
XML = """<?xml version="1.0" encoding="UTF-8"?><imsx_POXEnvelopeRequest
xmlns="http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0"><imsx_POXHeader><imsx_POXRequestHeaderInfo>
<imsx_version>V1.0</imsx_version><imsx_messageIdentifier>m1</imsx_messageIdentifier></imsx_POXRequestHeaderInfo>
</imsx_POXHeader><imsx_POXBody>{body}</imsx_POXBody></imsx_POXEnvelopeRequest>"""
REPLACE = (
    "<replaceResultRequest><resultRecord><sourcedGUID><sourcedId>x</sourcedId></sourcedGUID><result><resultScore>"
    "<language>en</language><textString>{score}</textString></resultScore></result></resultRecord>"
    "</replaceResultRequest>"
)
READ = "<readResultRequest><resultRecord/></readResultRequest>"


@pytest.fixture(params=["lti", "lti_consumer"])
def room(request: pytest.FixtureRequest, classroom: MakeClassroom) -> Classroom:
    """A unit with a tool that reports scores, whose key the course brings; both blocks of LTI 1.1."""
    settings: dict[str, Any] = {"lti_id": "tool", "launch_url": TOOL, "has_score": True, "weight": 4.0}
    settings["custom_parameters"] = ["a=1"]
    course = {"lti_passports": ["broken", "other:x:y", f"tool:{KEY}:{SECRET}"]}
    return classroom([block(f"{request.param}@t", **settings)], course=course)


def usage(room: Classroom) -> str:
    return ContentBlock.objects.get(version=room.content, level="block").usage_id


def client(room: Classroom) -> tuple[Client, str]:
    host = f"{room.run.course.label}.blocks.localhost:8000"
    return Client(HTTP_HOST=host), f"http://{host}"


def send(room: Classroom, body: str, *, secret: str = SECRET, change: str = "", header: str = "") -> Any:
    """Post a result as a tool does: OAuth 1.0 in the header, the hash of the body under the signature."""
    sender, origin = client(room)
    path = f"/t/{grants.sign_tool(room.grant(usage(room)))}"
    with override_settings(GUIXUE_BLOCKS_ORIGIN="http://{course}.blocks.localhost:8000", ALLOWED_HOSTS=["*"]):
        signed = header or signature(origin + path, body, secret)
        return sender.post(path, (body + change).encode(), content_type="application/xml", HTTP_AUTHORIZATION=signed)


def signature(url: str, body: str, secret: str) -> str:
    digest = base64.b64encode(hashlib.sha1(body.encode()).digest()).decode()  # what the standard says
    signer = oauth1.Client(KEY, client_secret=secret, nonce=uuid.uuid4().hex)
    plain = signer.get_oauth_params
    signer.get_oauth_params = lambda request: [*plain(request), ("oauth_body_hash", digest)]
    _uri, headers, _body = signer.sign(url, "POST", headers={"Content-Type": "application/xml"})
    return str(headers["Authorization"])


def test_a_tool_is_told_a_name_that_holds_in_the_run_alone(room: Classroom) -> None:
    runtime, _unit = open_unit(room.grant())
    runtime.grant = room.grant(usage(room))

    made = lti.launch(runtime, runtime.block(usage(room)))

    told = dict(made.fields)
    assert made.url == TOOL
    assert told["user_id"] == grants.anonymous_id(room.person.pk, room.run.pk)
    assert told["custom_a"] == "1"
    assert told["oauth_consumer_key"] == KEY
    assert room.person.name not in json.dumps(told, ensure_ascii=False)
    assert not [name for name in told if name.startswith("lis_person")]


def test_a_signed_score_counts_by_the_weight_of_the_block(room: Classroom) -> None:
    answer = send(room, XML.format(body=REPLACE.format(score="0.75")))

    assert "success" in answer.content.decode()
    row = BlockScore.objects.get(usage_id=usage(room), person=room.person)
    assert (row.earned, row.possible) == (Decimal(3), Decimal(4))
    assert BlockCompletion.objects.get(usage_id=usage(room)).completion == 1
    assert "<textString>0.750000</textString>" in send(room, XML.format(body=READ)).content.decode()


@pytest.mark.parametrize("how", [{"secret": "guessed"}, {"change": " "}, {"header": "OAuth x"}, {"header": "Basic x"}])
def test_a_score_that_the_tool_did_not_sign_leaves_no_trace(room: Classroom, how: dict[str, str]) -> None:
    answer = send(room, XML.format(body=REPLACE.format(score="1")), **how)

    assert answer.status_code == 403
    assert not BlockScore.objects.exists()


def test_a_signature_is_taken_once(room: Classroom) -> None:
    body = XML.format(body=REPLACE.format(score="1"))
    sender, origin = client(room)
    path = f"/t/{grants.sign_tool(room.grant(usage(room)))}"
    with override_settings(GUIXUE_BLOCKS_ORIGIN="http://{course}.blocks.localhost:8000", ALLOWED_HOSTS=["*"]):
        header = signature(origin + path, body, SECRET)
        first, again = (
            sender.post(path, body.encode(), content_type="application/xml", HTTP_AUTHORIZATION=header) for _n in "12"
        )

    assert (first.status_code, again.status_code) == (200, 403)


@pytest.mark.parametrize("score", ["1.5", "-1", "NaN", "", "many"])
def test_a_score_beyond_its_bounds_is_no_score(room: Classroom, score: str) -> None:
    answer = send(room, XML.format(body=REPLACE.format(score=score)))

    assert "failure" in answer.content.decode()
    assert not BlockScore.objects.exists()


@pytest.mark.parametrize("body", ["", "<x/>", "{}", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "<a" * 10])
def test_what_is_no_envelope_is_answered_as_a_failure(room: Classroom, body: str) -> None:
    assert "failure" in send(room, body).content.decode()


def test_who_has_left_the_run_gets_no_score(room: Classroom) -> None:
    Enrolment.objects.update(status="withdrawn")

    assert send(room, XML.format(body=REPLACE.format(score="1"))).status_code == 403
    assert not BlockScore.objects.exists()


def test_a_handlers_address_is_none_of_a_tools(room: Classroom) -> None:
    sender, _origin = client(room)
    with override_settings(GUIXUE_BLOCKS_ORIGIN="http://{course}.blocks.localhost:8000", ALLOWED_HOSTS=["*"]):
        answer = sender.post(f"/t/{grants.sign_handler(room.grant(usage(room)))}", b"", content_type="application/xml")

    assert answer.status_code == 403


def test_a_tool_without_a_key_is_refused(classroom: MakeClassroom) -> None:
    room = classroom([block("lti@t", lti_id="tool", launch_url=TOOL)], course={"lti_passports": ["broken", "tool:"]})
    sender, _origin = client(room)
    with override_settings(GUIXUE_BLOCKS_ORIGIN="http://{course}.blocks.localhost:8000", ALLOWED_HOSTS=["*"]):
        answer = sender.get(f"/h/{grants.sign_handler(room.grant('lti@t'))}/lti-launch")

    assert answer.status_code == 422
    assert "tool-without-key" in answer.content.decode()
