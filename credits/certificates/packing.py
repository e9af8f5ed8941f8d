"""How single values of a statement become few bytes, for the code on paper (docs/formats.md §5). Pure.

Every kind packs exactly the spellings that it also unpacks to; for any other spelling `pack` returns None and the
value travels as text. Nothing here is canonical by itself: the issuer's signature over the statement decides.
"""

import base64
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from edu.kernel import identifiers

TEXT_SIZE_MAX = 1000  # bytes; the longest name of a course has under 300
VARINT_MAX = 2**63 - 1  # sizes of trees and POSIX times stay below (C2SP tlog-tiles, tlog-cosignature)
EPOCH = dt.date(2000, 1, 1)
YEAR_ZERO = 2000
SCALES = ("percent", "five-level", "pass-fail")
HAN_FIRST, HAN_LAST = 0x4E00, 0x9FFF
# What stands beside Han characters in names: Latin-1, CJK punctuation, full-width forms. The order is the format.
HAN_ALPHABET = "".join(
    chr(point)
    for start, end in ((HAN_FIRST, HAN_LAST), (0, 0xFF), (0x3000, 0x303F), (0xFF00, 0xFF5F))
    for point in range(start, end + 1)
)
PRINTABLE = "".join(chr(point) for point in range(0x20, 0x7F))
SHIFT = "^"  # the next letter is a capital
LOWER = "abcdefghijklmnopqrstuvwxyz -',." + SHIFT
UTF8, HAN, ASCII, SHIFTED = range(4)  # the two lowest bits in front of words
ALPHABETS = {HAN: HAN_ALPHABET, ASCII: PRINTABLE, SHIFTED: LOWER}
PLACES = {mode: {sign: place for place, sign in enumerate(signs)} for mode, signs in ALPHABETS.items()}


class Malformed(ValueError):
    """These bytes or digits are no code of ours; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Reader:
    """Takes bytes from the front, and never more than there are."""

    data: bytes
    at: int = 0

    def take(self, size: int) -> bytes:
        """Return the next bytes; Malformed when fewer are left."""
        if size > len(self.data) - self.at:
            raise Malformed("too-short")
        self.at += size
        return self.data[self.at - size : self.at]

    def varint(self) -> int:
        """Return an unsigned LEB128 number; Malformed when it is too large or longer than it needs to be."""
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
            if shift > 56:
                raise Malformed("varint-too-large")
        if byte == 0 and shift > 7:
            raise Malformed("varint-not-shortest")
        return value

    def text(self) -> str:
        """Return UTF-8 after its length."""
        size = self.varint()
        if size > TEXT_SIZE_MAX:
            raise Malformed("text-too-long")
        return _decoded(self.take(size))


def varint(value: int) -> bytes:
    """Return a number as unsigned LEB128."""
    if not 0 <= value <= VARINT_MAX:
        raise ValueError("A varint is not negative and stays under 2^63.")
    pieces = bytearray()
    while value > 0x7F:
        pieces.append(value & 0x7F | 0x80)
        value >>= 7
    pieces.append(value)
    return bytes(pieces)


def text(value: str) -> bytes:
    """Return a text as UTF-8 after its length."""
    raw = value.encode()
    if len(raw) > TEXT_SIZE_MAX:
        raise ValueError("too long for a code")
    return varint(len(raw)) + raw


class Kind(Protocol):
    """How one kind of value is packed; `known` holds what was packed before it."""

    def pack(self, value: str, known: Mapping[str, str]) -> bytes | None:
        """Return the bytes, or None where this spelling has none."""

    def unpack(self, reader: Reader, known: Mapping[str, str]) -> str:
        """Return the value; Malformed when there is none."""


class Code:
    """Ten digits of an institution as a number of five bytes."""

    def pack(self, value: str, known: Mapping[str, str]) -> bytes | None:
        return int(value).to_bytes(5) if identifiers.is_institution_code(value) else None

    def unpack(self, reader: Reader, known: Mapping[str, str]) -> str:
        return _fits(f"{int.from_bytes(reader.take(5)):010d}", identifiers.is_institution_code)


class Number:
    """A certificate's number as year and serial: the rest follows from the issuer's code."""

    def pack(self, value: str, known: Mapping[str, str]) -> bytes | None:
        if not identifiers.is_certificate_number(value) or known.get("issuer.code", "")[-5:] != value[:5]:
            return None
        year, serial = int(value[5:9]), int(value[9:17])
        if year < YEAR_ZERO or not serial or value[17:] != identifiers.check_digits(value[:17]):
            return None
        return varint(year - YEAR_ZERO) + varint(serial)

    def unpack(self, reader: Reader, known: Mapping[str, str]) -> str:
        year, serial = YEAR_ZERO + reader.varint(), reader.varint()
        try:
            return identifiers.certificate_number(issuer_code=known.get("issuer.code", ""), year=year, serial=serial)
        except ValueError:
            raise Malformed("bad-value") from None


class KeyId:
    """A key's id as its year and the four bytes at its end."""

    PATTERN = re.compile(r"([0-9]{5})-certificate-([0-9]{4})-([0-9a-f]{8})")

    def pack(self, value: str, known: Mapping[str, str]) -> bytes | None:
        found = self.PATTERN.fullmatch(value)
        if not found or known.get("issuer.code", "")[-5:] != found[1] or int(found[2]) < YEAR_ZERO:
            return None
        return varint(int(found[2]) - YEAR_ZERO) + bytes.fromhex(found[3])

    def unpack(self, reader: Reader, known: Mapping[str, str]) -> str:
        year, end = YEAR_ZERO + reader.varint(), reader.take(4).hex()
        return _fits(f"{known.get('issuer.code', '')[-5:]}-certificate-{year}-{end}", self.PATTERN.fullmatch)


class Token:
    """The token at the end of an address; the reader knows the rest."""

    PATTERN = re.compile(r"https?://[^/#?\s]+/v/([A-Za-z0-9_-]{22})")

    def pack(self, value: str, known: Mapping[str, str]) -> bytes | None:
        found = self.PATTERN.fullmatch(value)
        raw = base64.urlsafe_b64decode(found[1] + "==") if found else b""
        return raw if found and token_text(raw) == found[1] else None

    def unpack(self, reader: Reader, known: Mapping[str, str]) -> str:
        return token_text(reader.take(16))


class Moment:
    """A moment as milliseconds since 1970."""

    PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
    START = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

    def pack(self, value: str, known: Mapping[str, str]) -> bytes | None:
        try:
            moment = dt.datetime.fromisoformat(value) if self.PATTERN.fullmatch(value) else self.START
        except ValueError:
            return None
        milliseconds = (moment - self.START) // dt.timedelta(milliseconds=1)
        return varint(milliseconds) if milliseconds > 0 and self._words(milliseconds) == value else None

    def unpack(self, reader: Reader, known: Mapping[str, str]) -> str:
        try:
            return self._words(reader.varint())
        except OverflowError:
            raise Malformed("bad-value") from None

    def _words(self, milliseconds: int) -> str:
        moment = self.START + dt.timedelta(milliseconds=milliseconds)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


class Uuid:
    """A uuid as its 16 bytes."""

    def pack(self, value: str, known: Mapping[str, str]) -> bytes | None:
        try:
            uuid = UUID(value)
        except ValueError:
            return None
        return uuid.bytes if str(uuid) == value else None

    def unpack(self, reader: Reader, known: Mapping[str, str]) -> str:
        return str(UUID(bytes=reader.take(16)))


class Day:
    """A day as the days since 1 January 2000."""

    def pack(self, value: str, known: Mapping[str, str]) -> bytes | None:
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            return None
        return varint((day - EPOCH).days) if day >= EPOCH and day.isoformat() == value else None

    def unpack(self, reader: Reader, known: Mapping[str, str]) -> str:
        try:
            return (EPOCH + dt.timedelta(days=reader.varint())).isoformat()
        except OverflowError:
            raise Malformed("bad-value") from None


class Amount:
    """A decimal with up to three places: the digits as a number, times four, plus the places."""

    PATTERN = re.compile(r"(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,3}))?", re.ASCII)

    def pack(self, value: str, known: Mapping[str, str]) -> bytes | None:
        found = self.PATTERN.fullmatch(value)
        places = found[2] or "" if found else ""
        return varint(int(found[1] + places) * 4 + len(places)) if found else None

    def unpack(self, reader: Reader, known: Mapping[str, str]) -> str:
        digits, places = divmod(reader.varint(), 4)
        whole = f"{digits:0{places + 1}d}"
        value = f"{whole[:-places]}.{whole[-places:]}" if places else whole
        return _fits(value, self.PATTERN.fullmatch)


class Scale:
    """The name of a grading scale as its place in SCALES."""

    def pack(self, value: str, known: Mapping[str, str]) -> bytes | None:
        return varint(SCALES.index(value)) if value in SCALES else None

    def unpack(self, reader: Reader, known: Mapping[str, str]) -> str:
        place = reader.varint()
        if place >= len(SCALES):
            raise Malformed("bad-value")
        return SCALES[place]


class Words:
    """A name: a number in the base of the smallest alphabet that has all its characters, or UTF-8.

    In front stands a varint: the count of characters (of bytes for UTF-8) times four, plus the alphabet.
    """

    def pack(self, value: str, known: Mapping[str, str]) -> bytes:
        raw = value.encode()
        if len(raw) > TEXT_SIZE_MAX:
            raise ValueError("too long for a code")
        choices = [varint(len(raw) << 2 | UTF8) + raw]
        choices += [packed for mode in ALPHABETS if (packed := self._in(mode, value)) is not None]
        return min(choices, key=len)

    def unpack(self, reader: Reader, known: Mapping[str, str]) -> str:
        count, mode = divmod(reader.varint(), 4)
        if count > TEXT_SIZE_MAX:
            raise Malformed("text-too-long")
        if mode == UTF8:
            return _decoded(reader.take(count))
        signs = ALPHABETS[mode]
        number = int.from_bytes(reader.take(_size_of(len(signs), count)))
        found = []
        for _place in range(count):
            number, place = divmod(number, len(signs))
            found.append(signs[place])
        if number:
            raise Malformed("bad-value")
        return _unshifted(found[::-1]) if mode == SHIFTED else "".join(reversed(found))

    @staticmethod
    def _in(mode: int, value: str) -> bytes | None:
        signs = _shifted(value) if mode == SHIFTED else value
        places = PLACES[mode]
        if (mode == SHIFTED and SHIFT in value) or any(sign not in places for sign in signs):
            return None
        number = 0
        for sign in signs:
            number = number * len(places) + places[sign]
        return varint(len(signs) << 2 | mode) + number.to_bytes(_size_of(len(places), len(signs)))


def token_text(raw: bytes) -> str:
    """Return a token as addresses write it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _size_of(base: int, count: int) -> int:
    """Return how many bytes every number of `count` places in a base fits in."""
    return ((base**count - 1).bit_length() + 7) // 8


def _shifted(value: str) -> str:
    return "".join(SHIFT + sign.lower() if "A" <= sign <= "Z" else sign for sign in value)


def _unshifted(signs: list[str]) -> str:
    found, capital = [], False
    for sign in signs:
        if sign == SHIFT and not capital:
            capital = True
        elif capital and not "a" <= sign <= "z":
            raise Malformed("bad-value")
        else:
            found.append(sign.upper() if capital else sign)
            capital = False
    if capital:
        raise Malformed("bad-value")
    return "".join(found)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Malformed("not-utf8") from None


def _fits(value: str, test: object) -> str:
    if not callable(test) or not test(value):
        raise Malformed("bad-value")
    return value
