"""What is believed and what is not: values only."""

import base64
import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credits.certificates import records, rules, wording
from credits.certificates import statement as statements
from credits.certificates.records import Record, Unreadable
from credits.certificates.rules import Fault, PublicKey
from edu.kernel.canonical import canonical_bytes, content_hash

ISSUED = dt.datetime(2026, 11, 23, 7, 8, 9, 123000, tzinfo=dt.UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY_ID = "10593-certificate-2026-1f3a9c5e"


def statement(**changes: Any) -> dict[str, Any]:
    document = statements.build(
        lot=statements.LotFacts(
            lot_uuid=uuid.UUID(int=7),
            course_code="DL101",
            course_zh="数据素养",
            course_en="Data literacy",
            run_code="2026A",
            credit_points=Decimal("2"),
            contact_hours="32.0",
            grade="91",
            scale="percent",
            from_on=dt.date(2026, 9, 7),
            to_on=dt.date(2026, 11, 20),
        ),
        holder=statements.Holder("韦秀兰", "Wei Xiulan"),
        issuer=statements.IssuerFacts("4145010593", "广西大学", "Guangxi University"),
        paper=statements.Paper("1059320260000000197", "https://example.org/v/abc", KEY_ID, ISSUED),
    )
    return {**document, **changes}


def signed(document: dict[str, Any], key: Ed25519PrivateKey = KEY, key_id: str = KEY_ID) -> Record:
    signature = base64.b64encode(key.sign(canonical_bytes(document))).decode()
    return Record(statement=document, signature=signature, key_id=key_id)


def public(**changes: Any) -> PublicKey:
    values: dict[str, Any] = {
        "key_id": KEY_ID,
        "issuer_code": "4145010593",
        "public_key": base64.b64encode(KEY.public_key().public_bytes_raw()).decode(),
        "from_at": ISSUED - dt.timedelta(days=1),
        "to_at": None,
    }
    return PublicKey(**{**values, **changes})


GOOD = signed(statement())


def test_what_the_issuer_signed_is_believed() -> None:
    assert rules.fault_of(signed(statement()), public()) is None


def test_the_statement_is_a_document_of_strings_with_two_places_and_milliseconds() -> None:
    document = statement()
    assert document["credit_points"] == "2.00"
    assert document["issued_at"] == "2026-11-23T07:08:09.123Z"
    assert "home_institution" not in document
    assert "supersedes" not in document
    assert canonical_bytes(document).startswith(b'{"address":"https://example.org/v/abc","contact_hours":"32.0"')


def test_the_signed_bytes_never_change_their_form() -> None:
    """A tripwire: certificates on paper depend on exactly these bytes."""
    assert content_hash(statement()) == "ddc81f325cfbdab78697b95519fe03f7597bffd56a0e8ec36613aa0f5e92c480"


@pytest.mark.parametrize(
    ("record", "key", "fault"),
    [
        (signed(statement()), None, Fault.NO_SUCH_KEY),
        (signed(statement(), key_id="10593-certificate-2026-00000000"), public(), Fault.NO_SUCH_KEY),
        (signed(statement(key_id="another")), public(), Fault.NO_SUCH_KEY),
        (signed(statement(), key=Ed25519PrivateKey.generate()), public(), Fault.SIGNATURE_WRONG),
        (Record(statement(credit_points="8.00"), GOOD.signature, KEY_ID), public(), Fault.SIGNATURE_WRONG),
        (Record(statement(), "AAAA", KEY_ID), public(), Fault.SIGNATURE_WRONG),
        (Record(statement(), "not base64!", KEY_ID), public(), Fault.SIGNATURE_WRONG),
        (Record(statement(), "", KEY_ID), public(), Fault.SIGNATURE_WRONG),
        (signed(statement()), public(issuer_code="4145010603"), Fault.KEY_OF_ANOTHER_ISSUER),
        (signed(statement()), public(from_at=ISSUED + dt.timedelta(milliseconds=1)), Fault.KEY_NOT_VALID_THEN),
        (signed(statement()), public(to_at=ISSUED), Fault.KEY_NOT_VALID_THEN),
        (signed(statement(type="something.else")), public(), Fault.NOT_A_STATEMENT),
        (signed(statement(version="2")), public(), Fault.NOT_A_STATEMENT),
        (signed(statement(issued_at="yesterday")), public(), Fault.NOT_A_STATEMENT),
        (signed(statement(issued_at="2026-11-23T07:08:09")), public(), Fault.NOT_A_STATEMENT),
        (signed(statement(number={})), public(), Fault.NOT_A_STATEMENT),
    ],
)  # fmt: skip
def test_nothing_else_is_believed(record: Record, key: PublicKey | None, fault: Fault) -> None:
    assert rules.fault_of(record, key) is fault


def test_a_flipped_bit_anywhere_in_the_signature_is_noticed() -> None:
    good = base64.b64decode(signed(statement()).signature)
    for position in range(len(good)):
        bad = bytearray(good)
        bad[position] ^= 1
        record = Record(statement(), base64.b64encode(bytes(bad)).decode(), KEY_ID)
        assert rules.fault_of(record, public()) is Fault.SIGNATURE_WRONG


def dumped(**changes: Any) -> bytes:
    return records.dump(records.Record(statement(**changes), "AA==", KEY_ID), "AA==")


def test_a_record_is_read_back_as_it_was() -> None:
    record = records.parse(dumped())
    assert record.statement == statement()
    assert (record.signature, record.key_id) == ("AA==", KEY_ID)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-json"),
        (b"\xff", "not-json"),
        (b"[1]", "not-a-certificate"),
        (b"NaN", "not-json"),
        (b"{" * 3000, "not-json"),
        (b"[" * 60_000, "not-json"),
        (dumped().replace(b'"version":"1"}', b'"version":"2"}'), "not-a-certificate"),
        (dumped().replace(b'"signature":', b'"signature":"BB==","signature":'), "duplicate-keys"),
        (dumped().replace(b'"credit_points":', b'"credit_points":"8.00","credit_points":'), "duplicate-keys"),
        (dumped().replace(b'"2.00"', b"2.00"), "not-canonical"),
        (dumped().replace(b'"2.00"', b"NaN"), "not-json"),
        (dumped().replace("韦秀兰".encode(), b"\\ud800"), "not-canonical"),
        (b" " * (records.RECORD_SIZE_MAX_BYTES + 1), "not-a-certificate"),
    ],
)
def test_what_two_readers_could_understand_differently_is_not_read(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        records.parse(data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("阿卜杜拉·买买提", True),
        ("阿卜杜拉・买买提", True),
        ("阿卜杜拉买买提", True),
        ("ABDULLA MAMAT", True),
        ("阿卜杜拉", False),
        ("", False),
        ("·", False),
    ],
)
def test_a_name_is_compared_as_people_type_it(typed: str, same: bool) -> None:
    document = {"holder": {"name_zh": "阿卜杜拉·买买提", "name_latin": "Abdulla Mamat"}}
    assert rules.same_name(typed, document) is same


def test_both_languages_say_the_same_facts_in_the_same_order() -> None:
    chinese, english = wording.in_chinese(statement()), wording.in_english(statement())
    assert [fact.key for fact in chinese.facts] == [fact.key for fact in english.facts]
    assert (chinese.study, english.study) == ("2026年9月7日至2026年11月20日", "7 September 2026 to 20 November 2026")
    assert (chinese.grade, english.grade) == ("91（百分制）", "91 (out of 100)")
    assert (chinese.points, chinese.hours, chinese.issued) == ("2.0", "32", "2026年11月23日")
