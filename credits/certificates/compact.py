"""The compact form of a proven certificate, for the large code on paper (docs/formats.md §5). Pure.

Here stands the table of a version-1 statement's leaves. It grows at its end only: papers are printed with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credits.certificates import packing
from credits.certificates import statement as statements
from credits.certificates.packing import Kind, Malformed, Reader, varint
from credits.log.commitments import SALT_SIZE, leaves
from credits.log.merkle import HASH_SIZE

VERSION = 1
SIGNATURE_SIZE = 64
KEY_HASH_SIZE = 4
HASHES_MAX = 63  # a tree has fewer than 2^63 entries
COSIGNATURES_MAX = 16
SIZE_MAX = 2953  # what the largest QR code could hold
DIGITS_MAX = 7112  # of SIZE_MAX bytes with the 1 in front
END = 0
AS_TEXT = 0x80  # this bit of an index: the value is UTF-8 and not of the table's kind
ISSUER, HOME = "issuer", "home_institution"
PARTS = ("code", "name_zh", "name_en", "former_name_zh", "former_name_en")

_words, _number = packing.Words(), packing.Number()
TABLE: tuple[tuple[str, Kind | None], ...] = (
    ("", None),  # 0 ends the statement
    (ISSUER, None),  # 1: all names of the issuer as a number in the book of names
    ("issuer.code", packing.Code()),
    ("issuer.name_zh", _words),
    ("issuer.name_en", _words),
    ("issuer.former_name_zh", _words),
    ("issuer.former_name_en", _words),
    (HOME, None),  # 7: as 1
    ("home_institution.code", packing.Code()),
    ("home_institution.name_zh", _words),
    ("home_institution.name_en", _words),
    ("home_institution.former_name_zh", _words),
    ("home_institution.former_name_en", _words),
    ("number", _number),
    ("address", packing.Token()),
    ("key_id", packing.KeyId()),
    ("issued_at", packing.Moment()),
    ("supersedes", _number),
    ("lot", packing.Uuid()),
    ("holder.name_zh", _words),
    ("holder.name_latin", _words),
    ("course.code", _words),
    ("course.name_zh", _words),
    ("course.name_en", _words),
    ("course.run", _words),
    ("study.from_on", packing.Day()),
    ("study.to_on", packing.Day()),
    ("credit_points", packing.Amount()),
    ("contact_hours", packing.Amount()),
    ("grade.value", packing.Amount()),
    ("grade.scale", packing.Scale()),
)
INDEX = {path: index for index, (path, _kind) in enumerate(TABLE)}

Book = Mapping[int, Mapping[str, str]]  # numbers of institutions' names: {7: {"code": …, "name_zh": …}}


class NotCompact(ValueError):
    """A statement that has no compact form: of another version, or with leaves that the table lacks."""


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A witness's signature under a checkpoint: the key's note hash, the time, the signature."""

    key_hash: bytes
    time: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Proven:
    """A certificate with all that proves it offline, but for the keys, which the reader has."""

    statement: Mapping[str, Any]
    entry_salt: bytes
    commitment_signature: bytes
    index: int
    size: int
    path: tuple[bytes, ...]
    log_signature: bytes
    cosignatures: tuple[Cosignature, ...]


def encode(proven: Proven, book: Book, *, with_token: bool = True) -> bytes:
    """Return the bytes; without the token only a reader that has the printed address finds the certificate's own.

    NotCompact for a statement that the table cannot say.
    """
    return b"".join(
        (
            bytes([VERSION]),
            _sized(proven.entry_salt, SALT_SIZE),
            _sized(proven.commitment_signature, SIGNATURE_SIZE),
            _pack_statement(proven.statement, book, with_token),
            varint(proven.index),
            varint(proven.size),
            bytes([len(proven.path)]),
            *(_sized(step, HASH_SIZE) for step in proven.path),
            _sized(proven.log_signature, SIGNATURE_SIZE),
            bytes([len(proven.cosignatures)]),
            *(_packed(one) for one in proven.cosignatures),
        )
    )


def decode(data: bytes, book: Book, *, address: str = "", origin: str = "") -> Proven:
    """Return what the bytes say; `address` is what stood before the #, `origin` the official host's otherwise.

    Malformed for anything that is not exactly one certificate. Nothing of it is believed before it is verified.
    """
    if len(data) > SIZE_MAX:
        raise Malformed("too-long")
    reader = Reader(data)
    if reader.take(1)[0] != VERSION:
        raise Malformed("unknown-version")
    proven = Proven(
        entry_salt=reader.take(SALT_SIZE),
        commitment_signature=reader.take(SIGNATURE_SIZE),
        statement=_unpack_statement(reader, book, address, origin),
        index=reader.varint(),
        size=reader.varint(),
        path=tuple(reader.take(HASH_SIZE) for _step in range(_count(reader, HASHES_MAX))),
        log_signature=reader.take(SIGNATURE_SIZE),
        cosignatures=tuple(_cosignature(reader) for _one in range(_count(reader, COSIGNATURES_MAX))),
    )
    if reader.at != len(data):
        raise Malformed("trailing-bytes")
    return proven


def to_digits(data: bytes) -> str:
    """Return bytes as the decimal number that stands behind the #; a 1 in front keeps leading zeros."""
    return str(int.from_bytes(b"\x01" + data))


def from_digits(digits: str) -> bytes:
    """Return the bytes of the number behind the #; Malformed when it is none of ours."""
    if not digits.isascii() or not digits.isdigit() or digits.startswith("0"):
        raise Malformed("not-digits")
    if len(digits) > DIGITS_MAX:
        raise Malformed("too-long")
    value = 0
    for start in range(0, len(digits), 4000):  # Python refuses to read a longer number at once
        piece = digits[start : start + 4000]
        value = value * 10 ** len(piece) + int(piece)
    raw = value.to_bytes((value.bit_length() + 7) // 8)
    if raw[:1] != b"\x01":
        raise Malformed("not-digits")
    return raw[1:]


def block_of(statement: Mapping[str, Any], key: str) -> dict[str, str]:
    """Return an institution of a statement as the book of names holds it, without what it leaves out."""
    block = statement.get(key, {})
    return dict(block) if isinstance(block, Mapping) else {}


def _pack_statement(statement: Mapping[str, Any], book: Book, with_token: bool) -> bytes:
    said = _leaves_of(statement)
    numbers = {tuple(sorted(block.items())): number for number, block in book.items()}
    pieces = []
    packed: dict[str, str] = {}
    for key in (ISSUER, HOME):
        block = block_of(statement, key)
        number = numbers.get(tuple(sorted(block.items()))) if block else None
        if number is not None:
            pieces.append((INDEX[key], varint(number)))
            packed |= {f"{key}.{part}": value for part, value in block.items()}
    for index, (path, kind) in enumerate(TABLE):
        if kind is None or path not in said or path in packed or (path == "address" and not with_token):
            continue
        pieces.append(_pack_leaf(index, kind, said[path], said))
    return b"".join(bytes([index]) + value for index, value in sorted(pieces, key=_place)) + bytes([END])


def _place(piece: tuple[int, bytes]) -> int:
    return piece[0] & ~AS_TEXT


def _pack_leaf(index: int, kind: Kind, value: str, known: Mapping[str, str]) -> tuple[int, bytes]:
    try:
        packed = kind.pack(value, known)
        return (index, packed) if packed is not None else (index | AS_TEXT, packing.text(value))
    except ValueError as error:
        raise NotCompact(f"{TABLE[index][0]}: {error}") from error


def _leaves_of(statement: Mapping[str, Any]) -> dict[str, str]:
    """Return the leaves that are packed; NotCompact when the reader could not come back to this statement."""
    try:
        said = dict(leaves(statement))
    except ValueError as error:
        raise NotCompact(str(error)) from error
    if (said.pop("type", ""), said.pop("version", "")) != (statements.TYPE, statements.VERSION):
        raise NotCompact("not a version-1 statement")
    unknown = [path for path in said if path not in INDEX or path in (ISSUER, HOME)]
    if (
        unknown
        or "address" not in said
        or _nested(said) != {key: value for key, value in statement.items() if key not in ("type", "version")}
    ):
        raise NotCompact(f"leaves that the table lacks: {', '.join(unknown)}")
    return said


def _unpack_statement(reader: Reader, book: Book, address: str, origin: str) -> dict[str, Any]:
    said: dict[str, str] = {}
    last = END
    while (byte := reader.take(1)[0]) != END:
        index = byte & ~AS_TEXT
        if not last < index < len(TABLE):
            raise Malformed("bad-index")
        last = index
        path, kind = TABLE[index]
        if byte & AS_TEXT:
            if kind is None or kind is _words or path in said:
                raise Malformed("bad-index")
            said[path] = reader.text()
        elif kind is None:
            said |= {f"{path}.{part}": value for part, value in _block(reader.varint(), book).items()}
        elif path in said:
            raise Malformed("bad-index")
        else:
            said[path] = kind.unpack(reader, said)
            if path == "address":
                said[path] = _address(said[path], address, origin)
    if "address" not in said:
        if not address:
            raise Malformed("address-missing")
        said["address"] = address
    return {"type": statements.TYPE, "version": statements.VERSION, **_nested(said)}


def _address(token: str, address: str, origin: str) -> str:
    found = packing.Token.PATTERN.fullmatch(address)
    base = address[: found.start(1)] if found else f"{origin}/v/"
    return base + token


def _block(number: int, book: Book) -> Mapping[str, str]:
    try:
        return book[number]
    except KeyError:
        raise Malformed("name-unknown") from None


def _nested(said: Mapping[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for path, value in said.items():
        *above, last = path.split(".")
        place = document
        for key in above:
            place = place.setdefault(key, {})
        place[last] = value
    return document


def _cosignature(reader: Reader) -> Cosignature:
    key_hash, time = reader.take(KEY_HASH_SIZE), int.from_bytes(reader.take(8))
    if time > packing.VARINT_MAX:
        raise Malformed("bad-value")
    return Cosignature(key_hash, time, reader.take(SIGNATURE_SIZE))


def _packed(one: Cosignature) -> bytes:
    return _sized(one.key_hash, KEY_HASH_SIZE) + one.time.to_bytes(8) + _sized(one.signature, SIGNATURE_SIZE)


def _count(reader: Reader, limit: int) -> int:
    count = reader.take(1)[0]
    if count > limit:
        raise Malformed("too-many")
    return count


def _sized(value: bytes, size: int) -> bytes:
    if len(value) != size:
        raise NotCompact(f"{len(value)} bytes where {size} belong")
    return value
