"""The screens of sealed terms: a holder's proofs, the list for those who keep the ledger, and who does not get in."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from credits.data import Source
from credits.ledger import actions as ledger
from credits.ledger.grounds import LedgerRule
from credits.ledger.logged import all_postings
from credits.log import erasures
from credits.seals import leaves, proofs
from credits.seals.models import TermSeal
from edu.kernel import clock
from edu.kernel.actor import SYSTEM
from tests.factories.ledger_events import House
from tests.factories.people import make_person, sign_in
from tests.factories.seals import AFTER, earned, make_sealing_house, recognised, seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log_dir")]
QUERIES_MAX = 22  # session, identity and menu of the frame beside the seal, its windows, the lots and the log


@pytest.fixture
def house() -> House:
    return make_sealing_house()


def page(client: Client, name: str, *arguments: object, status: int = 200) -> str:
    response = client.get(reverse(f"credits:{name}", args=arguments))
    assert response.status_code == status
    return response.content.decode()


def file(client: Client, name: str, *arguments: object) -> dict[str, Any]:
    response = client.get(reverse(f"credits:{name}", args=arguments))
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store"
    found: dict[str, Any] = json.loads(response.content)
    return found


def test_a_student_sees_the_sealed_term_and_carries_proofs_out(client: Client, house: House) -> None:
    lot, waiting = earned(house), earned(house, amount="1.50", name="机器学习")
    recognised(house, lot)
    made = seal()
    sign_in(client, house.student)
    mine = page(client, "my_credits")
    assert reverse("credits:my_seal", args=[made.uuid]) in mine
    assert bytes(made.root).hex()[:16] in mine
    assert "3.5" in mine
    text = page(client, "my_seal", made.uuid)
    assert "南宁师范大学" in text
    assert bytes(made.root).hex() in text
    for row in (lot, waiting):
        assert reverse("credits:my_lot_proof", args=[made.uuid, row.uuid]) in text
    total = proofs.check(file(client, "my_total_proof", made.uuid))
    assert leaves.named(total.total) == {"entered": "3.50", "recognised": "2.00", "contact_hours": "0.00"}
    assert len(proofs.check(file(client, "my_whole_proof", made.uuid)).leaves) == 2
    [leaf] = proofs.check(file(client, "my_lot_proof", made.uuid, lot.uuid)).leaves
    assert leaf["lot"] == str(lot.uuid)


def test_a_corrected_credit_is_said_on_the_page(client: Client, house: House) -> None:
    earned(house)
    made = seal()
    sign_in(client, house.student)
    assert "封存之后有更正" not in page(client, "my_seal", made.uuid)
    [posting] = [one for one in all_postings() if one.document["event"] == "minted"]
    ledger.reverse(posting_uuid=posting.uuid, source=Source("correction", uuid4()), acting=SYSTEM)
    assert "封存之后有更正" in page(client, "my_seal", made.uuid)


def test_others_and_missing_seals_look_the_same(client: Client, house: House) -> None:
    lot = earned(house)
    made = seal()
    stranger = make_person(role="student")
    earned(house, stranger.uuid)
    sign_in(client, stranger)
    page(client, "my_lot_proof", made.uuid, lot.uuid, status=404)
    page(client, "my_lot_proof", made.uuid, uuid4(), status=404)
    page(client, "my_seal", uuid4(), status=404)
    page(client, "seals", status=404)
    page(client, "seal", made.uuid, status=404)
    page(client, "correction_rule", status=404)
    assert Client().get(reverse("credits:my_seal", args=[made.uuid])).status_code == 302


def test_who_was_erased_is_told_that_nothing_can_be_proved(client: Client, house: House) -> None:
    earned(house)
    made = seal()
    erasures.erase_salt(house.student.uuid)
    sign_in(client, house.student)
    assert reverse("credits:my_seal", args=[made.uuid]) not in page(client, "my_credits")
    page(client, "my_seal", made.uuid, status=422)


def test_a_changed_row_gives_no_proof_but_a_plain_word(client: Client, house: House) -> None:
    lot = earned(house)
    made = seal()
    sign_in(client, house.student)
    other = TermSeal(
        term_code="2023-2024-2", ends_on=made.ends_on, log_size=made.log_size, root=bytes(32), crown=bytes(made.crown),
        person_count=1, lot_count=1, entered=2, recognised=0, contact_hours=0, sealed_at=made.sealed_at,
    )  # fmt: skip
    other.save()
    text = page(client, "my_lot_proof", other.uuid, lot.uuid, status=422)
    assert "封存" in text


def test_registrars_and_the_department_see_the_list(client: Client, house: House) -> None:
    recognised(house, earned(house))
    made = seal()
    supervisor = make_person(role="supervisor")
    for person in (house.people["host_registrar"], supervisor):
        client = Client()
        sign_in(client, person)
        text = page(client, "seals")
        assert reverse("credits:seal", args=[made.uuid]) in text
        assert bytes(made.root).hex()[:16] in text
        detail = page(client, "seal", made.uuid)
        assert "桂林电子科技大学成绩管理办法" in detail
        assert bytes(made.root).hex() in detail


def test_the_list_says_what_an_open_term_waits_for(client: Client) -> None:
    house = make_sealing_house(rules=False)
    earned(house)
    sign_in(client, house.people["host_registrar"])
    with clock.at(AFTER):
        text = page(client, "seals")
    assert "桂林电子科技大学" in text
    assert reverse("credits:correction_rule") in text


def test_a_registrar_sets_the_time_for_corrections(client: Client, house: House) -> None:
    sign_in(client, house.people["host_registrar"])
    address = reverse("credits:correction_rule")
    good = {"number": "45", "from_on": clock.today().isoformat(), "source_text": "学生手册第三章", "source_url": ""}
    before = LedgerRule.objects.count()
    for wrong in ({"number": "0"}, {"number": "401"}, {"from_on": "2020-01-01"}, {"source_text": " "}):
        response = client.post(address, good | wrong)
        assert response.status_code == 200
        assert "error" in response.content.decode()
    assert LedgerRule.objects.count() == before
    assert client.post(address, good)["Location"] == reverse("credits:seals")
    rule = LedgerRule.objects.latest("pk")
    assert (rule.number, rule.institution_uuid, rule.source_text) == (45, house.host.uuid, "学生手册第三章")
    assert "45" in page(client, "seals")


def test_the_number_of_queries_does_not_grow(client: Client, house: House, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        recognised(house, earned(house, name=f"课程{number}"))
    made = seal()
    sign_in(client, house.student)
    page(client, "my_seal", made.uuid)
    for name, arguments in (("my_seal", [made.uuid]), ("my_credits", []), ("my_whole_proof", [made.uuid])):
        with django_assert_max_num_queries(QUERIES_MAX):
            client.get(reverse(f"credits:{name}", args=arguments))
