"""Keys, salts and documents of a seal's leaves (docs/formats.md §8). Pure.

A leaf says all that a seal knows about one lot: where its amount is, and every recognition of it at any home. So what
stands at the lot's one place is all there is, and a recognition that is not in it does not exist in the seal.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from credits.log.commitments import SALT_SIZE
from credits.seals.tree import NOTHING, SUM_NAMES, SealFault, Sums, added

LEAF_TYPE, VERSION = "guixue.seal-leaf", "1"
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,16})\.[0-9]{2}")  # below 2^63 hundredths
HUNDREDTHS = 100
POINTS, HOURS = "credit_points", "contact_hours"
COUNTED_AT_HOME = ("recognised", "redeemed")  # a degree uses what was recognised and takes nothing away
COURSE_FACTS = {"code": "course_code", "name_zh": "course_name_zh", "name_en": "course_name_en"}

Account = tuple[str, str, Decimal]  # kind, owner, amount


def seal_salt(person_salt: bytes, seal_uuid: UUID) -> bytes:
    """Return the 16 bytes that open one person's leaves in one seal, and nothing else of the person."""
    return _derived(person_salt, b"guixue.seal-salt/1" + seal_uuid.bytes)[:SALT_SIZE]


def person_key(salt: bytes, holder_uuid: UUID) -> bytes:
    """Return where a person stands in a seal: another place in each seal, so that nobody is followed by it."""
    return _derived(salt, b"guixue.seal-person/1" + holder_uuid.bytes)


def lot_key(salt: bytes, lot_uuid: UUID) -> bytes:
    """Return the one place for what a seal says about a lot and its recognitions."""
    return _derived(salt, b"guixue.seal-lot/1" + lot_uuid.bytes)


def commitment(salt: bytes, key: bytes, data: bytes) -> bytes:
    """Return the commitment to the canonical bytes of a leaf's document, under a salt of the leaf's own."""
    own = _derived(salt, b"guixue.seal-leaf/1" + key)[:SALT_SIZE]
    return _derived(own, data)


def own_bytes(document: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a document that was built here: strings under ASCII names, nothing else.

    Of such documents the standard library writes what RFC 8785 asks for, fifty times as fast as the general program,
    and a term has millions. A document from outside goes through `canonical_bytes`, which refuses what is no string.
    """
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf_document(
    *,
    lot: UUID,
    issuer: UUID,
    facts: Mapping[str, str],
    unit: str,
    amount: Decimal,
    places: Iterable[Account],
    recognitions: Sequence[Mapping[str, Any]],
    corrections: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """Return what a leaf commits to; `corrections` are the postings that undid something after an earlier seal."""
    return {
        "type": LEAF_TYPE,
        "version": VERSION,
        "lot": str(lot),
        "issuer": str(issuer),
        "course": {name: facts.get(fact, "") for name, fact in COURSE_FACTS.items()},
        "unit": unit,
        "amount": f"{amount:.2f}",
        "places": placed(places),
        "recognitions": list(recognitions),
        "corrections": list(corrections),
    }


def recognition(*, lot: UUID, home: UUID, amount: Decimal, places: Iterable[Account]) -> dict[str, Any]:
    """Return the part of a leaf about one recognition: the home's lot, and where its amount is."""
    return {"lot": str(lot), "home": str(home), "amount": f"{amount:.2f}", "places": placed(places)}


def placed(accounts: Iterable[Account]) -> list[dict[str, str]]:
    """Return where something of a lot is, in a fixed order."""
    return [{"account": kind, "owner": owner, "amount": f"{amount:.2f}"} for kind, owner, amount in sorted(accounts)]


def sums_of(document: Mapping[str, Any]) -> Sums:
    """Return what a leaf adds to the sums; they follow from its document, so that no leaf can claim others."""
    unit, places = document["unit"], document["places"]
    there = sum(hundredths(place["amount"]) for place in places)
    if unit == HOURS:
        return 0, 0, there
    if unit != POINTS:
        raise SealFault("unit-unknown")
    counted = _counted(places) + sum(_counted(one["places"]) for one in document["recognitions"])
    return there, counted, 0


def total_of(documents: Iterable[Mapping[str, Any]]) -> Sums:
    """Return the sums of several leaves together."""
    total = NOTHING
    for document in documents:
        total = added(total, sums_of(document))
    return total


def standing(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the recognitions of a leaf that still count at their home."""
    return [one for one in document["recognitions"] if _counted(one["places"])]


def named(sums: Sums) -> dict[str, str]:
    """Return sums as they stand in documents: {"entered": "2.00", …}."""
    return {name: f"{Decimal(value) / HUNDREDTHS:.2f}" for name, value in zip(SUM_NAMES, sums, strict=True)}


def read_sums(document: Any) -> Sums:
    """Return sums from a document; SealFault when they are not written as `named` writes them."""
    if not isinstance(document, Mapping) or set(document) != set(SUM_NAMES):
        raise SealFault("sums-unreadable")
    return tuple(hundredths(document[name]) for name in SUM_NAMES)


def hundredths(text: Any) -> int:
    """Return an amount written as "2.00" in hundredths; SealFault for anything written otherwise."""
    if not isinstance(text, str) or not AMOUNT.fullmatch(text):
        raise SealFault("sums-unreadable")
    return int(text.replace(".", ""))


def _counted(places: Iterable[Mapping[str, str]]) -> int:
    return sum(hundredths(place["amount"]) for place in places if place["account"] in COUNTED_AT_HOME)


def _derived(key: bytes, label: bytes) -> bytes:
    return hmac.digest(key, label, hashlib.sha256)
