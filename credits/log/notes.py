"""Signed notes (C2SP signed-note) and cosignatures (C2SP tlog-cosignature): parse, sign, verify. Pure."""

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from credits.log.faults import Fault

ED25519 = 0x01  # signs the note's text
COSIGNATURE = 0x04  # Ed25519 with a time: cosignature/v1
ML_DSA_44 = 0x06  # ML-DSA-44 with a time: subtree/v1
KEY_SIZES = {ED25519: 32, COSIGNATURE: 32, ML_DSA_44: 1312}
SIGNATURE_SIZES = {ED25519: 64, COSIGNATURE: 8 + 64, ML_DSA_44: 8 + 2420}
KEY_HASH_SIZE = 4
NAME_SIZE_MAX = 255  # ML-DSA cosignatures hold the name behind one byte of length
SIGNATURES_MAX = 64  # C2SP asks for at least 16
NOTE_SIZE_MAX = 256 * 1024  # 64 lines of ML-DSA-44
DASH = "\N{EM DASH}"
TIME_MAX = (1 << 63) - 1
# Points of small order, without the sign bit: under such a "key" anybody can make signatures that verify.
SMALL_ORDER = frozenset(
    bytes.fromhex(point)
    for point in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
)
FIELD_PRIME = 2**255 - 19


class Signer(Protocol):
    """What signs bytes: Ed25519PrivateKey and MLDSA44PrivateKey both do."""

    def sign(self, data: bytes, /) -> bytes:
        """Return the signature."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key as a note names it: name, algorithm byte, raw public key."""

    name: str
    algorithm: int
    material: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if KEY_SIZES.get(self.algorithm) != len(self.material):
            raise Fault("key-of-another-kind", self.name)
        if self.algorithm in (ED25519, COSIGNATURE):
            _refuse_weak(self.material)

    @property
    def key_hash(self) -> bytes:
        """The 4 bytes by which a signature line names this key."""
        head = self.name.encode() + b"\n" + bytes([self.algorithm])
        return hashlib.sha256(head + self.material).digest()[:KEY_HASH_SIZE]

    @property
    def text(self) -> str:
        """The key as people hand it over: name+hash+base64 (a "vkey")."""
        return f"{self.name}+{self.key_hash.hex()}+{encode(bytes([self.algorithm]) + self.material)}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note; `value` is what follows the key hash."""

    name: str
    key_hash: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line as it stands in the note, newline included."""
        return f"{DASH} {self.name} {encode(self.key_hash + self.value)}\n"

    @property
    def time(self) -> int:
        """The POSIX time of a cosignature, of either algorithm; meaningless for a plain signature."""
        return int(struct.unpack(">Q", self.value[:8])[0])

    def is_by(self, key: PublicKey) -> bool:
        """Whether the line names this key; it says nothing of the signature being good."""
        return self.name == key.name and self.key_hash == key.key_hash


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and the lines under it."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def whole(self) -> str:
        """The note as it is stored and sent."""
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)

    def with_signatures(self, more: Iterable[Signature]) -> "Note":
        """Return the note with lines added that are not there yet."""
        new = [signature for signature in more if signature not in self.signatures]
        return Note(self.text, (*self.signatures, *new))


def encode(data: bytes) -> str:
    """Return base64 of the standard alphabet, padded."""
    return base64.b64encode(data).decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes of canonical base64; Fault for any other spelling of them."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Fault("not-base64") from error
    if encode(data) != text:
        raise Fault("not-base64")
    return data


def check_name(name: str) -> str:
    """Return the key name; Fault when it is empty, too long, or holds a space, a plus or a control character."""
    if not name or len(name.encode()) > NAME_SIZE_MAX:
        raise Fault("name-wrong", name[:NAME_SIZE_MAX])
    if any(letter.isspace() or letter == "+" or ord(letter) < 0x20 for letter in name):
        raise Fault("name-wrong", name)
    return name


def parse_key(text: str) -> PublicKey:
    """Return the key that `name+hash+base64` says; Fault when the hash is not the key's."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise Fault("key-malformed", "A key is written name+hash+base64.")
    name, key_hash, rest = parts
    data = decode(rest)
    if not data:
        raise Fault("key-malformed", name)
    key = PublicKey(name, data[0], data[1:])
    if key.key_hash.hex() != key_hash:
        raise Fault("key-hash-differs", name)
    return key


def parse_note(data: bytes) -> Note:
    """Return the note; Fault when it is too large, malformed, or has no signature line. Nothing is verified here."""
    if len(data) > NOTE_SIZE_MAX:
        raise Fault("note-too-large")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Fault("note-not-utf-8") from error
    if any(ord(letter) < 0x20 and letter != "\n" for letter in whole):
        raise Fault("note-malformed", "control character")
    cut = whole.rfind("\n\n")
    if cut < 1 or not whole.endswith("\n"):
        raise Fault("note-malformed", "no signatures under a text")
    return Note(whole[: cut + 1], parse_signatures(whole[cut + 2 :]))


def parse_signatures(block: str) -> tuple[Signature, ...]:
    """Return the signature lines of a block of at least one, each ended by a newline."""
    lines = block.split("\n")
    if lines[-1] != "" or not 1 < len(lines) <= SIGNATURES_MAX + 1:
        raise Fault("note-malformed", "signature lines")
    return tuple(_signature(line) for line in lines[:-1])


def sign_note(text: str, key: PublicKey, signer: Signer) -> Signature:
    """Return the plain Ed25519 signature line of a note's text."""
    if key.algorithm != ED25519 or not text.endswith("\n"):
        raise Fault("key-of-another-kind", key.name)
    return Signature(key.name, key.key_hash, signer.sign(text.encode()))


def verified(note: Note, keys: Iterable[PublicKey], cosigned: "Tree | None" = None) -> tuple[Signature, ...]:
    """Return the lines of the note by these keys, all of them good; Fault when one of them is not.

    Lines of unknown keys are left out (C2SP signed-note: they must be ignored). Cosignatures by ML-DSA-44 speak of
    a tree, so `cosigned` says which one the note's text names.
    """
    known = list(keys)
    good = []
    for signature in note.signatures:
        key = next((key for key in known if signature.is_by(key)), None)
        if key is None:
            continue
        check_signature(note.text, signature, key, cosigned)
        good.append(signature)
    return tuple(good)


@dataclass(frozen=True, slots=True)
class Tree:
    """What a checkpoint says: whose tree, how large, which root."""

    origin: str
    size: int
    root: bytes


def check_signature(text: str, signature: Signature, key: PublicKey, tree: Tree | None = None) -> None:
    """Fault unless the line is a good signature or cosignature of the text by this key."""
    if not signature.is_by(key) or len(signature.value) != SIGNATURE_SIZES[key.algorithm]:
        raise Fault("signature-wrong", key.name)
    try:
        if key.algorithm == ED25519:
            Ed25519PublicKey.from_public_bytes(key.material).verify(signature.value, text.encode())
        elif key.algorithm == COSIGNATURE:
            message = cosigned_text(text, signature.time)
            Ed25519PublicKey.from_public_bytes(key.material).verify(signature.value[8:], message)
        else:
            message = cosigned_tree(key.name, signature.time, _required(tree))
            MLDSA44PublicKey.from_public_bytes(key.material).verify(signature.value[8:], message)
    except (InvalidSignature, ValueError) as error:
        raise Fault("signature-wrong", key.name) from error


def cosign(text: str, key: PublicKey, signer: Signer, *, time: int, tree: Tree | None = None) -> Signature:
    """Return a cosignature of a checkpoint's text: cosignature/v1, or subtree/v1 when the key is ML-DSA-44."""
    if key.algorithm == COSIGNATURE:
        message = cosigned_text(text, time)
    elif key.algorithm == ML_DSA_44:
        message = cosigned_tree(key.name, time, _required(tree))
    else:
        raise Fault("key-of-another-kind", key.name)
    return Signature(key.name, key.key_hash, struct.pack(">Q", time) + signer.sign(message))


def cosigned_text(text: str, time: int) -> bytes:
    """Return what an Ed25519 cosignature signs (C2SP tlog-cosignature)."""
    if time > TIME_MAX:
        raise Fault("time-wrong")
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def cosigned_tree(name: str, time: int, tree: Tree) -> bytes:
    """Return what an ML-DSA-44 cosignature signs: `cosigned_message` for the whole tree."""
    if time > TIME_MAX:
        raise Fault("time-wrong")
    sizes = struct.pack(">QQ", 0, tree.size)
    return b"subtree/v1\n\0" + _short(name) + struct.pack(">Q", time) + _short(tree.origin) + sizes + tree.root


def _signature(line: str) -> Signature:
    dash, _space, rest = line.partition(" ")
    name, space, data = rest.partition(" ")
    if dash != DASH or not space:
        raise Fault("note-malformed", "signature line")
    value = decode(data)
    if len(value) <= KEY_HASH_SIZE:
        raise Fault("note-malformed", "signature too short")
    return Signature(check_name(name), value[:KEY_HASH_SIZE], value[KEY_HASH_SIZE:])


def _short(text: str) -> bytes:
    data = text.encode()
    if not 0 < len(data) <= NAME_SIZE_MAX:
        raise Fault("name-wrong", text[:NAME_SIZE_MAX])
    return bytes([len(data)]) + data


def _required(tree: Tree | None) -> Tree:
    if tree is None:
        raise Fault("signature-wrong", "an ML-DSA-44 line speaks of a tree, and none is given")
    return tree


def _refuse_weak(material: bytes) -> None:
    y = int.from_bytes(material, "little") & ((1 << 255) - 1)
    if y >= FIELD_PRIME or y.to_bytes(32, "little") in SMALL_ORDER:
        raise Fault("key-weak", "under this key anybody can sign")
