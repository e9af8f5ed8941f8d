"""The proof that a holder carries out of a sealed term, and its check. Pure: needs no database, no server, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from credits.log import merkle, proofs
from credits.log.commitments import commitment as log_commitment
from credits.log.commitments import entry_bytes
from credits.log.faults import Fault
from credits.log.merkle import ProofWrong
from credits.seals import leaves, tree
from credits.seals.tree import Digest, SealFault, Step, Sums

PROOF_TYPE, VERSION = "guixue.seal-proof", "1"
LEAVES_MAX = 10_000  # nobody takes more courses; a hostile file shall not keep the checker busy


@dataclass(frozen=True, slots=True)
class Verified:
    """What a proof proves."""

    seal: Mapping[str, Any]
    total: Sums
    leaves: tuple[Mapping[str, Any], ...]
    absent: tuple[tuple[str, UUID], ...]  # about, lot: nothing of the kind stands in the seal
    whole: bool  # the leaves shown are all of the person's: they add up to the total
    logged: bool  # the seal's entry leads to the root of the checkpoint that is in the proof
    corrections: tuple[Mapping[str, Any], ...]
    later: tuple["Verified", ...]


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


def _check(document: Mapping[str, Any]) -> Verified:
    if (document["type"], document["version"]) != (PROOF_TYPE, VERSION):
        raise SealFault("proof-of-another-type")
    seal, salt, person = document["seal"], bytes.fromhex(document["salt"]), document["person"]
    root = Digest(bytes.fromhex(seal["root"]), leaves.read_sums(seal["sums"]))
    key = leaves.person_key(salt, UUID(document["holder"]))
    shown, absent, total = _person(document, salt, key, person, root)
    together = tree.NOTHING
    for one in shown:
        together = tree.added(together, leaves.read_sums(one["sums"]))
    later = tuple(_check(one) for one in document["later"])
    _require_same_holder(document, seal, later)
    return Verified(
        seal=seal,
        total=total,
        leaves=shown,
        absent=absent,
        whole=together == total,
        logged=_logged(document, seal),
        corrections=tuple(_corrections(document, seal)),
        later=later,
    )


def _person(
    document: Mapping[str, Any], salt: bytes, key: bytes, person: Mapping[str, Any], root: Digest
) -> tuple[tuple[Mapping[str, Any], ...], tuple[tuple[str, UUID], ...], Sums]:
    """Return the leaves shown, what is shown to be absent, and the person's total."""
    steps = _steps(person["path"])
    place = int.from_bytes(key, "big")
    if person["stands_for"]:  # another's leaf stands at the place: this person has nothing in the seal
        other = bytes.fromhex(person["stands_for"])
        if other == key or not tree.same_place(place, int.from_bytes(other, "big"), steps):
            raise SealFault("place-is-anothers")
        _require(tree.root_from(place, tree.person_leaf(other, _lots(person)), steps), root)
        return (), tuple((one["about"], UUID(one["lot"])) for one in document["absent"]), tree.NOTHING
    lots = _lots(person)
    _require(tree.root_from(place, tree.person_leaf(key, lots), steps), root)
    if len(document["leaves"]) + len(document["absent"]) > LEAVES_MAX:
        raise SealFault("proof-too-large")
    shown = tuple(_leaf(salt, one, lots) for one in document["leaves"])
    if len({leaves.leaf_key(salt, one) for one in shown}) != len(shown):
        raise SealFault("leaf-twice")
    return shown, tuple(_absent(salt, one, lots) for one in document["absent"]), lots.sums


def _leaf(salt: bytes, one: Mapping[str, Any], lots: Digest) -> Mapping[str, Any]:
    document = one["document"]
    if (document["type"], document["version"]) != (leaves.LEAF_TYPE, leaves.VERSION):
        raise SealFault("leaf-of-another-type")
    key = leaves.leaf_key(salt, document)
    digest = tree.lot_leaf(key, leaves.commitment(salt, key, document), leaves.read_sums(document["sums"]))
    _require(tree.root_from(int.from_bytes(key, "big"), digest, _steps(one["path"])), lots)
    return document


def _absent(salt: bytes, one: Mapping[str, Any], lots: Digest) -> tuple[str, UUID]:
    about, lot = one["about"], UUID(one["lot"])
    key, other, steps = leaves.lot_key(salt, about, lot), bytes.fromhex(one["stands_for"]), _steps(one["path"])
    place = int.from_bytes(key, "big")
    if other == key or not tree.same_place(place, int.from_bytes(other, "big"), steps):
        raise SealFault("place-is-anothers")
    digest = tree.lot_leaf(other, bytes.fromhex(one["commitment"]), leaves.read_sums(one["sums"]))
    _require(tree.root_from(place, digest, steps), lots)
    return about, lot


def _logged(document: Mapping[str, Any], seal: Mapping[str, Any]) -> bool:
    """True when the log's proof leads to its checkpoint; False when the entry waits for one; SealFault otherwise."""
    if not document["log_proof"]:
        return False
    try:
        proof = proofs.parse(document["log_proof"].encode())
        found = proof.checkpoint
        merkle.check_inclusion(
            merkle.leaf_hash(seal_entry(document, seal)), proof.index, found.size, proof.hashes, found.root
        )
    except (Fault, ProofWrong):
        raise SealFault("log-proof-wrong") from None
    return True


def seal_entry(document: Mapping[str, Any], seal: Mapping[str, Any]) -> bytes:
    """Return the log's entry about the seal of a proof."""
    return entry_bytes("seal", log_commitment(bytes.fromhex(document["entry_salt"]), seal))


def _corrections(document: Mapping[str, Any], seal: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = document["corrections"]
    if any(one["sealed_root"] != seal["root"] for one in found):
        raise SealFault("correction-of-another-seal")
    return list(found)


def _require_same_holder(document: Mapping[str, Any], seal: Mapping[str, Any], later: Sequence[Verified]) -> None:
    for one, found in zip(document["later"], later, strict=True):
        if one["holder"] != document["holder"] or found.seal["institution"] != seal["institution"]:
            raise SealFault("later-seal-of-another")
        if any(leaf["sealed_root"] != seal["root"] for leaf in found.leaves):
            raise SealFault("correction-of-another-seal")


def _lots(person: Mapping[str, Any]) -> Digest:
    return Digest(bytes.fromhex(person["hash"]), leaves.read_sums(person["sums"]))


def _steps(document: Sequence[Mapping[str, Any]]) -> list[Step]:
    if len(document) > tree.KEY_BITS:
        raise SealFault("path-too-long")
    return [
        Step(int(step["depth"]), Digest(bytes.fromhex(step["hash"]), leaves.read_sums(step["sums"])))
        for step in document
    ]


def _require(found: Digest, root: Digest) -> None:
    if found.sums != root.sums:
        raise SealFault("sums-differ")
    if found.hash != root.hash:
        raise SealFault("root-differs")
