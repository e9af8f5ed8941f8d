"""The compact form: it comes back as it went, hostile bytes are refused by name, and it fits on paper."""

import contextlib
import dataclasses
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from credits.certificates import compact
from credits.certificates.compact import INDEX, TABLE, NotCompact, Proven, decode, encode, from_digits, to_digits
from credits.certificates.packing import Malformed, Reader, Words, varint
from tests.factories.proofs import BOOK, HOST, TOKEN, Proof, statement

ADDRESS = f"{HOST}/v/{TOKEN}"
PATHS = [path for path, kind in TABLE if kind is not None and path != "address"]
PROVEN = Proof().proven()
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
likely = st.one_of(
    words,
    st.dates().map(str),
    st.uuids().map(str),
    st.decimals(0, 999, places=2).map(str),
    st.from_regex(r"[0-9]{10}|[0-9]{19}|[0-9]{5}-certificate-[0-9]{4}-[0-9a-f]{8}", fullmatch=True),
    st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"),
    st.sampled_from(("percent", "pass-fail", "91", "0", "00", "007", "1.", ".5", "2.00", "32.0", "Ⅷ", "^a", "A^", "é")),
)


def shaped(said: dict[str, str]) -> dict[str, Any]:
    return {"type": "guixue.credit-certificate", "version": "1", **compact._nested(said)}


def with_statement(document: dict[str, Any]) -> Proven:
    return dataclasses.replace(PROVEN, statement=document)


def code_of(data: bytes, **reading: Any) -> str:
    with pytest.raises(Malformed) as error:
        decode(data, BOOK, **{"address": ADDRESS, **reading})
    return error.value.code


@given(st.dictionaries(st.sampled_from(PATHS), likely), st.booleans())
@example({"issuer.code": "4145010595", "number": "1059520260012345683"}, True)
@settings(max_examples=400, deadline=None)
def test_what_goes_in_comes_out(said: dict[str, str], with_token: bool) -> None:
    proven = with_statement(shaped({**said, "address": ADDRESS}))
    assert decode(encode(proven, BOOK, with_token=with_token), BOOK, address=ADDRESS) == proven


@given(words)
@settings(max_examples=300)
def test_names_come_back(name: str) -> None:
    packed = Words().pack(name, {})
    reader = Reader(packed)
    assert Words().unpack(reader, {}) == name
    assert reader.at == len(packed) <= len(name.encode()) + 2


@given(st.binary(max_size=1500))
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (b"", encode(PROVEN, BOOK)[:81]):
        try:
            found = decode(start + data, BOOK, address=ADDRESS)
        except Malformed:
            continue
        assert isinstance(found, Proven)


@given(st.integers(0, len(encode(PROVEN, BOOK)) - 1), st.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_a_changed_byte_is_another_certificate_or_none(place: int, change: int) -> None:
    data = bytearray(encode(PROVEN, BOOK))
    data[place] ^= change
    with contextlib.suppress(Malformed):
        assert decode(bytes(data), BOOK, address=ADDRESS) != PROVEN


def test_the_whole_statement_needs_no_printed_address_while_the_token_travels() -> None:
    assert decode(encode(PROVEN, BOOK), BOOK, origin=HOST) == PROVEN
    assert code_of(encode(PROVEN, BOOK, with_token=False), address="") == "address-missing"


def test_a_printed_address_on_another_host_gives_another_statement() -> None:
    found = decode(encode(PROVEN, BOOK), BOOK, address=f"https://guixue.example.evil/v/{TOKEN}", origin=HOST)
    assert found.statement["address"] == f"https://guixue.example.evil/v/{TOKEN}"


def test_names_that_the_book_lacks_are_said_so() -> None:
    data = encode(PROVEN, BOOK)
    with pytest.raises(Malformed, match="name-unknown"):
        decode(data, {}, address=ADDRESS)
    assert decode(encode(PROVEN, {}), {}, address=ADDRESS) == PROVEN


def test_malformed_bytes_have_a_code_each() -> None:
    data = encode(PROVEN, BOOK)
    head, salted = b"\x01", b"\x01" + bytes(80)
    assert code_of(data + b"\x00") == "trailing-bytes"
    assert code_of(data[:-1]) == "too-short"
    assert code_of(b"\x02" + data[1:]) == "unknown-version"
    assert code_of(data + bytes(3000)) == "too-long"
    assert code_of(head) == "too-short"
    assert code_of(salted + bytes([99])) == "bad-index"
    assert code_of(salted + bytes([INDEX["course.code"] | 0x80])) == "bad-index"
    assert code_of(salted + bytes([INDEX["lot"], *bytes(16), INDEX["number"]])) == "bad-index"
    assert code_of(salted + bytes([INDEX["issuer"], 0x87, 0x00])) == "varint-not-shortest"
    assert code_of(salted + bytes([INDEX["issuer"], *b"\xff" * 9, 0x01])) == "varint-too-large"
    assert code_of(salted + bytes([INDEX["issuer"], 7, INDEX["issuer.code"], *bytes(5)])) == "bad-index"
    assert code_of(salted + bytes([INDEX["number"] | 0x80, 2, 0xC3, 0x28])) == "not-utf8"
    assert code_of(salted + bytes([INDEX["number"] | 0x80]) + varint(5000)) == "text-too-long"
    assert code_of(salted + bytes([INDEX["grade.scale"], 9])) == "bad-value"
    assert code_of(salted + bytes([INDEX["study.from_on"]]) + varint(2**40)) == "bad-value"
    assert code_of(salted + bytes([INDEX["holder.name_zh"], 1 << 2 | 1, 0xFF, 0xFF])) == "bad-value"
    assert code_of(salted + bytes([0, 1, 2, 64])) == "too-many"


def test_digits_come_back_with_their_leading_zeros() -> None:
    for data in (b"", b"\x00", b"\x00\x00\x01", bytes(range(256)), encode(PROVEN, BOOK)):
        assert from_digits(to_digits(data)) == data


@pytest.mark.parametrize("digits", ["", "0", "01", "2", "-1", "+257", "1 2", "1_2", "١٢٣", "12a", "9" * 8000])
def test_other_digits_are_refused(digits: str) -> None:
    with pytest.raises(Malformed):
        from_digits(digits)


@pytest.mark.parametrize(
    "document",
    [
        {**statement(), "version": "2"},
        {**statement(), "note": "new"},
        {**statement(), "courses": ["a"]},
        {key: value for key, value in statement().items() if key != "address"},
        {**statement(), "issuer": {**statement()["issuer"], "name_zh": "桂" * 2000}},
        {**statement(), "study": {}},
    ],
)
def test_a_statement_that_could_not_come_back_gets_no_code(document: dict[str, Any]) -> None:
    with pytest.raises(NotCompact):
        encode(with_statement(document), BOOK)
