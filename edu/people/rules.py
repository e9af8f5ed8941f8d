"""Decisions on values: what an identifier is, how names are written, what codes look like. No Django."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import phonenumbers

from edu.kernel.actor import Actor
from edu.people.data import AffiliationInfo

HOME_REGION: Final = "CN"  # a number without a country code is read as one of this country
NAME_CHARS_MAX: Final = 100
CODE_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O 1 I L U: it is read from paper and typed on a phone
CODE_GROUP: Final = 4
CODE_CHARS: Final = 8  # 30^8 = 6.6e11, with CODE_FAILURES_MAX tries: guessing one takes luck of 1 in 10^11
_MIDDLE_DOTS = re.compile("[\u2022\u2027\u30fb\uff65\u2219\u22c5]")  # look-alikes of U+00B7 that keyboards produce
_NUMBERED = re.compile(r"([0-9]{5}|[0-9]{10})\s*[/／]\s*(\S{1,30})")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Identifier:
    """What somebody typed to sign in: an e-mail address, a phone number (E.164), or a number at an institution."""

    kind: Literal["email", "phone", "number"]
    value: str
    institution_code: str = ""


def read_identifier(text: str) -> Identifier | None:
    """Return what the text is, or None when it is none of the three.

    "10593/2023001" is institution and number; a Chinese mobile number needs no +86.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if numbered := _NUMBERED.fullmatch(text):
        return Identifier("number", numbered[2], institution_code=numbered[1])
    if _EMAIL.fullmatch(text):
        return Identifier("email", text.lower())
    if phone := phone_e164(text):
        return Identifier("phone", phone)
    return None


def phone_e164(text: str) -> str:
    """Return a phone number as E.164 ("+8613800138000"), or "" when it is not a possible number."""
    try:
        parsed = phonenumbers.parse(text.strip(), HOME_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def normal_name(text: str) -> str:
    """Return a name as it is stored: NFC, single spaces, U+00B7 between the parts of a transcribed name."""
    text = unicodedata.normalize("NFC", text)
    return _MIDDLE_DOTS.sub("\u00b7", " ".join(text.split()))


def same_name(one: str, other: str) -> bool:
    """True when two spellings are the same name, whatever the case, width, spaces and dots."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", normal_name(name)).casefold().replace(" ", "")


def new_code() -> str:
    """Return a fresh one-time code as it is printed: "K7QF-3MXD"."""
    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARS))
    return "-".join(letters[i : i + CODE_GROUP] for i in range(0, CODE_CHARS, CODE_GROUP))


def plain_code(text: str) -> str:
    """Return what was typed as a code without spaces, hyphens and case."""
    return re.sub(r"[\s\-–—]", "", unicodedata.normalize("NFKC", text)).upper()


# Whose account a school's office may open by a code: a coordinator not a registrar's, nobody an operator's.
OPENED_BY: Final = {
    "registrar": frozenset(
        {"student", "teacher", "author", "editor", "assistant_teacher", "school_coordinator", "registrar"}
    ),
    "school_coordinator": frozenset({"student", "teacher", "author", "assistant_teacher"}),
}
# Roles that a list of people may hand out, by the role of who sends it; the system and operators may all.
GRANTED_BY: Final = {
    "registrar": frozenset({"student", "teacher", "author", "assistant_teacher"}),
    "school_coordinator": frozenset({"student", "teacher", "author", "assistant_teacher"}),
}


def may_issue_code(acting: Actor, held: Iterable[AffiliationInfo]) -> bool:
    """True when the actor's office may open an account with these affiliations.

    An account opens all affiliations of a person at once, so every one of them must be within the office's reach;
    what the person learns elsewhere as a student does not stand in the way. Nobody opens their own account so.
    """
    if acting.role in {"operator", "system"}:
        return True
    opened = OPENED_BY.get(acting.role, frozenset())
    return all(
        one.person_uuid != acting.person_uuid
        and (one.role in opened if one.institution_uuid == acting.institution_uuid else one.role == "student")
        for one in held
    )
