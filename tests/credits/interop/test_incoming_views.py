"""The pages on which credit comes in, and those on which it is handed out and taken back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from credits.interop.models import IncomingFile, IncomingProposal, IncomingVerdict
from credits.ledger import queries
from credits.ledger.grounds import ForeignParty, LotExport, LotExportRelease
from credits.ledger.models import Lot
from edu.people.queries import access_notes
from tests.credits.interop.test_incoming import CODE, outside_house
from tests.factories.elmo_files import course, elmo_file, report
from tests.factories.ledger_events import PARTY, House, signed_release
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
WHOLE = course("Degree", local="D", credit="120", parts=course("Thesis", local="T", credit="30"))
FILE = elmo_file(report(course(), WHOLE))


@pytest.fixture
def house() -> House:
    return outside_house()


def as_(house: House, who: str) -> Client:
    return sign_in(Client(), house.people[who])


def send(client: Client, content: bytes = FILE, number: str = "2023001", status: int = 302) -> Any:
    data = {"student_number": number, "file": SimpleUploadedFile("tor.xml", content)}
    response = client.post(reverse("credits:imports"), data)
    assert response.status_code == status
    return response


def page(client: Client, name: str, *arguments: object, status: int = 200) -> str:
    response = client.get(reverse(f"credits:{name}", args=arguments))
    assert response.status_code == status
    return str(response.content.decode())


def test_from_the_file_to_the_ledger_on_screen(house: House) -> None:
    one, other = as_(house, "registrar"), as_(house, "colleague")
    assert "还没有读入过文件" in page(one, "imports")
    send(one)
    file = IncomingFile.objects.get()
    text = page(one, "import_file", file.uuid)
    for said in ("Compiler construction", "6 ects", "Xiaoming Wei", "已改按其组成部分计入"):
        assert said in text
    address = reverse("credits:import_file", args=[file.uuid])
    bad = one.post(address, {"row-1-amount": "3"})  # no reason
    assert bad.status_code == 422
    assert one.post(address, {"row-1-amount": "41", "row-1-reason": "大"}).status_code == 422
    assert one.post(address, {}).status_code == 422
    assert not IncomingProposal.objects.exists()
    assert one.post(address, {"row-1-amount": "3", "row-1-reason": "大纲对照"}).status_code == 302
    assert reverse("credits:take_over_import", args=[file.uuid]) not in page(one, "import_file", file.uuid)
    assert "大纲对照" in page(other, "import_file", file.uuid)
    assert one.post(reverse("credits:take_over_import", args=[file.uuid])).status_code == 302
    assert not Lot.objects.exists()
    assert other.post(reverse("credits:take_over_import", args=[file.uuid])).status_code == 302
    [lot] = queries.lots_of(house.student.uuid)
    assert "已转入" in page(other, "import_file", file.uuid)
    mine = sign_in(Client(), house.student)
    assert "华沙大学" in page(mine, "my_credits")
    assert "华沙大学" in page(mine, "my_lot", lot.uuid)
    assert {note.what for note in access_notes(house.student.uuid)} == {"credits"}


def test_an_unknown_issuer_is_registered_from_the_error(house: House) -> None:
    client = as_(house, "registrar")
    unknown = '<identifier type="schac">uio.no</identifier>'
    content = elmo_file(report(course(), issuer=unknown, title="University of Oslo"))
    text = send(client, content, status=422).content.decode()
    assert "code=schac%3Auio.no" in text
    assert not IncomingFile.objects.exists()
    prefilled = client.get(reverse("credits:parties", query={"code": "schac:uio.no", "name": "University of Oslo"}))
    assert 'value="schac:uio.no"' in prefilled.content.decode()
    data = {"code": "schac:uio.no", "name_zh": "奥斯陆大学", "name_en": "University of Oslo"}
    assert client.post(reverse("credits:parties"), data).status_code == 302
    assert client.post(reverse("credits:parties"), data | {"name_zh": "别的"}).status_code == 422
    assert client.post(reverse("credits:parties"), data | {"code": "uio"}).status_code == 422
    assert ForeignParty.objects.filter(code="schac:uio.no").count() == 1
    send(client, content)


def test_bad_files_are_named_at_their_field(house: House) -> None:
    client = as_(house, "registrar")
    for content in (b"<x/>", b"%PDF", elmo_file(report(course()), head="<!DOCTYPE elmo>")):
        assert 'id="id_file_error"' in send(client, content, status=422).content.decode()
    assert 'id="id_student_number_error"' in send(client, number="1", status=422).content.decode()
    assert client.post(reverse("credits:imports"), {}).status_code == 422
    assert not IncomingFile.objects.exists()


def test_a_file_is_put_aside_with_a_reason(house: House) -> None:
    client = as_(house, "registrar")
    send(client)
    file = IncomingFile.objects.get()
    address = reverse("credits:put_import_aside", args=[file.uuid])
    assert client.post(address, {}).status_code == 422
    assert not IncomingVerdict.objects.exists()
    assert client.post(address, {"reason": "文件不是该校出具"}).status_code == 302
    assert "文件不是该校出具" in page(client, "import_file", file.uuid)


def test_others_find_nothing(house: House) -> None:
    send(as_(house, "registrar"))
    file = IncomingFile.objects.get()
    host, teacher, student = as_(house, "host_registrar"), as_(house, "trainee"), sign_in(Client(), house.student)
    for client in (host, teacher, student):
        page(client, "import_file", file.uuid, status=404)
        for name in ("take_over_import", "put_import_aside"):
            assert client.post(reverse(f"credits:{name}", args=[file.uuid]), {"reason": "x"}).status_code == 404
    for client in (teacher, student):
        for name in ("imports", "parties", "handed_over"):
            page(client, name, status=404)
    assert not IncomingVerdict.objects.exists()


def test_credit_is_handed_over_and_comes_back_by_a_signed_release(house: House) -> None:
    client, lot = as_(house, "registrar"), house.lot()
    assert reverse("credits:hand_over", args=[lot.uuid]) in page(client, "registry_lot", lot.uuid)
    address = reverse("credits:hand_over", args=[lot.uuid])
    assert client.get(address).status_code == 200
    assert client.post(address, {"party": CODE, "reason": "x"}).status_code == 422  # no key: not offered
    assert client.post(address, {"party": PARTY, "reason": ""}).status_code == 422
    assert not LotExport.objects.exists()
    assert client.post(address, {"party": PARTY, "reason": "转学"}).status_code == 302
    export = LotExport.objects.get()
    assert "外省大学" in page(client, "handed_over")
    one = reverse("credits:handed_over_one", args=[export.uuid])
    assert export.document_hash in client.get(one).content.decode()
    assert client.post(one, {"signed": "{}"}).status_code == 422
    assert client.post(one, {"signed": signed_release(house.key, export, export_hash="0" * 64)}).status_code == 422
    assert not LotExportRelease.objects.exists()
    assert client.post(one, {"signed": signed_release(house.key, export)}).status_code == 302
    assert LotExportRelease.objects.filter(export=export).exists()
    assert queries.lot(lot.uuid).amount_in("available") == lot.amount
    assert client.get(one).status_code == 200
    host = as_(house, "host_registrar")  # issued the credit, but does not hand on another's student
    assert host.get(address).status_code == 404
    assert host.get(one).status_code == 404


def test_the_pages_ask_few_questions(house: House, django_assert_max_num_queries: Any) -> None:
    client = as_(house, "registrar")
    send(client)
    file = IncomingFile.objects.get()
    with django_assert_max_num_queries(14):
        page(client, "imports")
    with django_assert_max_num_queries(22):
        page(client, "import_file", file.uuid)
