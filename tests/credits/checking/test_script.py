"""The one-file script, run bare: what it believes, what it refuses, what it says."""

import ast
import json
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edu.kernel.canonical import canonical_bytes
from tests.credits.checking.conftest import ADDRESS, SCRIPT, Checked, code_text, run_script
from tests.factories.proofs import (
    HOST,
    INDEX,
    ISSUER,
    KEY_ID,
    TOKEN,
    Proof,
    private_key,
    public_text,
    statement,
    trust_list,
)
from tests.factories.signed_files import signed_file

Check = Callable[..., Checked]
VERSION_1 = {**Proof().record(), "version": "1"}


def test_the_code_on_paper_is_good(check: Check) -> None:
    status, found = check(code_text())
    assert (status, found["outcome"], found["as_of"]) == (0, "valid", "2026-11-26T01:00:00.000Z")
    assert (found["log"], found["witnesses"], found["known"], found["quorum"]) == (True, 3, 3, 2)
    assert found["statement"] == statement()


@pytest.mark.parametrize("text", [code_text(with_token=False), code_text().split("#")[1], "\n ".join(code_text())])
def test_it_reads_codes_without_token_digits_alone_and_broken_lines(check: Check, text: str) -> None:
    assert check(text.encode())[1]["outcome"] == "valid"


def test_digits_alone_without_a_token_want_their_address(check: Check) -> None:
    status, found = check(code_text(with_token=False).split("#")[1])
    assert (status, found["outcome"], found["code"]) == (2, "unreadable", "address-missing")


def test_records_of_both_versions_are_good(check: Check) -> None:
    assert check(Proof().record())[1]["outcome"] == "valid"
    status, found = check(VERSION_1)
    assert (status, found["outcome"], found["log"], found["as_of"]) == (0, "genuine", False, "")


def test_revocation_is_known_up_to_the_lists_moment_or_not_at_all(check: Check) -> None:
    ended = {"as_of": "2026-11-26T01:00:00.000Z", "entries": [{"entry": str(INDEX), "status": "revoked"}]}
    assert (check(code_text(), ended=ended)[0], check(code_text(), ended=ended)[1]["outcome"]) == (1, "revoked")
    status, found = check(code_text(), ended={"as_of": "", "entries": []})
    assert (status, found["outcome"], found["status"]) == (0, "genuine", "")


@pytest.mark.parametrize("place", range(60, 1400, 167))
def test_an_altered_digit_is_refused(check: Check, place: int) -> None:
    text = code_text()
    at = len(ADDRESS) + 1 + place
    altered = text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
    status, found = check(altered)
    assert status in (1, 2)
    assert found["outcome"] in ("not-genuine", "unreadable")


@pytest.mark.parametrize(
    ("address", "with_token"),
    [
        (f"https://guixue.example.edu.cn.evil.example/v/{TOKEN}", True),
        (f"https://guixue.examp1e.edu.cn/v/{TOKEN}", False),
        ("https://evil.example/verify", True),
        (f"http://guixue.example.edu.cn/v/{TOKEN}", True),
    ],
)
def test_a_code_that_leads_to_another_host_is_told_apart(check: Check, address: str, with_token: bool) -> None:
    status, found = check(code_text(address=address, with_token=with_token))
    assert (status, found["outcome"], found["code"]) == (1, "not-genuine", "other-host")


def test_another_certificates_address_is_noticed(check: Check) -> None:
    other = f"{HOST}/v/AAAAAAAAAAAAAAAAAAAAAA"
    assert check(code_text(address=other))[1]["code"] == "address-differs"
    assert check(code_text(address=other, with_token=False))[1]["code"] == "signature-wrong"


def test_each_signer_is_needed(check: Check) -> None:
    assert check(code_text(Proof(issuer_key="somebody")))[1]["code"] == "signature-wrong"
    assert check(code_text(Proof(witnesses=("witness.one.example", "unknown.example"))))[1]["code"] == "quorum-not-met"
    twice = Proof(witnesses=("witness.one.example",) * 3)
    assert check(code_text(twice))[1]["code"] == "quorum-not-met"
    other_log = trust_list()["list"]["log"]
    key = {**other_log["keys"][0], "public_key": public_text("another log")}
    assert check(code_text(), log={**other_log, "keys": [key, *other_log["keys"]]})[1]["outcome"] == "valid"
    assert check(code_text(), log={**other_log, "origin": "other.example"})[1]["code"] == "log-signature-wrong"


def test_a_key_counts_for_its_issuer_and_its_period_only(check: Check) -> None:
    issuer = trust_list()["list"]["issuers"][0]
    key = issuer["keys"][0]
    assert check(code_text(), issuers=[])[1]["code"] == "no-such-key"
    assert check(code_text(), issuers=[{**issuer, "code": "4145099999"}])[1]["code"] == "key-of-another-issuer"
    ended = {**key, "to_at": "2026-11-23T07:08:09.123Z"}
    assert check(code_text(), issuers=[{**issuer, "keys": [ended]}])[1]["code"] == "key-not-valid-then"
    later = {**key, "from_at": "2026-11-23T07:08:09.124Z"}
    assert check(code_text(), issuers=[{**issuer, "keys": [later]}])[1]["code"] == "key-not-valid-then"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"statement": {**statement(), "credit_points": "9.00"}}, "signature-wrong"),
        ({"entry_salt": "00" * 16}, "signature-wrong"),
        ({"proof": Proof({**statement(), "credit_points": "9.00"}).proof_text()}, "proof-wrong"),
        ({"proof": Proof().proof_text().replace("\nindex 765432\n", "\nindex 765433\n")}, "proof-wrong"),
        ({"statement": {**statement(), "version": "9"}}, "not-a-statement"),
        ({"statement": {**statement(), "key_id": "another"}}, "no-such-key"),
    ],
)
def test_an_altered_record_is_refused(check: Check, change: dict[str, Any], code: str) -> None:
    status, found = check({**Proof().record(), **change})
    assert (status, found["code"]) == (1, code)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"hello", b"[]", b"{}", b'{"type":"guixue.credit-certificate-record","version":"2"}', b"\xff\xfe",
        b'{"type":"x","type":"y"}', b"%PDF-1.7 nothing", b"123", b"{" * 100_000, b"1" * 9000,
        json.dumps({**Proof().record(), "entry_salt": 5}).encode(),
        json.dumps({**Proof().record(), "proof": "c2sp.org/tlog-proof@v1\nindex 1\n\na\nb\nc\n\n"}).encode(),
        json.dumps({**VERSION_1, "statement": {**statement(), "number": 5}}).encode(),
        json.dumps({**VERSION_1, "statement": {**statement(), "number": "\ud800"}}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_certificate_is_unreadable(check: Check, data: bytes) -> None:
    status, found = check(data)
    assert (status, found["outcome"]) == (2, "unreadable")


def test_a_trust_list_has_to_be_signed_by_its_log(tmp_path: Path) -> None:
    listed = trust_list()
    listed["list"]["quorum"] = "0"
    (tmp_path / "list.json").write_text(json.dumps(listed))
    done = run_script("--json", "--trust", str(tmp_path / "list.json"), code_text())
    assert (done.returncode, json.loads(done.stdout)["code"]) == (2, "trust-list-not-signed")
    (tmp_path / "list.json").write_text(json.dumps(trust_list()))
    pinned = run_script(
        "--json", "--trust", str(tmp_path / "list.json"), "--log-key", public_text("another"), code_text()
    )
    assert json.loads(pinned.stdout)["code"] == "trust-list-of-another-log"


def test_it_speaks_the_readers_language(trust: Callable[..., str]) -> None:
    chinese = run_script("--trust", trust(), code_text(), LANG="zh_CN.UTF-8").stdout.decode()
    english = run_script("--trust", trust(), code_text(), LANG="de_DE.UTF-8").stdout.decode()
    assert chinese.startswith("有效\n姓名: 阿依努尔·买买提 / Ayinuer Maimaiti\n课程: ")
    assert english.startswith("Valid\nName: 阿依努尔·买买提 / Ayinuer Maimaiti\nCourse: ")
    assert "见证人：3 / 3，要求 2" in chinese
    assert "Trust list made at 2026-11-26T01:00:00.000Z" in english
    assert "\x1b" not in run_script("--trust", trust(), code_text(Proof(evil())), LANG="en").stdout.decode()


def evil() -> dict[str, Any]:
    return {**statement(), "holder": {"name_zh": "\x1b[2J韦秀兰"}}


def test_a_pdf_is_believed_as_the_issuer_signed_it(check: Check) -> None:
    data = canonical_bytes(Proof().record())
    pdf = signed_file()
    assert check(pdf)[1]["outcome"] == "valid"
    unsigned = b"%PDF-1.7\n1 0 obj\n<<>>\nstream\n" + data + b"\nendstream\nendobj\n"
    strangers = signed_file(key=private_key("somebody"))
    for altered in (pdf + b"\n% more", pdf.replace(b"%%EOF", b"%%EOE", 1), unsigned, strangers):
        status, found = check(altered)
        assert (status, found["outcome"], found["code"]) == (1, "not-genuine", "file-altered")
    assert check(pdf + b"stream\n" + data.replace(b"2.00", b"3.00") + b"\nendstream")[0] == 2


def test_no_byte_of_a_pdf_can_differ() -> None:
    script = runpy.run_path(str(SCRIPT))
    pdf, key = signed_file(), private_key("issuer").public_key().public_bytes_raw()
    assert script["file_signed"](pdf, key)
    signature = pdf.index(b"/Contents <") + 10
    for place in {*range(0, len(pdf), 97), *range(signature, signature + 1900, 7)}:
        altered = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
        assert not script["file_signed"](altered, key), place


def test_ed25519_holds_against_the_reference() -> None:
    signed = runpy.run_path(str(SCRIPT))["signed"]
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    for message in (b"", b"a", bytes(1000)):
        signature = key.sign(message)
        assert signed(public, message, signature)
        assert not signed(public, message + b"x", signature)
        assert not signed(public, message, signature[:32] + bytes(32))
        too_large = int.from_bytes(signature[32:], "little") + 2**252 + 27742317777372353535851937790883648493
        assert not signed(public, message, signature[:32] + too_large.to_bytes(32, "little"))
    assert not signed(bytes([1]) + bytes(31), b"", bytes([1]) + bytes(63)), "a key of small order"
    # RFC 8032 §7.1, TEST 3
    public = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    signature = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    assert signed(public, bytes.fromhex("af82"), signature)


def test_it_is_python_3_8_and_imports_only_the_standard_library() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
    assert imported <= {
        "argparse", "base64", "datetime", "hashlib", "hmac", "json", "os", "re", "sys", "uuid", "zlib",
    }  # fmt: skip
    assert not re.search(r"\.removeprefix|\bmatch \w+:|to_bytes\(\)", SCRIPT.read_text("utf-8"))


def test_the_factory_is_of_one_issuer() -> None:
    assert KEY_ID.startswith(ISSUER.code[-5:])
