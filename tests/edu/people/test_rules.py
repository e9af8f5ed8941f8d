"""Identifiers, names and codes as values."""

from typing import Any

import pytest

from edu.people.rules import (
    CODE_ALPHABET,
    Identifier,
    new_code,
    normal_name,
    phone_e164,
    plain_code,
    read_identifier,
    same_name,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wei@Example.org ", Identifier("email", "wei@example.org")),
        ("138 0013 8000", Identifier("phone", "+8613800138000")),
        ("＋86 13800138000", Identifier("phone", "+8613800138000")),
        ("+49 30 123456", Identifier("phone", "+4930123456")),
        ("10593/2023001", Identifier("number", "2023001", "10593")),
        ("4145010593／2023001", Identifier("number", "2023001", "4145010593")),
        ("2023001", None),
        ("", None),
        ("1234", None),
    ],
)
def test_what_was_typed_is_recognised(text: str, expected: Any) -> None:
    assert read_identifier(text) == expected


def test_a_phone_number_that_cannot_be_one_is_refused() -> None:
    assert phone_e164("12345") == ""
    assert phone_e164("not a number") == ""


def test_names_are_stored_in_one_spelling() -> None:
    assert normal_name("  阿依古丽•买买提 ") == "阿依古丽\u00b7买买提"
    assert normal_name("Wei  Xiaoming") == "Wei Xiaoming"


def test_names_are_compared_without_regard_to_spelling() -> None:
    assert same_name("阿依古丽·买买提", "阿依古丽・买买提")
    assert same_name("WEI Xiaoming", "wei xiaoming")
    assert not same_name("韦小明", "韦小名")


def test_codes_are_read_as_they_are_typed() -> None:
    code = new_code()
    assert len(code) == 9
    assert set(plain_code(code)) <= set(CODE_ALPHABET)
    assert plain_code(" k7qf 3mxd") == plain_code("K7QF-3MXD") == "K7QF3MXD"
