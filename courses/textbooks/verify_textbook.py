#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check a digital textbook of Guixue without a network: python3 verify_textbook.py PACK.zip KEY.

KEY is the file textbook-keys.txt of the university, with all its public keys, or one key of 44 characters. Take it from
the university's own page or by another way than the pack: the key inside a pack proves nothing.
Exit status 0: every byte is as the university signed it. 1: it is not, and the line says what differs. Needs Python
alone. Ed25519 as in RFC 8032.
"""

import base64
import hashlib
import json
import os
import sys
import zipfile
from typing import IO, Any, Dict, List, NamedTuple, Optional, Tuple

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
BYTES_MAX = 8 * 1024**3  # a pack that unfolds to more is none of ours
KEY_CHARS = 44  # 32 bytes in base64
REVOKED, GOOD = "revoked:", "good:"  # before a key, before the SHA-256 of a pack, in the key file
VERSIONS = ("1", "2")
SIGNED_BY = ("manifest.json", "manifest.sig")
Point = Tuple[int, int, int, int]


class Wrong(Exception):
    """The pack is not as it was signed."""


def _add(a: Point, b: Point) -> Point:
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _point(data: bytes) -> Optional[Point]:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return True when the signature is the key's over the message."""
    key = _point(public) if len(public) == 32 and len(signature) == 64 else None
    first = _point(signature[:32]) if key else None
    number = int.from_bytes(signature[32:], "little")
    if key is None or first is None or number >= Q:
        return False
    base = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    assert base is not None
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    left, right = _times(number, base), _add(first, _times(challenge, key))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


class Keys(NamedTuple):
    """What a key file holds."""

    good: List[bytes]
    revoked: List[bytes]
    packs: List[str]  # SHA-256 of each pack that the university made with a key that it revoked later


def read_keys(given: str) -> Keys:
    """Return the keys of a key file, or the one key that was typed; Wrong when there is none."""
    words = [given]
    if os.path.isfile(given):
        with open(given, encoding="utf-8-sig") as stream:
            lines = [line for line in stream if not line.startswith("#")]
        words = [word for line in lines for word in line.split()]
    good = [key for key in map(_key, words) if key]
    revoked = [key for key in (_key(word[len(REVOKED) :]) for word in words if word.startswith(REVOKED)) if key]
    if not good and not revoked:
        raise Wrong("no key was given: name the university's key file, or type its key of 44 characters")
    return Keys(good, revoked, [word[len(GOOD) :] for word in words if word.startswith(GOOD)])


def _key(word: str) -> Optional[bytes]:
    try:
        key = base64.b64decode(word, validate=True)
    except ValueError:
        return None
    return key if len(word) == KEY_CHARS and len(key) == 32 else None


def verify(pack: str, given: str) -> Dict[str, Any]:
    """Return the manifest of a pack that is whole; Wrong says what differs."""
    with zipfile.ZipFile(pack) as archive:
        names = archive.namelist()
        if len(names) != len(set(names)) or any(name not in names for name in SIGNED_BY):
            raise Wrong("it is no textbook pack, or a file stands in it twice")
        if sum(entry.file_size for entry in archive.infolist()) > BYTES_MAX:
            raise Wrong("it is larger than any textbook")
        signed = archive.read("manifest.json")
        try:
            signature = base64.b64decode(archive.read("manifest.sig"))
        except ValueError:
            raise Wrong("the signature is not in base64") from None
        _must_be_theirs(pack, read_keys(given), signed, signature)
        manifest = json.loads(signed)
        if manifest.get("type") != "guixue-textbook" or manifest.get("version") not in VERSIONS:
            raise Wrong("it is signed, and no textbook that this script knows; fetch the newest script")
        listed = {entry["path"]: entry for entry in manifest["files"]}
        for name in sorted(set(names) - set(SIGNED_BY) - set(listed)):
            raise Wrong(f"{name} was added")
        for name, entry in listed.items():
            if name not in names:
                raise Wrong(f"{name} is missing")
            with archive.open(name) as stream:
                if _digest(stream) != entry["sha256"]:
                    raise Wrong(f"{name} was changed")
    return dict(manifest)


def _must_be_theirs(pack: str, keys: Keys, signed: bytes, signature: bytes) -> None:
    if any(is_signed(key, signed, signature) for key in keys.good):
        return
    if not any(is_signed(key, signed, signature) for key in keys.revoked):
        raise Wrong("the manifest was not signed with this key, or with none of these keys")
    with open(pack, "rb") as stream:
        if _digest(stream) not in keys.packs:
            raise Wrong("its key was revoked, and the university does not know this pack; fetch the textbook anew")


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while True:
        part = stream.read(1 << 20)
        if not part:
            return digest.hexdigest()
        digest.update(part)


def main(arguments: List[str]) -> int:
    """Check the pack that the command line names."""
    if len(arguments) != 2:
        sys.stderr.write(__doc__ or "")
        return 2
    try:
        manifest = verify(*arguments)
    except (Wrong, OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError) as error:
        sys.stdout.write(f"NOT GENUINE 不可信: {error}\n")
        return 1
    told = "{title} ({course_code}), v{content_version}".format(**manifest)
    told += ", {edition}".format(**manifest) if manifest.get("edition") else ""
    sys.stdout.write(f"GENUINE 完好: {told}, {len(manifest['files'])} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
