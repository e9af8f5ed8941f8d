"""The machine record of a certificate: statement, signature and the public key's name, as one JSON document.

It is what lies in the PDF, what the API returns, and what a holder may keep as a file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edu.kernel.canonical import canonical_bytes

TYPE = "guixue.credit-certificate-record"
VERSION = "2"  # 1 had neither salt nor proof
VERSIONS = ("1", "2")
ALGORITHM = "Ed25519"
FILE_NAME = "certificate.json"
LOGGED = ("entry_salt", "commitment_signature", "proof")
RECORD_SIZE_MAX_BYTES = 64 * 1024  # the longest real one has under 3 KiB


class Unreadable(ValueError):
    """These bytes are no machine record; `code` says why, for people and programs alike."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Record:
    """A parsed machine record: nothing of it is believed before its signature is verified."""

    statement: Mapping[str, Any]
    signature: str
    key_id: str
    entry_salt: str = ""  # these three stand in version 2 only
    commitment_signature: str = ""
    proof: str = ""

    @property
    def is_logged(self) -> bool:
        """True for a record that claims to stand in the log."""
        return bool(self.proof)

    @property
    def signed_bytes(self) -> bytes:
        """Return the bytes that the signature is over."""
        return canonical_bytes(self.statement)


def dump(record: Record, public_key: str) -> bytes:
    """Return the record's bytes, canonical, so that two copies are equal byte by byte."""
    document: dict[str, Any] = {
        "type": TYPE,
        "version": VERSION if record.is_logged else "1",
        "statement": record.statement,
        "signature": record.signature,
        "key": {"key_id": record.key_id, "algorithm": ALGORITHM, "public_key": public_key},
    }
    if record.is_logged:
        document |= {name: getattr(record, name) for name in LOGGED}
    return canonical_bytes(document)


def parse(data: bytes) -> Record:
    """Read a machine record; Unreadable for anything that two readers could understand differently."""
    if len(data) > RECORD_SIZE_MAX_BYTES:
        raise Unreadable("not-a-certificate")
    try:
        document = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refused)
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable("not-json") from error
    if not isinstance(document, dict) or document.get("type") != TYPE or document.get("version") not in VERSIONS:
        raise Unreadable("not-a-certificate")
    statement, signature, key = document.get("statement"), document.get("signature"), document.get("key")
    if not isinstance(statement, dict) or not isinstance(signature, str) or not isinstance(key, dict):
        raise Unreadable("not-a-certificate")
    key_id = key.get("key_id")
    if not isinstance(key_id, str):
        raise Unreadable("not-a-certificate")
    given = {name: document.get(name) for name in LOGGED} if document["version"] == VERSION else {}
    logged = {name: value for name, value in given.items() if isinstance(value, str) and value}
    if logged.keys() != given.keys():
        raise Unreadable("not-a-certificate")
    record = Record(statement, signature, key_id, **logged)
    try:
        canonical_bytes(statement)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not-canonical") from error
    return record


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: one reader would take the first value, another the last."""
    document = dict(pairs)
    if len(document) != len(pairs):
        raise Unreadable("duplicate-keys")
    return document


def _refused(constant: str) -> None:
    raise Unreadable("not-json")
