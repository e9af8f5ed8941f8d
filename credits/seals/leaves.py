"""Keys, salts and documents of a seal's leaves, and the root document (docs/formats.md §7). Pure."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from credits.log.commitments import SALT_SIZE
from credits.seals.tree import SUM_NAMES, SealFault, Sums
from edu.kernel.canonical import canonical_bytes

LEAF_TYPE, SEAL_TYPE, VERSION = "guixue.seal-leaf", "guixue.seal", "1"
ISSUED, RECOGNISED, CHANGED = "issued", "recognised", "changed"
ABOUT = (ISSUED, RECOGNISED, CHANGED)
HUNDREDTHS = 100


def seal_salt(person_salt: bytes, seal_uuid: UUID) -> bytes:
    """Return the 16 bytes that open one person's leaves in one seal, and nothing else of the person."""
    label = b"guixue.seal-salt/1" + seal_uuid.bytes
    return hmac.new(person_salt, label, hashlib.sha256).digest()[:SALT_SIZE]


def person_key(salt: bytes, holder_uuid: UUID) -> bytes:
    """Return where a person stands in a seal: another place in each seal, so that nobody is followed by it."""
    return hmac.new(salt, b"guixue.seal-person/1" + holder_uuid.bytes, hashlib.sha256).digest()


def lot_key(salt: bytes, about: str, lot_uuid: UUID) -> bytes:
    """Return the one place for what a seal says about a lot; of a recognition the lot is the one recognised from."""
    if about not in ABOUT:
        raise SealFault("leaf-about-nothing")
    return hmac.new(salt, b"guixue.seal-lot/1" + about.encode() + lot_uuid.bytes, hashlib.sha256).digest()


def leaf_key(salt: bytes, document: Mapping[str, Any]) -> bytes:
    """Return the place of a leaf's document."""
    named = document["origin"] if document["about"] == RECOGNISED else document["lot"]
    return lot_key(salt, document["about"], UUID(named))


def commitment(salt: bytes, key: bytes, document: Mapping[str, Any]) -> bytes:
    """Return the commitment to a leaf's document, under a salt of the leaf's own."""
    own = hmac.new(salt, b"guixue.seal-leaf/1" + key, hashlib.sha256).digest()[:SALT_SIZE]
    return hmac.new(own, canonical_bytes(document), hashlib.sha256).digest()


def leaf_document(
    *,
    about: str,
    lot: UUID,
    origin: UUID | None,
    unit: str,
    amount: Decimal,
    places: Sequence[tuple[str, str, Decimal]],
    sums: Sums,
    sealed_root: str = "",
) -> dict[str, Any]:
    """Return what a leaf commits to: where a lot's amount is, whose, and what it adds to the sums."""
    return {
        "type": LEAF_TYPE,
        "version": VERSION,
        "about": about,
        "lot": str(lot),
        "origin": str(origin) if origin else "",
        "unit": unit,
        "amount": f"{amount:.2f}",
        "places": [{"kind": kind, "whose": whose, "amount": f"{there:.2f}"} for kind, whose, there in places],
        "sums": named(sums),
        "sealed_root": sealed_root,
    }


def named(sums: Sums) -> dict[str, str]:
    """Return sums as they stand in documents: {"issued": "2.00", …}."""
    return {name: f"{Decimal(value) / HUNDREDTHS:.2f}" for name, value in zip(SUM_NAMES, sums, strict=True)}


def read_sums(document: Any) -> Sums:
    """Return sums from a document; SealFault when they are not written as `named` writes them."""
    if not isinstance(document, Mapping) or set(document) != set(SUM_NAMES):
        raise SealFault("sums-unreadable")
    try:
        sums = tuple(int(Decimal(document[name]) * HUNDREDTHS) for name in SUM_NAMES)
    except (ArithmeticError, TypeError, ValueError):
        raise SealFault("sums-unreadable") from None
    if named(sums) != dict(document):
        raise SealFault("sums-unreadable")
    return sums
