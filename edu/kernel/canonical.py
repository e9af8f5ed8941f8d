"""Canonical bytes: RFC 8785 JSON of strings, with a `type` and a `version` that are never reused."""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785


def canonical_bytes(document: Mapping[str, Any]) -> bytes:
    """Return the RFC 8785 bytes of a document of strings, lists and mappings.

    ValueError when `type` or `version` is missing or a leaf is not a string, so that no decimal can
    change its spelling between two programs.
    """
    if not isinstance(document.get("type"), str) or not isinstance(document.get("version"), str):
        raise ValueError("A canonical document has a type and a version, both strings.")
    _check_leaves(document, "$")
    return rfc8785.dumps(document)


def content_hash(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical bytes in lower-case hex (64 characters)."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def _check_leaves(value: Any, path: str) -> None:
    if isinstance(value, str):
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ValueError(f"{path}: a key is not a string.")
            _check_leaves(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _check_leaves(item, f"{path}[{index}]")
    else:
        raise ValueError(f"{path}: {type(value).__name__} is not a string; write amounts and times as text.")
