"""Salted commitments: what the log holds instead of what they are about (docs/formats.md §1 and §2)."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from credits.log import merkle
from edu.kernel.canonical import canonical_bytes

SALT_SIZE = 16  # of an entry or a field: 128 bits, as many as the tokens of addresses have
OWNER_SALT_SIZE = 32
ENTRY_TYPE = "guixue.log-entry"
ENTRY_VERSION = "1"
KINDS = ("posting", "certificate", "certificate-status", "seal", "signing-key")
CERTIFICATE = "certificate"
COMMITMENT_TYPE = "guixue.certificate-commitment"


def entry_salt(owner_salt: bytes, subject_uuid: UUID) -> bytes:
    """Return the 16 bytes that open the entry about one subject, and no other entry of the same owner."""
    return _derived(owner_salt, b"guixue.entry-salt/1" + subject_uuid.bytes)


def commitment(salt: bytes, subject: Mapping[str, Any]) -> str:
    """Return the commitment to a subject document, in hex."""
    return hmac.new(salt, canonical_bytes(subject), hashlib.sha256).hexdigest()


def entry_bytes(kind: str, committed: str, *, key_id: str = "", signature: str = "") -> bytes:
    """Return the log entry; a certificate's carries the issuer's key id and signature, the others nothing more."""
    if kind not in KINDS or (kind == CERTIFICATE) != bool(key_id and signature):
        raise ValueError("Of log entries a certificate's alone is signed by an issuer.")
    document = {"type": ENTRY_TYPE, "version": ENTRY_VERSION, "kind": kind, "commitment": committed}
    if key_id:
        document |= {"key_id": key_id, "signature": signature}
    return canonical_bytes(document)


def field_salt(salt: bytes, path: str) -> bytes:
    """Return the salt of one field of a certificate."""
    return _derived(salt, b"guixue.field-salt/1" + path.encode())


def field_hash(salt: bytes, path: str, value: str) -> bytes:
    """Return the hash of a field from the field's own salt."""
    return hashlib.sha256(b"\x00" + salt + path.encode() + b"\x00" + value.encode()).digest()


def root_of_fields(hashes: Mapping[str, bytes]) -> str:
    """Return the commitment, in hex, over the field hashes of all paths, shown and hidden."""
    ordered = sorted(hashes, key=str.encode)
    return merkle.root_of([merkle.leaf_hash(hashes[path]) for path in ordered]).hex()


def certificate_commitment(salt: bytes, statement: Mapping[str, Any]) -> str:
    """Return the commitment to a certificate's statement, in hex."""
    hashes = {path: field_hash(field_salt(salt, path), path, value) for path, value in leaves(statement)}
    return root_of_fields(hashes)


def signed_commitment(committed: str) -> bytes:
    """Return the bytes that the issuer signs for a certificate's log entry."""
    return canonical_bytes({"type": COMMITMENT_TYPE, "version": "1", "commitment": committed})


def leaves(document: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each string of a document with its dotted path; ValueError for anything but strings, maps and lists."""
    if isinstance(document, str):
        yield path, document
    elif isinstance(document, Mapping):
        for key, value in document.items():
            if "." in key:
                raise ValueError(f"{key}: a dot in a field's name would make two paths equal.")
            yield from leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(document, list | tuple):
        for index, value in enumerate(document):
            yield from leaves(value, f"{path}.{index}")
    else:
        raise ValueError(f"{path}: not a string.")


def _derived(key: bytes, label: bytes) -> bytes:
    return hmac.new(key, label, hashlib.sha256).digest()[:SALT_SIZE]
