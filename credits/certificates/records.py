"""The machine record of a certificate: statement, signature and the public key's name, as one JSON document.

It is what lies in the PDF, what the API returns, and what a holder may keep as a file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edu.kernel.canonical import canonical_bytes

TYPE = "guixue.credit-certificate-record"
VERSION = "1"
ALGORITHM = "Ed25519"
FILE_NAME = "certificate.json"
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

    @property
    def signed_bytes(self) -> bytes:
        """Return the bytes that the signature is over."""
        return canonical_bytes(self.statement)


def dump(*, statement: Mapping[str, Any], signature: str, key_id: str, public_key: str) -> bytes:
    """Return the record's bytes, canonical, so that two copies are equal byte by byte."""
    return canonical_bytes(
        {
            "type": TYPE,
            "version": VERSION,
            "statement": statement,
            "signature": signature,
            "key": {"key_id": key_id, "algorithm": ALGORITHM, "public_key": public_key},
        }
    )


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
    if not isinstance(document, dict) or document.get("type") != TYPE or document.get("version") != VERSION:
        raise Unreadable("not-a-certificate")
    statement, signature, key = document.get("statement"), document.get("signature"), document.get("key")
    if not isinstance(statement, dict) or not isinstance(signature, str) or not isinstance(key, dict):
        raise Unreadable("not-a-certificate")
    key_id = key.get("key_id")
    if not isinstance(key_id, str):
        raise Unreadable("not-a-certificate")
    record = Record(statement=statement, signature=signature, key_id=key_id)
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
