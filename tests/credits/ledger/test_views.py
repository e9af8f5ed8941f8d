"""The screens of the ledger: a student's own credit, a registrar's view of it, and who does not get in."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from credits.data import LotInfo, Source
from credits.ledger import actions, queries
from edu.people.queries import access_notes
from tests.factories.institutions import make_institution, make_programme, make_slot
from tests.factories.ledger import REGISTRAR
from tests.factories.people import make_affiliation, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> dict[str, Any]:
    """Host and home, a student of home with 2.5 credits from the host, of which 2.0 are recognised."""
    host = make_institution(name_zh="桂林电子科技大学", name_en="Guilin University of Electronic Technology")
    home = make_institution(name_zh="南宁师范大学", name_en="Nanning Normal University")
    programme = make_programme(institution=home)
    slot = make_slot(programme=programme, name_zh="通识选修", name_en="General elective")
    student = make_person(name="韦小明", role="student", institution=home, number="2023001", programme=programme)
    lots = [_minted(host, student, name) for name in ("数据会说话", "机器学习")]
    recognised = actions.recognise(
        lot_uuid=lots[0].uuid,
        home_uuid=home.uuid,
        programme_uuid=programme.uuid,
        slot_uuid=slot.uuid,
        converted_amount=Decimal("2.00"),
        unusable_amount=Decimal("0.50"),
        rule_hash="a" * 64,
        decision_uuid=uuid4(),
        acting=REGISTRAR,
    )
    return {"host": host, "home": home, "student": student, "lots": lots, "recognised": recognised}


def _minted(host: Any, student: Any, name: str) -> LotInfo:
    return actions.mint(
        issuer_uuid=host.uuid,
        activity_uuid=uuid4(),
        holder_uuid=student.uuid,
        student_record_uuid=None,
        attempt=1,
        unit="credit_points",
        amount=Decimal("2.50"),
        source=Source("result", uuid4()),
        facts={"course_name_zh": name, "course_name_en": "Course", "course_code": "C1", "grade": "86", "score": "86"},
        acting=REGISTRAR,
    )


def page(client: Client, name: str, *arguments: object, status: int = 200, **query: str) -> str:
    response = client.get(reverse(f"credits:{name}", args=arguments), query)
    assert response.status_code == status
    return str(response.content.decode())


def registrar_of(client: Client, institution: Any) -> Client:
    return sign_in(client, make_person(name="教务老师", role="registrar", institution=institution))


def test_a_student_sees_each_credit_and_where_it_is(client: Client, house: dict[str, Any]) -> None:
    sign_in(client, house["student"])
    text = page(client, "my_credits")
    for words in ("数据会说话", "机器学习", "桂林电子科技大学", "通识选修", "南宁师范大学"):
        assert words in text
    assert f"{reverse('credits:my_lot', args=[house['lots'][0].uuid])}#history" in text


def test_every_figure_of_a_lot_leads_to_its_posting_and_the_posting_to_its_cause(
    client: Client, house: dict[str, Any]
) -> None:
    sign_in(client, house["student"])
    lot = house["lots"][0]
    text = page(client, "my_lot", lot.uuid)
    for posting in queries.history_of(lot.uuid):
        assert f'id="posting-{posting.uuid}"' in text
    assert f'href="#posting-{house["recognised"].posting_uuid}"' in text
    assert reverse("courses:my_result", args=[lot.source.uuid]) in text
    assert "86" in text


def test_a_student_without_credit_is_told_what_comes_next(client: Client) -> None:
    sign_in(client, make_person(role="student"))
    assert reverse("courses:my_results") in page(client, "my_credits")


def test_strangers_and_missing_lots_look_the_same(client: Client, house: dict[str, Any]) -> None:
    sign_in(client, make_person(role="student"))
    theirs, missing = house["lots"][0].uuid, uuid4()
    there, nowhere = (
        re.sub(rf'{uuid}|name="csrfmiddlewaretoken" value="\w+"', "", page(client, "my_lot", uuid, status=404))
        for uuid in (theirs, missing)
    )
    assert there == nowhere
    for name, uuid in (("registry_person", house["student"].uuid), ("registry_lot", house["lots"][0].uuid)):
        page(client, name, uuid, status=404)
    page(client, "registry_ledger", status=404)


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    response = client.get(reverse("credits:my_credits"))
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_the_home_registrar_finds_a_student_by_number_and_is_noted(client: Client, house: dict[str, Any]) -> None:
    registrar_of(client, house["home"])
    found = client.get(reverse("credits:registry_ledger"), {"number": "2023001"})
    assert found["Location"] == reverse("credits:registry_person", args=[house["student"].uuid])
    text = page(client, "registry_person", house["student"].uuid)
    assert "机器学习" in text
    assert "通识选修" in text
    page(client, "registry_lot", house["lots"][0].uuid)
    notes = access_notes(house["student"].uuid)
    assert {(note.what, note.viewer_role) for note in notes} == {("credits", "registrar")}


def test_an_unknown_number_is_said_and_stays_in_the_field(client: Client, house: dict[str, Any]) -> None:
    registrar_of(client, house["home"])
    text = page(client, "registry_ledger", number="999")
    assert 'value="999"' in text
    assert "number_error" in text


def test_the_lists_of_host_and_home_show_what_each_entered(client: Client, house: dict[str, Any]) -> None:
    registrar_of(client, house["host"])
    assert "数据会说话" in page(client, "registry_ledger")
    home = registrar_of(Client(), house["home"])
    assert str(house["recognised"].recognised_lot.uuid) in page(home, "registry_ledger", view="recognised")
    assert "数据会说话" not in page(home, "registry_ledger")


def test_a_host_registrar_sees_only_what_the_host_issued(client: Client, house: dict[str, Any]) -> None:
    elsewhere = _minted(make_institution(), house["student"], "别处的课")
    registrar_of(client, house["host"])
    text = page(client, "registry_person", house["student"].uuid)
    assert "数据会说话" in text
    assert "别处的课" not in text
    page(client, "registry_lot", elsewhere.uuid, status=404)


def test_a_registrar_of_neither_gets_nothing(client: Client, house: dict[str, Any]) -> None:
    registrar_of(client, make_institution())
    page(client, "registry_person", house["student"].uuid, status=404)
    page(client, "registry_lot", house["lots"][0].uuid, status=404)
    assert access_notes(house["student"].uuid) == ()


def test_a_former_student_is_no_longer_the_registrars(client: Client, house: dict[str, Any]) -> None:
    other = make_institution()
    person = make_person()
    make_affiliation(person=person, role="student", institution=other, to_on=dt.date(2021, 7, 1))
    registrar_of(client, other)
    page(client, "registry_person", person.uuid, status=404)


def test_the_number_of_queries_does_not_grow_with_the_lots(
    client: Client, house: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    sign_in(client, house["student"])
    page(client, "my_credits")
    for number in range(10):
        _minted(house["host"], house["student"], f"课程{number}")
    with django_assert_max_num_queries(QUERIES_MAX):
        page(client, "my_credits")


QUERIES_MAX = 15  # session, identity and menu of the frame beside lots, balances, accounts, institutions, programmes
