"""Proofs that anybody checks offline (C2SP tlog-proof@v1): write, parse, verify. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from credits.log import checkpoints, merkle
from credits.log.checkpoints import Checkpoint
from credits.log.faults import Fault
from credits.log.notes import NOTE_SIZE_MAX, PublicKey, decode, encode
from credits.log.policy import Policy

HEAD = "c2sp.org/tlog-proof@v1"
HASHES_MAX = 63  # a tree has fewer than 2^63 entries
EXTRA_SIZE_MAX = 4096
PROOF_SIZE_MAX = NOTE_SIZE_MAX + 2 * EXTRA_SIZE_MAX + 100 * HASHES_MAX


@dataclass(frozen=True, slots=True)
class Proof:
    """Where an entry stands and how its hash leads to the root of a checkpoint; `extra` is not authenticated."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    extra: bytes = b""

    @property
    def text(self) -> str:
        """The proof as a file."""
        extra = [f"extra {encode(self.extra)}"] if self.extra else []
        lines = [HEAD, *extra, f"index {self.index}", *(encode(item) for item in self.hashes)]
        return "\n".join(lines) + "\n\n" + self.checkpoint.note.whole


def parse(data: bytes) -> Proof:
    """Return the proof in a text; Fault when it is malformed or too large. Nothing is verified here."""
    if len(data) > PROOF_SIZE_MAX:
        raise Fault("proof-too-large")
    head, blank, checkpoint = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise Fault("proof-malformed", "not ASCII") from error
    if not blank or lines.pop(0) != HEAD:
        raise Fault("proof-malformed", "head")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = decode(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise Fault("proof-malformed", "index")
    index = checkpoints.parse_number(lines.pop(0).removeprefix("index "))
    if len(lines) > HASHES_MAX or len(extra) > EXTRA_SIZE_MAX:
        raise Fault("proof-too-large")
    hashes = tuple(decode(line) for line in lines)
    if any(len(item) != merkle.HASH_SIZE for item in hashes):
        raise Fault("proof-malformed", "hash")
    return Proof(index, hashes, checkpoints.parse(checkpoint), extra)


def check(proof: Proof, entry: bytes, *, origin: str, log_keys: Iterable[PublicKey], policy: Policy) -> int:
    """Return how many known witnesses cosigned; Fault unless the log signed a tree that has the entry.

    Fault `quorum-not-met` when the policy asks for more witnesses than there are good cosignatures.
    """
    found = proof.checkpoint
    if found.origin != origin:
        raise Fault("origin-differs", found.origin)
    found.require_signed(log_keys)
    leaf = merkle.leaf_hash(entry)
    merkle.check_inclusion(leaf, proof.index, found.size, proof.hashes, found.root)
    return policy.require(found)
