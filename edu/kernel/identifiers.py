"""Identifiers of the field: institution codes and certificate numbers."""

import re
import secrets

_INSTITUTION = re.compile(r"[0-9]{10}")
_NUMBER_BODY = re.compile(r"[0-9]{17}")
TOKEN_BYTES = 16  # 128 random bits: the address of a certificate cannot be guessed


def is_institution_code(text: str) -> bool:
    """True for a 10-digit 学校标识码 (JY/T 1001-2012 and the ministry's yearly list of institutions)."""
    return bool(_INSTITUTION.fullmatch(text))


def short_institution_code(code: str) -> str:
    """Return the 5-digit code inside a 10-digit one: 4145010593 gives 10593; ValueError otherwise."""
    if not is_institution_code(code):
        raise ValueError(f"{code!r} is not a 10-digit institution code.")
    return code[-5:]


def check_digits(body: str) -> str:
    """Return the two check digits of a string of digits by ISO/IEC 7064 MOD 97-10."""
    if not body.isascii() or not body.isdigit():
        raise ValueError("Check digits are computed over digits only.")
    return f"{98 - int(body + '00') % 97:02d}"


def certificate_number(*, issuer_code: str, year: int, serial: int) -> str:
    """Return a 19-digit certificate number: 5-digit issuer, year, 8-digit serial, two check digits."""
    if not 0 < serial < 10**8 or not 2000 <= year <= 9999:
        raise ValueError("A serial has at most 8 digits and a year four.")
    body = f"{short_institution_code(issuer_code)}{year:04d}{serial:08d}"
    return body + check_digits(body)


def is_certificate_number(text: str) -> bool:
    """True when the text is 19 digits whose check digits fit (ISO/IEC 7064: remainder 1 modulo 97)."""
    return len(text) == 19 and bool(_NUMBER_BODY.fullmatch(text[:17])) and text.isdigit() and int(text) % 97 == 1


def new_token() -> str:
    """Return a fresh unguessable token of 22 URL-safe characters (128 random bits)."""
    return secrets.token_urlsafe(TOKEN_BYTES)
