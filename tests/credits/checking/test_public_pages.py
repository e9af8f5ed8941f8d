"""The check page, its worker, the list, and what can be carried away."""

import base64
import hashlib
import io
import json
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from credits.certificates.compact import decode, from_digits
from credits.certificates.evidence import evidence_of, proven
from credits.certificates.models import PrintedName
from credits.certificates.paper import large_code
from credits.certificates.printed import book, book_for
from credits.checking import trust
from credits.log import keys
from edu.kernel.canonical import canonical_bytes
from tests.credits.checking.conftest import SCRIPT, run_script
from tests.factories.certificates import make_scene
from tests.factories.logged import logged_certificate, make_checked_log

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def log(settings: Settings, tmp_path: Path, db: None) -> Path:
    cache.clear()
    settings.GUIXUE_BASE_URL = "https://guixue.example.edu.cn"
    return make_checked_log(settings, tmp_path)


def test_the_list_knows_issuers_log_and_names_and_is_signed(client: Client) -> None:
    row = logged_certificate(make_scene())
    book_for(row.statement)
    answer = client.get("/trust/list.json")
    found = answer.json()
    listed = found["list"]
    assert listed["check_page"] == "https://guixue.example.edu.cn/check/offline/"
    assert [key["key_id"] for key in listed["issuers"][0]["keys"]] == [row.key.key_id]
    assert {key["algorithm"] for key in listed["log"]["keys"]} == {"Ed25519", "ML-DSA-44"}
    assert {one["name_zh"] for one in listed["names"]} == {"桂江大学", "漓水学院"}
    assert listed["ended"]["entries"] == []
    key = next(key for key in keys.public_keys() if len(key.material) == 32)
    from_list = next(one["public_key"] for one in listed["log"]["keys"] if one["algorithm"] == "Ed25519")
    assert from_list == base64.b64encode(key.material).decode()
    assert base64.b64decode(found["signature"]) == keys.sign_document(canonical_bytes(listed))
    assert client.get("/trust/list.json", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_the_list_costs_the_same_however_many_names(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(1, 30):
        PrintedName.objects.create(number=number, code=f"{number:010d}", name_zh=f"学校{number}")
    with django_assert_max_num_queries(8):
        trust.build()


def test_without_a_log_key_there_is_no_list(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "elsewhere"
    answer = client.get("/trust/list.json")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")


def test_a_certificate_of_ours_is_checked_by_the_script_from_its_large_code(client: Client, tmp_path: Path) -> None:
    row = logged_certificate(make_scene())
    evidence = evidence_of(row)
    assert evidence is not None
    text = large_code.text_of(proven(row, evidence), book_for(row.statement))
    assert decode(from_digits(text.split("#")[1]), book(), address=row.statement["address"]).statement == row.statement
    (tmp_path / "list.json").write_bytes(client.get("/trust/list.json").content)
    done = run_script("--json", "--trust", str(tmp_path / "list.json"), text)
    assert (done.returncode, json.loads(done.stdout)["outcome"]) == (0, "valid")


def test_a_name_keeps_its_number() -> None:
    row = logged_certificate(make_scene())
    first = book_for(row.statement)
    renamed = {**row.statement, "issuer": {**row.statement["issuer"], "name_zh": "桂江师范大学"}}
    second = book_for(renamed)
    assert book_for(row.statement) == first
    assert len(PrintedName.objects.all()) == 3
    assert set(first) & set(second) == {number for number, block in first.items() if block["name_zh"] == "漓水学院"}


def test_the_page_allows_webassembly_and_other_pages_do_not(client: Client) -> None:
    page = client.get("/check/offline/")
    assert page.status_code == 200
    assert "script-src 'self' 'wasm-unsafe-eval'" in page["Content-Security-Policy"]
    assert "wasm-unsafe-eval" not in client.get("/verify/")["Content-Security-Policy"]
    assert "sessionid" not in page.cookies
    text = page.content.decode()
    for said in ("官方网址", "official address", "不询问平台", "/check/guixue-check.html", "/trust/list.json"):
        assert said in text


def test_the_worker_keeps_files_that_are_there(client: Client, settings: Settings) -> None:
    answer = client.get("/check/worker.js")
    assert answer["Service-Worker-Allowed"] == "/"
    kept = json.loads(re.findall(r"GUIXUE_KEPT = (\{.*\});", answer.content.decode())[0])
    dist = Path(str(settings.STATICFILES_DIRS[0]))
    for address in [*kept["files"], *kept["lazy"]]:
        script = (dist / address.removeprefix("/static/")).read_bytes()
        imported = re.findall(rb"""(?:from|import)["']\./([\w.-]+\.js)["']""", script)
        assert {f"/static/dist/assets/{name.decode()}" for name in imported} <= {*kept["files"], *kept["lazy"]}
    assert any(name.endswith(".wasm") for name in kept["lazy"])
    assert not any(name.endswith(".wasm") for name in kept["files"])
    for address in (kept["page"], kept["list"]):
        assert client.get(address).status_code == 200


def test_the_file_for_a_stick_has_everything_inside(client: Client) -> None:
    answer = client.get("/check/guixue-check.html")
    text = answer.content.decode()
    assert answer["Content-Disposition"].startswith('attachment; filename="guixue-check-2')
    assert not re.search(r'(?:src|href)="(?!#)', text)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in text
    listed = re.findall(r'id="trust-list">(.*?)</script>', text, re.DOTALL)[0]
    assert json.loads(listed)["list"]["type"] == "guixue.trust-list"


def test_a_command_writes_the_same_file(client: Client, tmp_path: Path) -> None:
    call_command("make_check_file", str(tmp_path / "check.html"), verbosity=0, stdout=io.StringIO())
    assert (tmp_path / "check.html").read_bytes() == client.get("/check/guixue-check.html").content


def test_the_verify_page_leaves_room_for_the_browsers_own_verdict(client: Client) -> None:
    row = logged_certificate(make_scene())
    text = client.get(f"/v/{row.token}").content.decode()
    assert 'id="check-beside"' in text
    assert "check_beside" in text
    assert "check_beside" not in client.get("/v/AAAAAAAAAAAAAAAAAAAAAA").content.decode()


def test_the_script_is_served_as_it_is(client: Client) -> None:
    assert client.get("/check/verify_certificate.py").content == SCRIPT.read_bytes()
