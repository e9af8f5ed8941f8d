"""Checking many certificates in one call: right answers, one shape for what does not fit, limits, few queries."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from credits.certificates import actions, bulk, queries
from credits.certificates.models import Certificate
from edu.api.limits import Limit
from edu.people.models import AccessNote
from tests.factories.certificates import Scene

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/certificates/verify"
NOBODY = {"number": "9001320269999999999", "name": "韦秀兰"}


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def ask(client: Client, *items: dict[str, Any]) -> Any:
    return client.post(ADDRESS, json.dumps({"items": items}), content_type="application/json")


def test_each_item_has_its_answer_in_order(client: Client, certificate: Certificate) -> None:
    record = json.loads(queries.record_bytes(certificate))
    altered = {**record, "statement": {**record["statement"], "credit_points": "9.00"}}
    right = {"number": certificate.number, "name": "wei  xiulan"}
    results = ask(client, right, {"record": record}, {"record": altered}, {"record": {"a": 1}}, NOBODY).json()[
        "results"
    ]
    assert [one["status"] for one in results] == ["valid", "valid", "not-genuine", "not-genuine", "unknown"]
    assert results[0]["statement"] == results[1]["statement"] == certificate.statement
    assert results[2]["statement"] is results[4]["statement"] is None
    assert AccessNote.objects.filter(subject=certificate.holder, viewer_role="verifier").count() == 1


def test_a_wrong_name_and_an_unknown_number_look_the_same(client: Client, certificate: Certificate) -> None:
    wrong = ask(client, {"number": certificate.number, "name": "别人"}).json()["results"]
    unknown = ask(client, NOBODY).json()["results"]
    nothing = ask(client, {}).json()["results"]
    assert wrong == unknown == nothing == [{"status": "unknown", "status_since": None, "statement": None}]
    assert not AccessNote.objects.exists()


def test_a_revoked_one_says_since_when(client: Client, scene: Scene, certificate: Certificate) -> None:
    actions.revoke_certificate(certificate_uuid=certificate.uuid, reason="更正", acting=scene.as_registrar)
    (result,) = ask(client, {"number": certificate.number, "name": "韦秀兰"}).json()["results"]
    assert result["status"] == "revoked"
    assert result["status_since"].endswith("Z")


def test_names_cannot_be_guessed_and_numbers_not_listed(
    client: Client, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (certificate.number, NOBODY["number"]):
        guesses = [{"number": number, "name": f"韦{guess}"} for guess in range(12)]
        statuses = [one["status"] for one in ask(client, *guesses).json()["results"]]
        assert statuses == ["unknown"] * 10 + ["too-often"] * 2
    monkeypatch.setattr(bulk, "ITEMS_BY_CLIENT", Limit("bulk-test", times=3, seconds=3600))
    assert ask(client, NOBODY, NOBODY, NOBODY).status_code == 200
    refused = ask(client, NOBODY)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_too_many_or_malformed_items_are_refused(client: Client, db: None) -> None:
    assert ask(client).status_code == 422
    assert ask(client, *[NOBODY] * 201).status_code == 422
    assert ask(client, {"number": "1" * 41}).status_code == 422
    assert client.get(ADDRESS).status_code in (404, 405)


def test_a_full_call_costs_as_few_queries_as_a_small_one(
    client: Client, certificate: Certificate, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    items = [{"number": f"{number:019d}", "name": "韦秀兰"} for number in range(199)]
    with django_assert_max_num_queries(8):
        results = ask(client, *items, {"number": certificate.number, "name": "韦秀兰"}).json()["results"]
    assert [one["status"] for one in results] == ["unknown"] * 199 + ["valid"]


def test_the_description_names_it(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"][ADDRESS]["post"]
    assert "number and name" in described["description"]
