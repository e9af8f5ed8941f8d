"""Scores from registered tools: only by a proved tool, for its own block, for learners it saw, newer ones only."""

import datetime as dt
import uuid
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from courses.lti import tokens
from courses.lti.models import SeenToken, Tool
from courses.runtime.models import BlockCompletion, BlockScore
from edu.kernel import clock
from tests.courses.lti.conftest import BLOCK, Lab, path_of
from tests.factories.rsa_tokens import Signer
from tests.factories.small_server import Asked

pytestmark = pytest.mark.django_db
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"


@pytest.fixture
def item(lab: Lab) -> str:
    """The path of the line item as a launch names it."""
    return path_of(lab.claims()[AGS]["lineitem"])


def score(lab: Lab, **changes: Any) -> dict[str, Any]:
    sent = {
        "userId": lab.row.seats.get().subject if lab.row.seats.exists() else "nobody",
        "scoreGiven": 75,
        "scoreMaximum": 100,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": clock.rfc3339(clock.now()),
    }
    return {name: value for name, value in {**sent, **changes}.items() if value is not None}


def send(bearer: str, path: str, sent: Any) -> Any:
    headers = {"authorization": f"Bearer {bearer}"}
    return Client().post(f"{path}/scores", sent, content_type=SCORE_TYPE, headers=headers)


def test_a_score_counts_by_the_weight_of_the_block(lab: Lab, item: str) -> None:
    assert send(lab.bearer(), item, score(lab)).status_code == 204
    row = BlockScore.objects.get()
    assert (row.person, row.usage_id, row.earned, row.possible) == (lab.room.person, BLOCK, Decimal(3), Decimal(4))
    assert BlockCompletion.objects.get().completion == 1


def test_the_line_item_and_the_results_can_be_read(lab: Lab, item: str) -> None:
    send(lab.bearer(), item, score(lab))
    headers = {"authorization": f"Bearer {lab.bearer('lineitem.readonly result.readonly')}"}
    told = Client().get(item, headers=headers)
    assert told["Content-Type"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert (told.json()["label"], told.json()["scoreMaximum"]) == ("串联电路", 4.0)
    found = Client().get(f"{item}/results", headers=headers).json()
    assert [(one["resultScore"], one["resultMaximum"]) for one in found] == [(3.0, 4.0)]
    assert Client().get(f"{item}/results?user_id=nobody", headers=headers).json() == []


def test_a_score_that_is_not_final_stores_nothing(lab: Lab, item: str) -> None:
    assert send(lab.bearer(), item, score(lab, gradingProgress="PendingManual")).status_code == 204
    assert not BlockScore.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"scoreGiven": 101},
        {"scoreGiven": -1},
        {"scoreGiven": "75"},
        {"scoreGiven": True},
        {"scoreGiven": None},
        {"scoreMaximum": 0},
        {"scoreMaximum": None},
        {"activityProgress": "Dreaming"},
        {"gradingProgress": None},
        {"timestamp": "today"},
        {"timestamp": "2026-11-28T01:02:03"},
        {"timestamp": "2199-01-01T00:00:00Z"},
        {"userId": None},
        {"userId": 7},
    ],
    ids=str,
)
def test_what_is_no_score_leaves_no_trace(lab: Lab, item: str, wrong: dict[str, Any]) -> None:
    answer = send(lab.bearer(), item, score(lab, **wrong))
    assert answer.status_code == 400
    assert answer.json()["error_description"]
    assert not BlockScore.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'{"scoreGiven": NaN}', b"\xff"])
def test_a_body_that_is_no_document_leaves_no_trace(lab: Lab, item: str, body: bytes) -> None:
    assert send(lab.bearer(), item, body).status_code == 400
    assert not BlockScore.objects.exists()


def test_a_learner_whom_the_tool_never_saw_gets_no_score(lab: Lab, item: str) -> None:
    assert send(lab.bearer(), item, score(lab, userId="guessed")).status_code == 404
    assert not BlockScore.objects.exists()


def test_an_older_score_does_not_replace_a_newer_one(lab: Lab, item: str) -> None:
    bearer = lab.bearer()
    send(bearer, item, score(lab))
    earlier = clock.rfc3339(clock.now() - dt.timedelta(minutes=1))
    assert send(bearer, item, score(lab, scoreGiven=0, timestamp=earlier)).status_code == 409
    assert BlockScore.objects.get().earned == 3


def test_who_has_left_gets_no_score(lab: Lab, item: str) -> None:
    lab.room.person.enrolments.update(status="withdrawn")
    assert send(lab.bearer(), item, score(lab)).status_code == 403
    assert not BlockScore.objects.exists()


@pytest.mark.parametrize("bearer", ["", "forged", "x" * 5000])
def test_a_token_that_was_not_given_here_is_refused(lab: Lab, item: str, bearer: str) -> None:
    assert send(bearer, item, score(lab)).status_code == 403
    assert not BlockScore.objects.exists()


def test_a_token_for_reading_writes_nothing(lab: Lab, item: str) -> None:
    assert send(lab.bearer("result.readonly"), item, score(lab)).status_code == 403
    assert not BlockScore.objects.exists()


def test_a_tool_scores_no_block_of_another(lab: Lab, item: str) -> None:
    bearer = lab.bearer()
    for path in (item.replace(str(lab.room.run.uuid), str(uuid.uuid4())), item.replace(BLOCK, "problem@x")):
        assert send(bearer, path, score(lab)).status_code == 404
    Tool.objects.update(client_id="tool-other")
    assert send(bearer, item, score(lab)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "https://elsewhere.example/token"},
        {"aud": ["http://localhost:8000/lti/token", "https://elsewhere.example"]},
        {"iss": "tool-nobody"},
        {"sub": "somebody"},
        {"iat": None},
        {"exp": None},
        {"exp": 1},
        {"iat": 4_000_000_000, "exp": 4_000_000_300},
        {"exp": "soon"},
        {"jti": None},
        {"jti": 7},
    ],
    ids=str,
)
def test_an_assertion_out_of_order_gets_no_token_and_leaves_no_trace(lab: Lab, wrong: dict[str, Any]) -> None:
    answer = lab.token(**wrong)
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
    assert not SeenToken.objects.exists()


def test_an_assertion_is_taken_once(lab: Lab) -> None:
    assert lab.token(jti="one").status_code == 200
    assert lab.token(jti="one").status_code == 401
    assert SeenToken.objects.count() == 1


def test_an_assertion_signed_by_nobody_is_refused(lab: Lab) -> None:
    assert lab.token(signer=Signer()).status_code == 401
    unsigned = lab.tool.signer.sign({"iss": lab.row.client_id}, alg="none")
    sent = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": unsigned,
        "scope": "https://purl.imsglobal.org/spec/lti-ags/scope/score",
    }
    assert Client().post("/lti/token", sent).status_code == 401
    assert Client().post("/lti/token", {**sent, "client_assertion": "x"}).status_code == 401
    assert Client().post("/lti/token", {}).status_code == 401


def test_a_rotated_key_is_found_and_a_flood_asks_once(lab: Lab) -> None:
    assert lab.token().status_code == 200
    new = Signer()
    lab.tool.keys[:] = [new]
    assert lab.token(signer=new).status_code == 200
    asked = len(lab.tool.server.of("/jwks"))
    for _try in range(5):
        assert lab.token(signer=Signer()).status_code == 401
    assert len(lab.tool.server.of("/jwks")) <= asked + 1


def _always(said: tuple[int, Any], _asked: Asked) -> tuple[int, Any]:
    return said


def test_keys_that_cannot_be_read_are_a_readable_no(lab: Lab) -> None:
    answers: list[tuple[int, Any]] = [(500, {}), (200, []), (200, {"keys": [{"kty": "RSA"}]}), (200, b"<html>")]
    for said in answers:
        cache.clear()
        lab.tool.server.answers["/jwks"] = partial(_always, said)
        answer = lab.token()
        assert answer.status_code == 401
        assert "keys" in answer.json()["error_description"] or "JSON" in answer.json()["error_description"]


def test_numbers_of_expired_tokens_are_forgotten(lab: Lab) -> None:
    lab.token()
    assert tokens.forget_expired() == 0
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert tokens.forget_expired() == 1
