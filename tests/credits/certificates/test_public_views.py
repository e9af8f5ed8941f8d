"""The verify pages, as anybody sees them."""

import json
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from credits.certificates import actions, checks, queries
from credits.certificates.models import Certificate
from edu.people.models import AccessNote
from tests.factories.certificates import Scene, requested

pytestmark = pytest.mark.django_db
PAGE_BYTES_MAX = 20 * 1024  # look.md B3, archetype 8; without its style sheet, which is measured in the build


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def page(client: Client, certificate: Certificate) -> str:
    response = client.get(f"/v/{certificate.token}")
    return str(response.content.decode())


def upload(client: Client, data: bytes, name: str = "certificate.pdf") -> tuple[int, str]:
    response = client.post("/verify/", {"file": SimpleUploadedFile(name, data)})
    return response.status_code, response.content.decode()


def record_of(certificate: Certificate) -> bytes:
    return queries.record_bytes(queries.rows().get(pk=certificate.pk))


def pdf_of(certificate: Certificate) -> bytes:
    with certificate.pdf.open("rb") as file:
        return bytes(file.read())


def test_a_good_certificate_says_so_in_both_languages_and_in_the_right_order(
    client: Client, certificate: Certificate
) -> None:
    response = client.get(f"/v/{certificate.token}")
    text = response.content.decode()
    order = [
        "有效",
        "核验于",
        "韦秀兰",
        "数据素养与统计入门",
        "桂江大学",
        "颁发日期",
        "证书编号",
        "In English",
        "Valid",
    ]
    text = text[text.index("<main") :]
    places = [text.index(word) for word in order]
    assert places == sorted(places)
    assert response.status_code == 200
    assert len(response.content) < PAGE_BYTES_MAX
    assert "<script" not in text
    assert not response.cookies
    assert response["Cache-Control"].startswith("max-age=0")


def test_an_english_browser_still_gets_chinese_first(client: Client, certificate: Certificate) -> None:
    response = client.get(f"/v/{certificate.token}", headers={"accept-language": "en"})
    assert 'lang="zh-Hans-CN"' in response.content.decode()[:200]


def test_what_does_not_exist_and_what_is_not_issued_yet_look_the_same(client: Client, scene: Scene) -> None:
    row = requested(scene)
    answers = [client.get(f"/v/{token}") for token in (row.token, "A" * 22, "short", "长" * 22)]
    assert {answer.status_code for answer in answers} == {404}
    assert all("查无此证" in answer.content.decode() for answer in answers)
    assert "韦秀兰" not in answers[0].content.decode()


def test_a_revoked_certificate_says_when_and_why(client: Client, certificate: Certificate, scene: Scene) -> None:
    actions.revoke_certificate(certificate_uuid=certificate.uuid, reason="成绩更正", acting=scene.as_registrar)
    text = page(client, certificate)
    assert "已撤销" in text
    assert "verdict-revoked" in text
    assert "成绩更正" in text


def test_a_damaged_register_is_never_shown_as_valid(
    client: Client, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = queries.public_key

    def other(key_id: str) -> object:
        key = real(key_id)
        assert key is not None
        return type(key)(key.key_id, key.issuer_code, "A" * 43 + "=", key.from_at, key.to_at)

    monkeypatch.setattr(queries, "public_key", other)
    response = client.get(f"/v/{certificate.token}")
    assert response.status_code == 503
    assert "暂时无法核验" in response.content.decode()
    assert "韦秀兰" not in response.content.decode()


def test_without_the_database_the_page_says_it_cannot_check(
    client: Client, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(token: str) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(checks, "by_token", down)
    response = client.get(f"/v/{certificate.token}")
    assert (response.status_code, "暂时无法核验" in response.content.decode()) == (503, True)


@pytest.mark.parametrize("name", ["韦秀兰", " 韦 秀兰 ", "Wei Xiulan", "WEI XIULAN", "wei xiu-lan"])
def test_number_and_name_find_the_certificate(client: Client, certificate: Certificate, name: str) -> None:
    grouped = f"{certificate.number[:5]} {certificate.number[5:9]} {certificate.number[9:]}"
    response = client.post("/verify/", {"number": grouped, "name": name})
    assert "有效" in response.content.decode()


def test_a_wrong_name_and_an_unknown_number_look_the_same(client: Client, certificate: Certificate) -> None:
    wrong = client.post("/verify/", {"number": certificate.number, "name": "韦秀岚"})
    unknown = client.post("/verify/", {"number": "1059320260000000197", "name": "韦秀兰"})
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.content == unknown.content
    assert not AccessNote.objects.exists()


def test_guessing_names_for_a_number_is_stopped(client: Client, certificate: Certificate) -> None:
    for guess in range(10):
        client.post("/verify/", {"number": certificate.number, "name": f"名{guess}"}, REMOTE_ADDR=f"10.0.0.{guess}")
    response = client.post("/verify/", {"number": certificate.number, "name": "韦秀兰"}, REMOTE_ADDR="10.0.1.1")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_guessing_numbers_is_stopped(client: Client) -> None:
    for guess in range(30):
        client.post("/verify/", {"number": str(guess), "name": "韦秀兰"})
    assert client.post("/verify/", {"number": "31", "name": "韦秀兰"}).status_code == 429


def test_the_original_pdf_and_the_record_are_valid(client: Client, certificate: Certificate) -> None:
    status, text = upload(client, pdf_of(certificate))
    assert (status, "有效" in text, "逐字节相同" in text) == (200, True, True)
    status, text = upload(client, record_of(certificate), "certificate.json")
    assert (status, "有效" in text) == (200, True)


def test_an_altered_pdf_with_an_intact_record_is_refused_and_says_why(client: Client, certificate: Certificate) -> None:
    altered = pdf_of(certificate) + b"\n% added"
    status, text = upload(client, altered)
    assert status == 200
    assert "被改动或另存过" in text
    assert "核验未通过" in text
    assert "韦秀兰" not in text


@pytest.mark.parametrize("path", ["holder", "credit_points", "number"])
def test_an_altered_statement_is_not_genuine_and_is_not_shown(
    client: Client, certificate: Certificate, path: str
) -> None:
    document = json.loads(record_of(certificate))
    document["statement"][path] = {"name_zh": "黄大力"} if path == "holder" else "8.00"
    _status, text = upload(client, json.dumps(document).encode(), "certificate.json")
    assert "核验未通过" in text
    assert "黄大力" not in text
    assert "韦秀兰" not in text
    assert not AccessNote.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\nnothing", "没有机读记录"),
        (b"PK\x03\x04 a spreadsheet", "不是 PDF"),
        (b"{}", "不是学分证书的机读记录"),
        (b'{"type":"a","type":"b"}', "出现两次"),
        (b"[" * 100_000, "不是学分证书"),
        (b"[" * 60_000, "不是 PDF"),
        (b"\xff\xfe", "不是 PDF"),
        (b" ", "不是 PDF"),
    ],
)
def test_other_files_are_refused_with_a_word_that_helps(client: Client, data: bytes, words: str) -> None:
    status, text = upload(client, data)
    assert status == 422
    assert words in text


def test_a_huge_upload_is_refused_by_its_length(client: Client) -> None:
    status, text = upload(client, b"%PDF-" + b"0" * (6 * 1024 * 1024))
    assert status == 413
    assert "5 MB" in text


def test_the_holder_sees_that_somebody_checked_once(client: Client, certificate: Certificate) -> None:
    page(client, certificate)
    page(client, certificate)
    note = AccessNote.objects.get()
    assert (note.what, note.viewer_role, note.viewer_person_uuid) == ("certificates", "verifier", None)
