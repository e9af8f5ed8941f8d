"""What the check in the browser is tested with: `python -m tests.credits.checking.vectors` writes the file anew."""

# ruff: noqa: E501  (a table: one case a line)

import json
from pathlib import Path
from typing import Any

from credits.log import commitments
from tests.credits.checking.conftest import ADDRESS, code_text
from tests.factories.proofs import HOST, INDEX, TOKEN, Proof, public_text, statement, trust_list
from tests.factories.signed_files import signed_file

FILE = Path(__file__).resolve().parents[3] / "credits" / "client" / "checking" / "vectors.json"
SIGNED = FILE.with_name("signed.pdf")
HIDDEN = ("grade.value", "grade.scale", "number", "address", "lot", "supersedes")


def disclosure(proof: Proof, hidden: tuple[str, ...] = HIDDEN) -> dict[str, Any]:
    """Return what a holder shows of a certificate, with the proof of docs/formats.md §2."""
    shown, kept = {}, {}
    for path, value in commitments.leaves(proof.statement):
        salt = commitments.field_salt(proof.entry_salt, path)
        if path in hidden:
            kept[path] = commitments.field_hash(salt, path, value).hex()
        else:
            shown[path] = {"value": value, "salt": salt.hex()}
    record = proof.record()
    return {
        "type": "guixue.certificate-disclosure",
        "version": "1",
        "shown": shown,
        "hidden": kept,
        "until": "2027-01-01T00:00:00.000Z",
        "commitment_signature": record["commitment_signature"],
        "proof": record["proof"],
    }


def altered(text: str, place: int) -> str:
    """Return a code's text with one digit changed."""
    at = len(ADDRESS) + 1 + place
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


def cases() -> list[dict[str, Any]]:
    """Return each thing that somebody may bring, and what is to be found."""
    record, whole = Proof().record(), code_text()
    shown = disclosure(Proof())
    key = {**trust_list()["list"]["log"]["keys"][0], "public_key": public_text("another log")}
    issuer = trust_list()["list"]["issuers"][0]
    evil = f"https://guixue.example.edu.cn.evil.example/v/{TOKEN}"
    ended = {"as_of": "2026-11-26T01:00:00.000Z", "entries": [{"entry": str(INDEX), "status": "revoked"}]}
    suspended = {"as_of": ended["as_of"], "entries": [{"entry": str(INDEX), "status": "suspended"}]}
    named = {**shown["shown"], "holder.name_zh": {**shown["shown"]["holder.name_zh"], "value": "韦秀兰"}}

    def case(name: str, given: Any, outcome: str, code: str = "", **changes: Any) -> dict[str, Any]:
        return {"name": name, "given": given, "outcome": outcome, "code": code, "trust": changes}

    return [
        case("the code on paper", whole, "valid"),
        case("without a token", code_text(with_token=False), "valid"),
        case("digits alone", whole.split("#")[1], "valid"),
        case("digits alone without a token", code_text(with_token=False).split("#")[1], "unreadable", "address-missing"),
        case("broken lines", whole[:200] + "\n " + whole[200:], "valid"),
        case("behind the check page", f"{HOST}/check/offline/#{whole.split('#')[1]}", "valid"),
        case("a record", record, "valid"),
        case("a record without proof", {**record, "version": "1"}, "genuine"),
        case("a share", shown, "valid"),
        case("a share with another name", {**shown, "shown": named}, "not-genuine", "signature-wrong"),
        case("a share that hides its issuer", disclosure(Proof(), ("issuer.code",)), "not-genuine", "key-of-another-issuer"),
        case("revoked", whole, "revoked", ended=ended),
        case("suspended", whole, "suspended", ended=suspended),
        case("no status copy", whole, "genuine", ended={"as_of": "", "entries": []}),
        case("an altered digit", altered(whole, 2900), "not-genuine", "cosignature-wrong"),
        case("a look-alike", code_text(address=evil), "not-genuine", "other-host"),
        case("a look-alike without a token", code_text(address=evil, with_token=False), "not-genuine", "other-host"),
        case("another site", code_text(address="https://evil.example/x"), "not-genuine", "other-host"),
        case("another certificate's address", code_text(address=f"{HOST}/v/{'A' * 22}"), "not-genuine", "address-differs"),
        case("another issuer's signature", code_text(Proof(issuer_key="somebody")), "not-genuine", "signature-wrong"),
        case("one witness", code_text(Proof(witnesses=("witness.one.example",))), "not-genuine", "quorum-not-met"),
        case("one witness thrice", code_text(Proof(witnesses=("witness.one.example",) * 3)), "not-genuine", "quorum-not-met"),
        case("an unknown key", whole, "not-genuine", "no-such-key", issuers=[]),
        case("another school's key", whole, "not-genuine", "key-of-another-issuer", issuers=[{**issuer, "code": "4145099999"}]),
        case("an unknown name", whole, "unreadable", "name-unknown", names=[]),
        case("a second log key", whole, "valid", log={"origin": key["name"], "keys": [key, *trust_list()["list"]["log"]["keys"]]}),
        case("another log", whole, "not-genuine", "log-signature-wrong", log={**trust_list()["list"]["log"], "origin": "x"}),
        case("more credits", {**record, "statement": {**statement(), "credit_points": "9.00"}}, "not-genuine", "signature-wrong"),
        case("another entry's proof", {**record, "proof": Proof({**statement(), "grade": {}}).proof_text()}, "not-genuine", "proof-wrong"),
        case("cut short", whole[:-30], "unreadable", ""),
        case("no certificate", {"type": "x"}, "unreadable", "not-a-certificate"),
        case("empty", "", "unreadable", "not-digits"),
    ]  # fmt: skip


def document() -> dict[str, Any]:
    """Return the file's content: each case with its trust list, but for the usual one."""
    return {
        "trust": trust_list(),
        "cases": [{**one, "trust": trust_list(**one["trust"]) if one["trust"] else None} for one in cases()],
    }


def text() -> str:
    """Return the file's text."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    SIGNED.write_bytes(signed_file())
    FILE.write_text(text(), encoding="utf-8")
