"""The proof that a holder carries out of a sealed term, and its check. Pure: needs no database, no server, no clock."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from credits.log import merkle, proofs
from credits.log.commitments import SALT_SIZE, entry_bytes
from credits.log.commitments import commitment as log_commitment
from credits.log.faults import Fault
from credits.log.merkle import ProofWrong
from credits.seals import leaves, tree
from credits.seals.tree import Digest, SealFault, Step, Sums
from edu.kernel.canonical import canonical_bytes

PROOF_TYPE, SEAL_TYPE, VERSION = "guixue.seal-proof", "guixue.seal", "1"
SEAL_KIND, POSTING_KIND = "seal", "posting"  # of log entries
LEAVES_MAX = 2_000  # nobody takes more courses; a hostile file shall not keep the checker busy
FILE_BYTES_MAX = 16 * 1024 * 1024  # 2,000 leaves of 4 KB, and as much again for their ways


@dataclass(frozen=True, slots=True)
class Correction:
    """A posting that undid something of a sealed lot afterwards; `logged` when its entry leads to its checkpoint."""

    document: Mapping[str, Any]
    logged: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """What a proof proves."""

    seal: Mapping[str, Any]
    holder: str
    total: Sums
    leaves: tuple[Mapping[str, Any], ...]
    absent: tuple[str, ...]  # lots about which nothing stands in the seal
    whole: bool  # the leaves shown are all of the person's: they add up to the total
    logged: bool  # the seal's entry leads to the root of the checkpoint that is in the proof
    corrections: tuple[Correction, ...]


def read(data: bytes) -> Any:
    """Return the document in a file; SealFault when it is too large, no JSON, or says a key twice."""
    if len(data) > FILE_BYTES_MAX:
        raise SealFault("proof-too-large")
    try:
        return json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_refuse)
    except SealFault:
        raise
    except (ValueError, RecursionError):
        raise SealFault("proof-unreadable") from None


def check(document: Any) -> Verified:
    """Return what a proof proves; SealFault with a code when it does not."""
    try:
        return _check(document)
    except SealFault:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise SealFault("proof-malformed") from None


def steps_document(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return a way up as it stands in a proof."""
    return [
        {"depth": str(step.depth), "hash": step.other.hash.hex(), "sums": leaves.named(step.other.sums)}
        for step in steps
    ]


def seal_entry(document: Mapping[str, Any]) -> bytes:
    """Return the log's entry about the seal of a proof."""
    return entry_bytes(SEAL_KIND, log_commitment(_bytes(document["entry_salt"], SALT_SIZE), document["seal"]))


def _check(document: Mapping[str, Any]) -> Verified:
    if (document["type"], document["version"]) != (PROOF_TYPE, VERSION):
        raise SealFault("proof-of-another-type")
    seal, salt = document["seal"], _bytes(document["salt"], SALT_SIZE)
    if (seal["type"], seal["version"]) != (SEAL_TYPE, VERSION):
        raise SealFault("seal-of-another-type")
    if len(document["leaves"]) + len(document["absent"]) + len(document["corrections"]) > LEAVES_MAX:
        raise SealFault("proof-too-large")
    root = Digest(_bytes(seal["root"]), leaves.read_sums(seal["sums"]))
    lots = _person(document, salt, root)
    shown = tuple(_leaf(salt, one, lots) for one in document["leaves"])
    if len({one["lot"] for one in shown}) != len(shown):
        raise SealFault("leaf-twice")
    absent = tuple(_absent(salt, one, lots) for one in document["absent"])
    total = lots.sums if lots else tree.NOTHING
    return Verified(
        seal=seal,
        holder=str(_uuid(document["holder"])),
        total=total,
        leaves=shown,
        absent=absent,
        whole=leaves.total_of(shown) == total,
        logged=_logged(seal_entry(document), document["log_proof"], 0),
        corrections=tuple(_correction(one, seal, shown) for one in document["corrections"]),
    )


def _person(document: Mapping[str, Any], salt: bytes, root: Digest) -> Digest | None:
    """Return the digest of the person's lots; None when another stands at the place, so that the person has none."""
    person, steps = document["person"], _steps(document["person"]["path"])
    key = leaves.person_key(salt, _uuid(document["holder"]))
    lots = Digest(_bytes(person["lots_root"]), leaves.read_sums(person["sums"]))
    there = _stands_for(person, key, steps)
    _require(tree.root_from(_place(key), tree.person_leaf(there or key, lots), steps), root)
    return None if there else lots


def _leaf(salt: bytes, one: Mapping[str, Any], lots: Digest | None) -> Mapping[str, Any]:
    document = one["document"]
    if lots is None:
        raise SealFault("place-is-anothers")
    if (document["type"], document["version"]) != (leaves.LEAF_TYPE, leaves.VERSION):
        raise SealFault("leaf-of-another-type")
    key = leaves.lot_key(salt, _uuid(document["lot"]))
    digest = tree.lot_leaf(key, leaves.commitment(salt, key, canonical_bytes(document)), leaves.sums_of(document))
    _require(tree.root_from(_place(key), digest, _steps(one["path"])), lots)
    return document


def _absent(salt: bytes, one: Mapping[str, Any], lots: Digest | None) -> str:
    lot = _uuid(one["lot"])
    if lots is not None:  # else the person has nothing at all in the seal, and not this
        key, steps = leaves.lot_key(salt, lot), _steps(one["path"])
        there = _stands_for(one, key, steps)
        if not there:
            raise SealFault("place-is-anothers")
        digest = tree.lot_leaf(there, _bytes(one["commitment"]), leaves.read_sums(one["sums"]))
        _require(tree.root_from(_place(key), digest, steps), lots)
    return str(lot)


def _stands_for(one: Mapping[str, Any], key: bytes, steps: Sequence[Step]) -> bytes:
    """Return the other key that stands at the place of a key, which shows that the key does not; empty for none."""
    if not one["stands_for"]:
        return b""
    other = _bytes(one["stands_for"])
    if other == key or not tree.same_place(_place(key), _place(other), steps):
        raise SealFault("place-is-anothers")
    return other


def _correction(one: Mapping[str, Any], seal: Mapping[str, Any], shown: Sequence[Mapping[str, Any]]) -> Correction:
    """Return a later posting that names this seal's root and undoes something of a lot that is shown."""
    document = one["document"]
    if seal["root"] not in document["sealed_roots"] or not document["reverses"]:
        raise SealFault("correction-of-another-seal")
    known = {lot for leaf in shown for lot in (leaf["lot"], *(home["lot"] for home in leaf["recognitions"]))}
    if not known & set(document["lots"]):
        raise SealFault("correction-of-another-lot")
    entry = entry_bytes(POSTING_KIND, log_commitment(_bytes(one["entry_salt"], SALT_SIZE), document))
    return Correction(document, _logged(entry, one["log_proof"], _number(seal["log_size"])))


def _logged(entry: bytes, text: str, earliest: int) -> bool:
    """True when the log's proof leads to its checkpoint; False when the entry waits for one; SealFault otherwise."""
    if not text:
        return False
    try:
        proof = proofs.parse(text.encode())
        found = proof.checkpoint
        merkle.check_inclusion(merkle.leaf_hash(entry), proof.index, found.size, proof.hashes, found.root)
    except (Fault, ProofWrong):
        raise SealFault("log-proof-wrong") from None
    if proof.index < earliest:
        raise SealFault("correction-before-the-seal")
    return True


def _steps(document: Sequence[Mapping[str, Any]]) -> list[Step]:
    if not isinstance(document, list):
        raise SealFault("proof-malformed")
    if len(document) > tree.KEY_BITS:
        raise SealFault("path-too-long")
    return [
        Step(_number(step["depth"]), Digest(_bytes(step["hash"]), leaves.read_sums(step["sums"]))) for step in document
    ]


def _require(found: Digest, root: Digest) -> None:
    if found.sums != root.sums:
        raise SealFault("sums-differ")
    if found.hash != root.hash:
        raise SealFault("root-differs")


def _place(key: bytes) -> int:
    return int.from_bytes(key, "big")


def _bytes(text: str, size: int = tree.HASH_SIZE) -> bytes:
    """Return bytes from lower-case hex of one size, written in the one way."""
    found = bytes.fromhex(text)
    if len(found) != size or found.hex() != text:
        raise SealFault("proof-malformed")
    return found


def _uuid(text: str) -> UUID:
    found = UUID(text)
    if str(found) != text:
        raise SealFault("proof-malformed")
    return found


def _number(text: str) -> int:
    found = int(text)
    if str(found) != text or found < 0:
        raise SealFault("proof-malformed")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise SealFault("key-twice")
    return found


def _refuse(_text: str) -> Any:
    raise SealFault("proof-unreadable")
