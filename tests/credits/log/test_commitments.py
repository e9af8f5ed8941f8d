"""What the log holds tells nothing without a salt, and a salt opens one entry alone."""

import hashlib
import json
from uuid import UUID

import pytest

from credits.log import commitments

OWNER = bytes(range(32))
ONE, TWO = UUID(int=1), UUID(int=2)
STATEMENT = {"type": "t", "version": "1", "course": {"code": "MA101", "name_zh": "微积分"}, "lots": ["a", "b"]}


def test_each_subject_has_a_salt_of_its_own() -> None:
    salts = {commitments.entry_salt(OWNER, ONE), commitments.entry_salt(OWNER, TWO)}
    assert len(salts) == 2
    assert {len(salt) for salt in salts} == {commitments.SALT_SIZE}


def test_a_certificates_commitment_follows_from_shown_fields_and_hashes_of_hidden_ones() -> None:
    salt = commitments.entry_salt(OWNER, ONE)
    whole = commitments.certificate_commitment(salt, STATEMENT)
    hashes = {
        path: commitments.field_hash(commitments.field_salt(salt, path), path, value)
        for path, value in commitments.leaves(STATEMENT)
    }
    assert sorted(hashes) == ["course.code", "course.name_zh", "lots.0", "lots.1", "type", "version"]
    assert commitments.root_of_fields(hashes) == whole
    assert commitments.certificate_commitment(salt, STATEMENT | {"version": "2"}) != whole


def test_the_layout_is_what_the_format_page_says() -> None:
    # Golden values: whoever changes the layout has to see this fail.
    salt = commitments.entry_salt(OWNER, ONE)
    committed = commitments.certificate_commitment(salt, STATEMENT)
    assert salt.hex() == "a78576723610da259447c77d8d823e35"
    assert committed == "67bbf925dd42eab8579f902c9fb0ae88bcaaeac9ffed6205ad912702b0bbdfef"
    other = commitments.commitment(salt, {"type": "t", "version": "1"})
    assert other == "6debf4de3af3bd3b485823b7b95493dc3012552337ebb6e72619341a31707c34"


def test_an_entry_holds_no_more_than_it_must() -> None:
    entry = commitments.entry_bytes("posting", "ab" * 32)
    assert sorted(json.loads(entry)) == ["commitment", "kind", "type", "version"]
    signed = commitments.entry_bytes("certificate", "ab" * 32, key_id="k", signature="s")
    assert sorted(json.loads(signed)) == ["commitment", "key_id", "kind", "signature", "type", "version"]
    assert len(hashlib.sha256(entry).digest()) == 32


@pytest.mark.parametrize(("kind", "key_id"), [("posting", "k"), ("certificate", ""), ("diary", "")])
def test_other_entries_are_not_made(kind: str, key_id: str) -> None:
    with pytest.raises(ValueError, match="signed by an issuer"):
        commitments.entry_bytes(kind, "ab" * 32, key_id=key_id, signature=key_id and "s")


def test_numbers_and_dotted_names_are_no_fields() -> None:
    with pytest.raises(ValueError, match="not a string"):
        list(commitments.leaves({"credit_points": 2}))
    with pytest.raises(ValueError, match="dot"):
        list(commitments.leaves({"a.b": "c"}))
