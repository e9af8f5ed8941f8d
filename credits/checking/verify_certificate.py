#!/usr/bin/env python3
"""Check a Guixue credit certificate without the platform and without a network. 离线核验桂学学分证书。

    python3 verify_certificate.py --trust list.json certificate.pdf
    python3 verify_certificate.py --trust list.json certificate.json
    python3 verify_certificate.py --trust list.json "https://…/v/…#1234…"     (what the large code says)

Exit status: 0 genuine, 1 not genuine or no longer in force, 2 unreadable. One file, standard library only,
Python 3.8 or newer. It shares no code with the platform; formats: docs/formats.md. Licence: AGPL-3.0-or-later.
退出码：0 为真，1 不真或已失效，2 读不出。`list.json` 来自平台的 /trust/list.json。
"""

import argparse
import base64
import datetime as dt
import hashlib
import hmac
import json
import os
import re
import sys
import uuid
import zlib

SIZE_MAX = 8 * 1024 * 1024  # bytes of an input
RECORD_MAX = 64 * 1024
SHA512 = bytes.fromhex("300d06096086480165030402030500")  # AlgorithmIdentifier
ED25519 = bytes.fromhex("300506032b6570")
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
RECORD, DISCLOSURE = "guixue.credit-certificate-record", "guixue.certificate-disclosure"
STATEMENT, LIST = "guixue.credit-certificate", "guixue.trust-list"
PATH = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
ADDRESS = re.compile(r"(https?://[^/#?\s]+)/v/([A-Za-z0-9_-]{22})")


class Fault(ValueError):
    """The certificate is not believed; `code` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Unreadable(Fault):
    """These bytes are nothing that can be checked."""


# --- Ed25519 (RFC 8032): verification only, strict encodings, no points of small order

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def point(raw):
    """Return a point in extended coordinates, or None."""
    y = int.from_bytes(raw, "little")
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
    return (x, y, 1, x * y % P)


def add(p, q):
    """Return the sum of two points."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


BASE = point(bytes([0x58]) + bytes([0x66]) * 31)
ZERO = (0, 1, 1, 0)


def both(s, p, k, q):
    """Return s·p + k·q, by one chain of doublings."""
    table, total = (ZERO, p, q, add(p, q)), ZERO
    for place in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        total = add(total, total)
        pick = (s >> place & 1) | (k >> place & 1) << 1
        if pick:
            total = add(total, table[pick])
    return total


def signed(public, message, signature):
    """True when an Ed25519 signature is good."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, s = point(public), int.from_bytes(signature[32:], "little")
    if key is None or s >= ORDER or both(0, ZERO, 8, key)[0] == 0:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y, z, _t = both(s, BASE, k, (P - key[0], key[1], 1, P - key[3]))
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# --- bytes, documents, trees


def unbase(text, size=None):
    """Return the bytes of canonical base64; Fault for any other spelling."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (AttributeError, ValueError):
        raise Fault("not-a-certificate") from None
    if base64.b64encode(raw).decode() != text or (size is not None and len(raw) != size):
        raise Fault("not-a-certificate")
    return raw


def enbase(raw):
    return base64.b64encode(raw).decode()


def canonical(value):
    """Return RFC 8785 JSON of strings, lists and mappings as text; Unreadable for other leaves."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(json.dumps(key, ensure_ascii=False) + ":" + canonical(value[key]) for key in keys) + "}"
    raise Unreadable("not-canonical")


def canonical_bytes(value):
    try:
        return canonical(value).encode()
    except UnicodeEncodeError:
        raise Unreadable("not-canonical") from None


def document(data):
    """Return the JSON document in bytes; Unreadable when a key stands twice or it is none."""

    def once(pairs):
        if len(dict(pairs)) != len(pairs):
            raise Unreadable("duplicate-keys")
        return dict(pairs)

    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=once)
    except Unreadable:
        raise
    except (ValueError, RecursionError):
        raise Unreadable("not-json") from None
    if not isinstance(found, dict):
        raise Unreadable("not-a-certificate")
    return found


def leaves(value, path=""):
    """Return the strings of a statement by dotted path."""
    if isinstance(value, str):
        return {path: value}
    if not isinstance(value, (dict, list)):
        raise Unreadable("not-canonical")
    found = {}
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if "." in str(key):
            raise Unreadable("not-canonical")
        found.update(leaves(item, "%s.%s" % (path, key) if path else str(key)))
    return found


def nested(said):
    """Return leaves by dotted path as a document of mappings."""
    found = {}
    for path, value in said.items():
        place, keys = found, path.split(".")
        for key in keys[:-1]:
            place = place.setdefault(key, {})
            if not isinstance(place, dict):
                raise Unreadable("not-a-certificate")
        place[keys[-1]] = value
    return found


def derived(key, label):
    return hmac.new(key, label, hashlib.sha256).digest()[:16]


def field_hash(salt, path, value):
    return hashlib.sha256(b"\x00" + salt + path.encode() + b"\x00" + value.encode()).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def commitment(hashes):
    """Return the root over field hashes by path."""
    level = [hashlib.sha256(b"\x00" + hashes[path]).digest() for path in sorted(hashes, key=str.encode)]
    while len(level) > 1:
        odd = level[len(level) // 2 * 2 :]
        level = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)] + odd
    if not level:
        raise Unreadable("not-a-certificate")
    return level[0].hex()


def root_from(leaf, index, size, path):
    """Return the root that follows from an inclusion proof (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        raise Fault("proof-wrong")
    first, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise Fault("proof-wrong")
        if first & 1 or first == last:
            found = node(step, found)
            while first & 1 == 0 and first:
                first, last = first >> 1, last >> 1
        else:
            found = node(found, step)
        first, last = first >> 1, last >> 1
    if last:
        raise Fault("proof-wrong")
    return found


# --- the code on paper (docs/formats.md §5)

SCALES = ("percent", "five-level", "pass-fail")
HAN = "".join(
    chr(c) for a, b in ((0x4E00, 0xA000), (0, 0x100), (0x3000, 0x3040), (0xFF00, 0xFF60)) for c in range(a, b)
)
ALPHABETS = (None, HAN, "".join(map(chr, range(0x20, 0x7F))), "abcdefghijklmnopqrstuvwxyz -',.^")
PARTS = ("code", "name_zh", "name_en", "former_name_zh", "former_name_en")
TABLE = (
    [("", "")]
    + [("issuer", "book")]
    + [("issuer." + part, "words" if part != "code" else "code") for part in PARTS]
    + [("home_institution", "book")]
    + [("home_institution." + part, "words" if part != "code" else "code") for part in PARTS]
    + [("number", "number"), ("address", "token"), ("key_id", "key"), ("issued_at", "moment"), ("supersedes", "number")]
    + [("lot", "uuid"), ("holder.name_zh", "words"), ("holder.name_latin", "words"), ("course.code", "words")]
    + [("course.name_zh", "words"), ("course.name_en", "words"), ("course.run", "words"), ("study.from_on", "day")]
    + [("study.to_on", "day"), ("credit_points", "amount"), ("contact_hours", "amount"), ("grade.value", "amount")]
    + [("grade.scale", "scale")]
)


class Reader:
    """Takes bytes from the front."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        if size > len(self.data) - self.at:
            raise Unreadable("too-short")
        self.at += size
        return self.data[self.at - size : self.at]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
            if shift > 56:
                raise Unreadable("varint-too-large")
        if byte == 0 and shift > 7:
            raise Unreadable("varint-not-shortest")
        return value

    def text(self, size):
        if size > 1000:
            raise Unreadable("text-too-long")
        try:
            return self.take(size).decode("utf-8")
        except UnicodeDecodeError:
            raise Unreadable("not-utf8") from None

    def value(self, kind, said):
        """Return a packed value of a kind; `said` has the leaves before it."""
        try:
            return getattr(self, "_" + kind)(said)
        except (OverflowError, IndexError, OSError):
            raise Unreadable("bad-value") from None

    def _code(self, said):
        number = int.from_bytes(self.take(5), "big")
        return require("%010d" % number, number < 10**10)

    def _number(self, said):
        year, serial, code = 2000 + self.varint(), self.varint(), said.get("issuer.code", "")
        require(code, re.fullmatch("[0-9]{10}", code) and year <= 9999 and 0 < serial < 10**8)
        body = "%s%04d%08d" % (code[-5:], year, serial)
        return "%s%02d" % (body, 98 - int(body + "00") % 97)

    def _key(self, said):
        found = "%s-certificate-%s-%s" % (said.get("issuer.code", "")[-5:], 2000 + self.varint(), self.take(4).hex())
        return require(found, re.fullmatch("[0-9]{5}-certificate-[0-9]{4}-[0-9a-f]{8}", found))

    def _token(self, said):
        return base64.urlsafe_b64encode(self.take(16)).decode().rstrip("=")

    def _moment(self, said):
        milliseconds = self.varint()
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc) + dt.timedelta(milliseconds=milliseconds)
        return moment.strftime("%Y-%m-%dT%H:%M:%S") + ".%03dZ" % (milliseconds % 1000)

    def _uuid(self, said):
        return str(uuid.UUID(bytes=self.take(16)))

    def _day(self, said):
        return (dt.date(2000, 1, 1) + dt.timedelta(days=self.varint())).isoformat()

    def _amount(self, said):
        digits, places = divmod(self.varint(), 4)
        whole = "%0*d" % (places + 1, digits)
        found = whole[:-places] + "." + whole[-places:] if places else whole
        return require(found, re.fullmatch(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?", found))

    def _scale(self, said):
        return SCALES[self.varint()]

    def _words(self, said):
        count, mode = divmod(self.varint(), 4)
        if mode == 0 or count > 1000:
            return self.text(count)
        signs, found = ALPHABETS[mode], []
        number = int.from_bytes(self.take(((len(signs) ** count - 1).bit_length() + 7) // 8), "big")
        for _place in range(count):
            number, place = divmod(number, len(signs))
            found.append(signs[place])
        require("", not number)
        name = "".join(reversed(found))
        if mode == 3:
            require("", not re.search(r"\^([^a-z]|\Z)", name))
            name = re.sub(r"\^([a-z])", lambda match: match[1].upper(), name)
        return name


def require(value, test):
    if not test:
        raise Unreadable("bad-value")
    return value


def statement_in(reader, trust, address):
    """Return the statement at the reader's place; its address follows from the printed one or the official host."""
    said, last = {}, 0
    while True:
        byte = reader.take(1)[0]
        if byte == 0:
            break
        index, plain = byte & 0x7F, byte & 0x80
        if not last < index < len(TABLE) or TABLE[index][0] in said:
            raise Unreadable("bad-index")
        last, (path, kind) = index, TABLE[index]
        if plain and kind in ("words", "book"):
            raise Unreadable("bad-index")
        if kind == "book":
            block = trust.names.get(reader.varint())
            if block is None:
                raise Unreadable("name-unknown")
            said.update((path + "." + part, value) for part, value in block.items())
        else:
            said[path] = reader.text(reader.varint()) if plain else reader.value(kind, said)
            if path == "address" and not plain:
                match = ADDRESS.fullmatch(address)
                said[path] = "%s/v/%s" % (match[1] if match else trust.host, said[path])
    if not address and "address" not in said:
        raise Unreadable("address-missing")
    said.setdefault("address", address)
    return nested(dict(said, type=STATEMENT, version="1"))


def from_digits(digits, trust, address):
    """Return the evidence that the number behind the # holds."""
    if not re.fullmatch("[1-9][0-9]{0,7111}", digits):
        raise Unreadable("not-digits")
    value = 0
    for start in range(0, len(digits), 4000):
        value = value * 10 ** len(digits[start : start + 4000]) + int(digits[start : start + 4000])
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    if raw[:1] != b"\x01":
        raise Unreadable("not-digits")
    reader = Reader(raw[1:])
    if reader.take(1) != b"\x01":
        raise Unreadable("unknown-version")
    salt, signature = reader.take(16), reader.take(64)
    said = statement_in(reader, trust, address)
    index, size = reader.varint(), reader.varint()
    path = [reader.take(32) for _step in range(counted(reader, 63))]
    signatures = [(1, None, None, reader.take(64))]
    for _one in range(counted(reader, 16)):
        signatures.append((4, reader.take(4), int.from_bytes(reader.take(8), "big"), reader.take(64)))
    if reader.at != len(reader.data):
        raise Unreadable("trailing-bytes")
    return {
        "statement": said,
        "hashes": hashes_of(said, salt),
        "commitment_signature": signature,
        "proof": {"index": index, "size": size, "path": path, "signatures": signatures, "body": None},
    }


def counted(reader, limit):
    count = reader.take(1)[0]
    if count > limit:
        raise Unreadable("too-many")
    return count


def hashes_of(said, salt):
    found = leaves(said)
    return {p: field_hash(derived(salt, b"guixue.field-salt/1" + p.encode()), p, v) for p, v in found.items()}


# --- files


def record_in_pdf(data):
    """Return the machine record in a PDF: every stream is looked at, nothing of the PDF is believed."""
    found = set()
    for count, match in enumerate(re.finditer(rb"stream\r?\n", data)):
        if count > 5000:
            raise Unreadable("too-many-streams")
        start = match.end()
        if data[start : start + 1] == b"{":
            content = data[start : max(data.find(b"endstream", start, start + RECORD_MAX), start)].rstrip(b"\r\n")
        else:
            try:
                content = zlib.decompressobj().decompress(data[start : start + 2 * RECORD_MAX], RECORD_MAX)
            except zlib.error:
                continue
        if content.startswith(b"{") and b'"type":"' + RECORD.encode() + b'"' in content:
            found.add(content)
    if len(found) != 1:
        raise Unreadable("several-records-in-pdf" if found else "no-record-in-pdf")
    return found.pop()


def file_signed(data, key):
    """Return whether a PDF carries the issuer's signature (PAdES: CMS, SHA-512, Ed25519) over every byte of it."""
    ranges = re.findall(rb"/ByteRange *\[ *(\d{1,9}) +(\d{1,9}) +(\d{1,9}) +(\d{1,9}) *\]", data)
    if len(ranges) != 1:
        return False
    start, gap, on, rest = map(int, ranges[0])
    held = data[gap:on]
    if start or on + rest != len(data) or held[:1] + held[-1:] != b"<>":
        return False
    try:
        whole = bytes.fromhex(held[1:-1].decode("ascii"))
        cms = whole[: der_end(whole)]
        certificates, attributes, signature, more = cms_parts(cms)
        issuer_and_serial = der_certificate_name(certificates)
    except (ValueError, IndexError):
        return False
    digest = hashlib.sha512(data[:gap] + data[on:]).digest()
    return (
        held[1:-1] == whole.hex().upper().encode()
        and not any(whole[len(cms) :])
        and cms == cms_of(certificates, issuer_and_serial, attributes, signature, more)
        and MESSAGE_DIGEST + raw(0x31, raw(0x04, digest)) in attributes
        and hashlib.sha256(certificates[: der_end(certificates)]).digest() in attributes
        and signed(key, raw(0x31, attributes), signature)
    )


def cms_parts(cms):
    """Return certificates, signed attributes, signature and what is not signed (a time stamp)."""
    content = der(der(der(cms)[0][1])[1][1])[0][1]
    certificates, signers = [value for tag, value in der(content) if tag in (0xA0, 0x31)][-2:]
    fields = der(der(signers)[0][1])
    return certificates, fields[3][1], fields[5][1], b"".join(raw(*field) for field in fields[6:])


def cms_of(certificates, issuer_and_serial, attributes, signature, more):
    """Return the one CMS that these parts can make, so that no byte beside them can differ."""
    one = raw(0x02, b"\1")
    signer = one + issuer_and_serial + SHA512 + raw(0xA0, attributes) + ED25519 + raw(0x04, signature) + more
    data = raw(0x30, bytes.fromhex("06092a864886f70d010701"))
    content = one + raw(0x31, SHA512) + data + raw(0xA0, certificates) + raw(0x31, raw(0x30, signer))
    return raw(0x30, bytes.fromhex("06092a864886f70d010702") + raw(0xA0, raw(0x30, content)))


def der_certificate_name(certificates):
    """Return issuer and serial number of the first certificate, as a signature names it."""
    fields = der(der(der(certificates)[0][1])[0][1])
    return raw(0x30, raw(*fields[3]) + raw(*fields[1]))


def der(data):
    """Return the elements of a DER value as (tag, content); ValueError when they do not fill it."""
    found, at = [], 0
    while at < len(data):
        end = der_end(data, at)
        if end > len(data):
            raise ValueError("too short")
        found.append((data[at], data[der_start(data, at) : end]))
        at = end
    return found


def der_start(data, at):
    return at + 2 + (data[at + 1] & 0x7F if data[at + 1] & 0x80 else 0)


def der_end(data, at=0):
    start = der_start(data, at)
    return start + (int.from_bytes(data[at + 2 : start], "big") if data[at + 1] & 0x80 else data[at + 1])


def raw(tag, content):
    """Return a DER element."""
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([size]) if size < 0x80 else bytes([0x80 | len(length)]) + length) + content


def from_document(found):
    """Return the evidence in a machine record or a disclosure."""
    try:
        if found.get("type") == DISCLOSURE and found.get("version") == "1":
            shown = {path: (field["value"], bytes.fromhex(field["salt"])) for path, field in found["shown"].items()}
            hashes = {path: bytes.fromhex(value) for path, value in found["hidden"].items()}
            sizes = {len(salt) for _value, salt in shown.values()} | {len(value) // 2 for value in hashes.values()}
            if set(shown) & set(hashes) or sizes - {16} or not all(map(PATH.fullmatch, [*shown, *hashes])):
                raise Unreadable("not-a-certificate")
            hashes.update((path, field_hash(salt, path, value)) for path, (value, salt) in shown.items())
            said = nested({path: value for path, (value, _salt) in shown.items()})
            evidence = {"statement": said, "hashes": hashes, "hidden": sorted(found["hidden"])}
        elif found.get("type") == RECORD and found.get("version") in ("1", "2"):
            said = found["statement"]
            if found["key"]["key_id"] != said["key_id"]:
                raise Fault("no-such-key")
            evidence = {"statement": said, "signature": unbase(found["signature"], 64)}
            if found["version"] == "1":
                canonical_bytes(said)
                return evidence
            evidence["hashes"] = hashes_of(said, bytes.fromhex(found["entry_salt"]))
        else:
            raise Unreadable("not-a-certificate")
        evidence["commitment_signature"] = unbase(found["commitment_signature"], 64)
        evidence["proof"] = parse_proof(found["proof"])
    except (KeyError, TypeError, AttributeError, UnicodeEncodeError):
        raise Unreadable("not-a-certificate") from None
    except ValueError as error:
        raise error if isinstance(error, Fault) else Unreadable("not-a-certificate") from None
    return evidence


def parse_proof(text):
    """Return a tlog-proof (C2SP) in parts."""
    head, blank, checkpoint = text.partition("\n\n")
    body, blank2, block = checkpoint.rpartition("\n\n")
    lines, said = head.split("\n"), body.split("\n")
    if not blank or not blank2 or len(lines) < 2 or lines[0] != "c2sp.org/tlog-proof@v1" or len(said) != 3:
        raise Unreadable("proof-malformed")
    if len(lines) > 65 or not all(re.fullmatch("0|[1-9][0-9]{0,17}", n) for n in (lines[1][6:], said[1])):
        raise Unreadable("proof-malformed")
    signatures = []
    for line in block.rstrip("\n").split("\n")[:64]:
        dash, _name, value = ([*line.split(" "), "", ""])[:3]
        raw = unbase(value)
        if dash != "\u2014" or len(raw) < 68:
            raise Unreadable("proof-malformed")
        if len(raw) == 68:
            signatures.append((1, raw[:4], None, raw[4:]))
        elif len(raw) == 76:
            signatures.append((4, raw[:4], int.from_bytes(raw[4:12], "big"), raw[12:]))
    return {
        "index": int(lines[1][6:]),
        "size": int(said[1]),
        "path": [unbase(line, 32) for line in lines[2:]],
        "signatures": signatures,
        "body": body + "\n",
    }


# --- the verdict


class Trust:
    """A trust list whose own signature held."""

    def __init__(self, data, log_key=""):
        whole = document(data)
        found = whole.get("list")
        try:
            if found["type"] != LIST or found["version"] != "1":
                raise Unreadable("not-a-trust-list")
            self.made_at, self.host = found["made_at"], "/".join(found["check_page"].split("/")[:3])
            self.origin = found["log"]["origin"]
            keys = [key for key in found["log"]["keys"] if key["algorithm"] == "Ed25519"]
            self.log_keys = [unbase(key["public_key"], 32) for key in keys]
            self.witnesses = [(one["name"], unbase(one["public_key"], 32)) for one in found["witnesses"]]
            self.quorum = int(found["quorum"])
            self.keys = {key["key_id"]: (one["code"], key) for one in found["issuers"] for key in one["keys"]}
            self.names = {int(n["number"]): {p: n[p] for p in PARTS if n.get(p)} for n in found["names"]}
            self.ended_at = found["ended"]["as_of"]
            self.ended = {int(one["entry"]): one["status"] for one in found["ended"]["entries"]}
            signature = unbase(whole["signature"], 64)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            raise Unreadable("not-a-trust-list") from None
        if log_key and unbase(log_key, 32) not in self.log_keys:
            raise Unreadable("trust-list-of-another-log")
        if not any(signed(key, canonical_bytes(found), signature) for key in self.log_keys):
            raise Unreadable("trust-list-not-signed")


def note_hash(name, algorithm, public):
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def judge(evidence, trust):
    """Return what holds of the evidence; Fault at the first thing that does not."""
    said = evidence["statement"]
    at = leaves(said)
    if (at.get("type"), at.get("version")) != (STATEMENT, "1"):
        raise Fault("not-a-statement")
    code, key = trust.keys.get(at.get("key_id"), ("", None))
    if key is None:
        raise Fault("no-such-key")
    public, moment = unbase(key["public_key"], 32), at.get("issued_at", "")
    if "signature" in evidence and not signed(public, canonical_bytes(said), evidence["signature"]):
        raise Fault("signature-wrong")
    if "hashes" in evidence:
        committed = commitment(evidence["hashes"])
        message = {"type": "guixue.certificate-commitment", "version": "1", "commitment": committed}
        if not signed(public, canonical_bytes(message), evidence["commitment_signature"]):
            raise Fault("signature-wrong")
    if at.get("issuer.code") != code:
        raise Fault("key-of-another-issuer")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moment, re.ASCII):
        raise Fault("not-a-statement")
    if moment < key["from_at"] or (key["to_at"] and moment >= key["to_at"]):
        raise Fault("key-not-valid-then")
    found = {"outcome": "genuine", "statement": said, "hidden": evidence.get("hidden", []), "log": False}
    found.update(witnesses=0, known=len(trust.witnesses), quorum=trust.quorum, status="", as_of="")
    if "proof" in evidence:
        entry = {"type": "guixue.log-entry", "version": "1", "kind": "certificate", "commitment": committed}
        entry.update(key_id=at["key_id"], signature=enbase(evidence["commitment_signature"]))
        found.update(log=True, witnesses=witnessed(evidence["proof"], canonical_bytes(entry), trust))
        if trust.ended_at:
            found["status"] = trust.ended.get(evidence["proof"]["index"], "in-force")
            found["as_of"] = trust.ended_at
            found["outcome"] = "valid" if found["status"] == "in-force" else found["status"]
    return found


def witnessed(proof, entry, trust):
    """Return how many known witnesses cosigned a tree of the log that has the entry; Fault below the quorum."""
    leaf = hashlib.sha256(b"\x00" + entry).digest()
    root = root_from(leaf, proof["index"], proof["size"], proof["path"])
    body = "%s\n%d\n%s\n" % (trust.origin, proof["size"], enbase(root))
    if proof["body"] not in (None, body):
        raise Fault("proof-wrong")
    message, names = body.encode(), set()
    by_log = [(key_hash, signature) for algorithm, key_hash, _time, signature in proof["signatures"] if algorithm == 1]
    ours = [(note_hash(trust.origin, 1, key), key) for key in trust.log_keys]
    if not any(h in (None, own) and signed(key, message, s) for h, s in by_log for own, key in ours):
        raise Fault("log-signature-wrong")
    for algorithm, key_hash, time, signature in proof["signatures"]:
        for name, key in trust.witnesses if algorithm == 4 else ():
            if note_hash(name, 4, key) == key_hash:
                if not signed(key, b"cosignature/v1\ntime %d\n" % time + message, signature):
                    raise Fault("cosignature-wrong")
                names.add(name)
    if len(names) < trust.quorum:
        raise Fault("quorum-not-met")
    return len(names)


def check(data, trust):
    """Return the verdict on a file's bytes or a code's text."""
    if len(data) > SIZE_MAX:
        raise Unreadable("too-large")
    if b"%PDF-" in data[:1024]:
        evidence = from_document(document(record_in_pdf(data)))
        found = judge(evidence, trust)
        _code, key = trust.keys[leaves(evidence["statement"])["key_id"]]
        if not file_signed(data, unbase(key["public_key"], 32)):
            raise Fault("file-altered")
        return found
    if data.lstrip()[:1] == b"{":
        return judge(from_document(document(data)), trust)
    text = "".join(data.decode("utf-8", "replace").split())
    address, hash_sign, digits = text.rpartition("#")
    if hash_sign and not ADDRESS.fullmatch(address):
        address = "" if address.startswith(trust.host + "/check/") else address
        if address:
            raise Fault("other-host") if not address.startswith(trust.host + "/") else Unreadable("not-digits")
    evidence = from_digits(digits, trust, address)
    if address and evidence["statement"]["address"] != address:
        raise Fault("address-differs")
    try:
        return judge(evidence, trust)
    except Fault as fault:
        if address and not address.startswith(trust.host + "/"):
            raise Fault("other-host") from fault
        raise


# --- words

WORDS = {
    "valid": ("有效", "Valid"),
    "genuine": ("真实，未核对是否已撤销", "Genuine; revocation was not checked"),
    "revoked": ("已撤销", "Revoked"),
    "superseded": ("已被新证书取代", "Superseded by a newer certificate"),
    "suspended": ("已暂停，目前请不要采信", "Suspended; do not rely on it now"),
    "not-genuine": ("核验未通过", "Not genuine"),
    "unreadable": ("读不出", "Unreadable"),
    "other-host": (
        "这个二维码通向另一个网站，不是平台的官方网址。不要相信那个网站所说的内容。",
        "This code leads to another website, not to the official one. Do not believe what that website says.",
    ),
    "address-differs": (
        "网址属于另一份证书，与后面的数字不符。",
        "The address belongs to another certificate than the digits behind it.",
    ),
    "no-such-key": (
        "所写的公钥不在信任列表里。列表若早于证书，请换新的列表再试。",
        "The key it names is not in the trust list. If the list is older than the certificate, get a newer one.",
    ),
    "key-of-another-issuer": ("由另一所学校的密钥签名。", "It is signed with the key of another institution."),
    "key-not-valid-then": (
        "签名所用密钥在所写的颁发时间不在使用期内。",
        "The key was not in use at the time of issue it states.",
    ),
    "signature-wrong": (
        "签名与内容不符：内容在签名之后被改动过。",
        "The signature does not fit: something was changed after signing.",
    ),
    "not-a-statement": ("签名的内容不是学分证书。", "What was signed is not a credit certificate."),
    "proof-wrong": (
        "日志证明不成立：登记日志里没有这份证书。",
        "The proof fails: the log does not have this certificate.",
    ),
    "log-signature-wrong": ("登记日志的签名不成立。", "The log's signature does not hold."),
    "cosignature-wrong": ("一位见证人的签名不成立。", "A witness's signature does not hold."),
    "quorum-not-met": ("见证人的签名不够数。", "Too few witnesses signed."),
    "name-unknown": (
        "信任列表里没有证书所指的学校名称。请换新的列表再试。",
        "The trust list lacks a name that the certificate refers to. Get a newer list.",
    ),
    "address-missing": (
        "数字前面的网址不可缺少。请粘贴二维码的全部文字。",
        "The address in front of the digits is needed. Paste the whole text of the code.",
    ),
    "no-record-in-pdf": (
        "这份 PDF 里没有机读记录：可能是扫描件或另存的副本。请用原始文件，或扫描背面的二维码。",
        "This PDF carries no machine record: it may be a scan or a copy. Use the original file or scan the large code.",
    ),
    "file-altered": (
        "这份 PDF 在颁发后被改动或另存过，学校对文件的签名不再成立。请索取原始文件，或扫描二维码、按编号和姓名核验。",
        "This PDF was changed or saved again after issue: the issuer's signature on the file does not hold. "
        "Ask for the original file, scan the code, or check by number and name.",
    ),
    "several-records-in-pdf": ("这份 PDF 里有几份不同的机读记录。", "This PDF carries several different records."),
    "too-large": ("文件过大，不是证书。", "The file is too large for a certificate."),
    "malformed": (
        "这不是完整的证书文件或二维码文字。",
        "This is not the whole of a certificate file or of a code's text.",
    ),
    "not-a-trust-list": ("信任列表读不出。", "The trust list cannot be read."),
    "trust-list-not-signed": ("信任列表的签名不成立。", "The trust list's own signature does not hold."),
    "trust-list-of-another-log": ("信任列表属于另一个登记日志。", "The trust list belongs to another log."),
    "holder": ("姓名", "Name"),
    "course": ("课程", "Course"),
    "points": ("学分", "Credits"),
    "hours": ("学时", "Contact hours"),
    "grade": ("成绩", "Grade"),
    "study": ("修读起止", "Period of study"),
    "home": ("所在学校", "Home institution"),
    "issuer": ("颁发学校", "Issued by"),
    "issued": ("颁发时间", "Issued at"),
    "number": ("证书编号", "Certificate number"),
    "supersedes": ("替换的证书", "Replaces certificate"),
    "hidden": ("持有人没有出示", "Not shown by the holder"),
    "by-issuer": ("颁发学校的签名：成立", "Signature of the issuer: holds"),
    "by-log": ("登记日志的证明：成立", "Proof of the log: holds"),
    "no-log": ("登记日志的证明：这份记录没有", "Proof of the log: this record carries none"),
    "witnesses": ("见证人：{n} / {k}，要求 {q}", "Witnesses: {n} of {k}, {q} required"),
    "list-age": ("信任列表制于 {at}，距今 {days} 天", "Trust list made at {at}, {days} days ago"),
    "status-age": ("撤销情况截至 {at}，距今 {days} 天", "Revocations known up to {at}, {days} days ago"),
    "no-status": ("没有核对是否已撤销。", "Whether it was revoked was not checked."),
}
FACTS = (
    ("holder", ("holder.name_zh", "holder.name_latin")),
    ("course", ("course.name_zh", "course.name_en")),
    ("points", ("credit_points",)),
    ("hours", ("contact_hours",)),
    ("grade", ("grade.value", "grade.scale")),
    ("study", ("study.from_on", "study.to_on")),
    ("home", ("home_institution.name_zh", "home_institution.name_en")),
    ("issuer", ("issuer.name_zh", "issuer.name_en")),
    ("issued", ("issued_at",)),
    ("number", ("number",)),
    ("supersedes", ("supersedes",)),
)


def days_since(moment):
    """Return the whole days from a moment until now, "?" for one that is none."""
    try:
        then = dt.datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=dt.timezone.utc)
    except ValueError:
        return "?"
    return max(0, (dt.datetime.now(dt.timezone.utc) - then).days)


def lines_of(found, trust, say):
    """Return the verdict in words: verdict, name, what, issuer, date, number, how it was checked."""
    yield say(found["outcome"])
    if found["outcome"] in ("not-genuine", "unreadable"):
        yield say(found["code"] if found["code"] in WORDS else "malformed") + " [%s]" % found["code"]
        return
    at = leaves(found["statement"])
    for key, paths in FACTS:
        values = [clean(at[path]) for path in paths if at.get(path)]
        if values:
            yield "%s: %s" % (say(key), " / ".join(values))
    if found["hidden"]:
        yield "%s: %s" % (say("hidden"), ", ".join(map(clean, found["hidden"])))
    yield say("by-issuer") + " [%s]" % clean(at["key_id"])
    yield say("by-log" if found["log"] else "no-log")
    if found["log"]:
        yield say("witnesses").format(n=found["witnesses"], k=found["known"], q=found["quorum"])
    yield say("list-age").format(at=clean(trust.made_at), days=days_since(trust.made_at))
    as_of = found["as_of"]
    yield say("status-age").format(at=clean(as_of), days=days_since(as_of)) if as_of else say("no-status")


def clean(text):
    """Return text that cannot steer a terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def run(arguments):
    """Check what the command line names; return the verdict and the trust list."""
    try:
        with open(arguments.trust, "rb") as file:
            trust = Trust(file.read(), arguments.log_key)
        data = given(arguments.what)
        return check(data, trust), trust
    except Unreadable as error:
        return {"outcome": "unreadable", "code": error.code}, None
    except Fault as fault:
        return {"outcome": "not-genuine", "code": fault.code}, None


def given(what):
    if what == "-":
        return sys.stdin.buffer.read(SIZE_MAX + 1)
    if "#" in what or what.isdigit():
        return what.encode("utf-8", "replace")
    with open(what, "rb") as file:
        return file.read(SIZE_MAX + 1)


def main():
    """Read the command line, say the verdict, return the exit status."""
    language = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", help="PDF, certificate.json, text of the code, or - for standard input")
    parser.add_argument("--trust", default="list.json", help="the trust list, from /trust/list.json")
    parser.add_argument("--log-key", default="", help="the log's public key in base64, when you know it otherwise")
    parser.add_argument("--json", action="store_true", help="answer for programs")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh" if language.startswith("zh") else "en")
    arguments = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    try:
        found, trust = run(arguments)
    except OSError as error:
        parser.exit(2, "%s: %s\n" % (error.filename, error.strerror))
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, sort_keys=True))
    else:
        side = 0 if arguments.lang == "zh" else 1
        print("\n".join(lines_of(found, trust, lambda key: WORDS[key][side])))
    return {"valid": 0, "genuine": 0, "unreadable": 2}.get(found["outcome"], 1)


if __name__ == "__main__":
    sys.exit(main())
