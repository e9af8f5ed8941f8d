import pytest

from edu.kernel import identifiers


def test_a_certificate_number_has_nineteen_digits_and_passes_its_own_check() -> None:
    number = identifiers.certificate_number(issuer_code="4145010593", year=2026, serial=17)
    assert number.startswith("10593202600000017")
    assert len(number) == 19
    assert identifiers.is_certificate_number(number)


def test_check_digits_agree_with_the_standards_worked_example() -> None:
    # ISO/IEC 7064, MOD 97-10: the string 794 has the check digits 44.
    assert identifiers.check_digits("794") == "44"


@pytest.mark.parametrize("position", range(19))
def test_any_single_changed_digit_is_noticed(position: int) -> None:
    number = identifiers.certificate_number(issuer_code="4145010593", year=2026, serial=12345678)
    for digit in "0123456789":
        changed = number[:position] + digit + number[position + 1 :]
        assert identifiers.is_certificate_number(changed) == (changed == number)


def test_neighbouring_digits_swapped_are_noticed() -> None:
    number = identifiers.certificate_number(issuer_code="4145010593", year=2026, serial=12345678)
    for i in range(18):
        swapped = number[:i] + number[i + 1] + number[i] + number[i + 2 :]
        assert identifiers.is_certificate_number(swapped) == (swapped == number)


@pytest.mark.parametrize("text", ["", "1", "x" * 19, "１０５９３２０２６０００００００１７３０", "10593202600000017 1"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert not identifiers.is_certificate_number(text)


def test_a_serial_outside_eight_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="8 digits"):
        identifiers.certificate_number(issuer_code="4145010593", year=2026, serial=10**8)


def test_tokens_do_not_repeat() -> None:
    assert len({identifiers.new_token() for _ in range(1000)}) == 1000
    assert len(identifiers.new_token()) == 22
