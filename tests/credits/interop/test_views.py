"""The pages on which a record is taken out."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from credits.interop.models import RecordExport, SheetLayout
from edu.people.queries import access_notes
from tests.factories.interop import studied_house
from tests.factories.ledger_events import House
from tests.factories.people import make_person, sign_in

pytestmark = pytest.mark.django_db
ELMO = {"kind": "transcript", "format": "elmo-1.7"}


@pytest.fixture
def house() -> House:
    return studied_house()


def file_page(client: Client, data: dict[str, str] | None = None, status: int = 200, **query: str) -> Any:
    address = reverse("credits:my_record_file", query={**ELMO, **query})
    response = client.post(address, data) if data is not None else client.get(address)
    assert response.status_code == status
    return response


def test_the_holder_sees_what_is_lost_before_the_download(client: Client, house: House) -> None:
    sign_in(client, house.student)
    assert reverse("credits:my_record") in client.get(reverse("credits:my_credits")).content.decode()
    start = client.get(reverse("credits:my_record")).content.decode()
    assert "还没有" in start
    text = file_page(client).content.decode()
    assert "文件里会有2行" in text
    assert "仍可使用" in text  # "still available" is a field that ELMO has no place for
    assert not RecordExport.objects.exists()
    answer = file_page(client, {"country": "CN", "legal_basis": ""})
    assert answer["Content-Type"] == "application/xml"
    assert answer["Content-Disposition"].startswith('attachment; filename="transcript-')
    assert "no-store" in answer["Cache-Control"]
    row = RecordExport.objects.get()
    start = client.get(reverse("credits:my_record")).content.decode()
    assert reverse("credits:my_record_export", args=[row.uuid]) in start
    one = client.get(reverse("credits:my_record_export", args=[row.uuid])).content.decode()
    assert row.content_hash in one


@pytest.mark.parametrize("format_", ["elmo-1.7", "clr-2.0", "xlsx"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_format_shows_its_losses_in_both_languages(
    client: Client, house: House, format_: str, language: str
) -> None:
    sign_in(client, house.student)
    address = reverse("credits:my_record_file", query={"kind": "recognition", "format": format_})
    answer = client.get(address.replace("/zh-hans/", f"/{language}/"))
    assert answer.status_code == 200


def test_errors_stand_at_their_fields_and_nothing_is_kept(client: Client, house: House) -> None:
    sign_in(client, house.student)
    text = file_page(client, {"name": "Warsaw", "country": "PL", "legal_basis": ""}, status=422).content.decode()
    assert "请选择法律依据" in text
    assert not RecordExport.objects.exists()
    file_page(client, {"name": "Warsaw", "country": "ZZ", "legal_basis": ""}, status=422)
    file_page(client, {"country": "CN"}, status=422, format="clr-2.0")  # nobody signs
    assert client.get(reverse("credits:my_record_file", query={"format": "pdf"})).status_code == 302
    assert not RecordExport.objects.exists()


def test_a_registrar_does_it_for_a_student_and_both_see_it(client: Client, house: House) -> None:
    registrar = sign_in(Client(), house.people["registrar"])
    person = registrar.get(reverse("credits:registry_person", args=[house.student.uuid])).content.decode()
    start = reverse("credits:registry_record", args=[house.student.uuid])
    assert start in person
    assert registrar.get(start).status_code == 200
    address = reverse("credits:registry_record_file", args=[house.student.uuid], query=ELMO)
    assert registrar.get(address).status_code == 200
    answer = registrar.post(address, {"name": "外省大学", "country": "CN", "legal_basis": ""})
    assert answer.status_code == 200
    row = RecordExport.objects.get()
    assert registrar.get(reverse("credits:registry_record_export", args=[row.uuid])).status_code == 200
    sign_in(client, house.student)
    text = client.get(reverse("credits:my_record")).content.decode()
    assert "外省大学" in text
    assert "南宁师范大学" in text
    assert {note.what for note in access_notes(house.student.uuid)} == {"credits", "record-file"}


def test_a_stranger_and_a_missing_row_get_the_same_404(client: Client, house: House) -> None:
    sign_in(client, house.student)
    file_page(client, {"country": "CN", "legal_basis": ""})
    row = RecordExport.objects.get()
    other = sign_in(Client(), make_person(name="覃某", role="student"))
    host = sign_in(Client(), house.people["host_registrar"])
    home = sign_in(Client(), house.people["registrar"])
    assert other.get(reverse("credits:my_record_export", args=[row.uuid])).status_code == 404
    for name, argument in (("registry_record", house.student.uuid), ("registry_record_file", house.student.uuid)):
        assert host.get(reverse(f"credits:{name}", args=[argument])).status_code == 404
        assert other.get(reverse(f"credits:{name}", args=[argument])).status_code == 404
    for one in (host, home, other):  # the holder's own file is not the institution's
        assert one.get(reverse("credits:registry_record_export", args=[row.uuid])).status_code == 404
    assert Client().get(reverse("credits:my_record")).status_code == 302


def test_a_registrar_chooses_the_columns(client: Client, house: House) -> None:
    sign_in(client, house.people["registrar"])
    address = reverse("credits:sheet_columns")
    assert client.get(address).status_code == 200
    data = {"holder-name_zh-place": "2", "holder-name_zh-head": "XM"}
    data |= {"holder-student_number-place": "1", "holder-student_number-head": "XH"}
    assert client.post(address, data).status_code == 302
    assert [one["head"] for one in SheetLayout.objects.get().columns] == ["XH", "XM"]
    assert client.post(address, {}).status_code == 422
    assert client.post(address, data | {"holder-name_zh-head": "XH"}).status_code == 422
    assert SheetLayout.objects.count() == 1
    sign_in(client, house.student)
    assert client.get(address).status_code == 404


def test_the_pages_ask_few_questions(client: Client, house: House, django_assert_max_num_queries: Any) -> None:
    sign_in(client, house.student)
    with django_assert_max_num_queries(30):
        file_page(client)
    for _number in range(3):
        file_page(client, {"country": "CN", "legal_basis": ""})
    with django_assert_max_num_queries(12):
        client.get(reverse("credits:my_record"))
