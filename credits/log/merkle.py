"""RFC 6962 trees: roots, inclusion and consistency proofs. Pure: the verifier on another machine runs this too."""

import hashlib
from collections.abc import Callable, Sequence

from credits.log.faults import Fault

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
SIZE_MAX = 1 << 63  # what C2SP allows a tree to hold


class ProofWrong(Fault):
    """A proof that does not prove: too long or short, of another tree, or for an impossible place."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes, in order; of none it is the hash of nothing."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:  # pairing from the left and carrying an odd last one up gives RFC 6962's split
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def inclusion_path(index: int, size: int, subtree: Callable[[int, int], bytes]) -> list[bytes]:
    """Return the inclusion proof of a leaf, nearest first; `subtree(start, end)` gives the root over that range.

    ValueError when the index is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError("The index is not in the tree.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int, subtree: Callable[[int, int], bytes]) -> list[bytes]:
    """Return the proof that the tree of `old` leaves is the beginning of the tree of `new` (RFC 6962 §2.1.2)."""
    if not 0 < old <= new:
        raise ValueError("A consistency proof needs 0 < old <= new.")
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, end))
    return path[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that follows from a leaf hash and its proof (RFC 9162 §2.1.3.2); ProofWrong if it cannot fit."""
    if not 0 <= index < size <= SIZE_MAX:
        raise ProofWrong("index-out-of-tree")
    _require_hashes(path, leaf)
    first, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ProofWrong("proof-too-long")
        if first & 1 or first == last:
            found = node_hash(step, found)
            while first & 1 == 0 and first:
                first, last = first >> 1, last >> 1
        else:
            found = node_hash(found, step)
        first, last = first >> 1, last >> 1
    if last:
        raise ProofWrong("proof-too-short")
    return found


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """ProofWrong unless the proof leads from the leaf to exactly this root."""
    if root_from_inclusion(leaf, index, size, path) != root:
        raise ProofWrong("root-differs")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """ProofWrong unless the tree of `old` leaves is the beginning of the tree of `new` (RFC 9162 §2.1.4.2)."""
    if not 0 < old <= new <= SIZE_MAX:
        raise ProofWrong("sizes-out-of-order")
    if old == new:
        if path or old_root != new_root:
            raise ProofWrong("root-differs")
        return
    _require_hashes(path, old_root, new_root)
    if not path:
        raise ProofWrong("proof-too-short")
    steps = list(path) if old & (old - 1) else [old_root, *path]
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    from_old = from_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofWrong("proof-too-long")
        if first & 1 or first == last:
            from_old, from_new = node_hash(step, from_old), node_hash(step, from_new)
            while first & 1 == 0 and first:
                first, last = first >> 1, last >> 1
        else:
            from_new = node_hash(from_new, step)
        first, last = first >> 1, last >> 1
    if last:
        raise ProofWrong("proof-too-short")
    if from_old != old_root or from_new != new_root:
        raise ProofWrong("root-differs")


def split(size: int) -> int:
    """Return the largest power of two below `size` (at least 2)."""
    return 1 << (size - 1).bit_length() - 1


def _require_hashes(path: Sequence[bytes], *others: bytes) -> None:
    if any(len(item) != HASH_SIZE for item in (*path, *others)):
        raise ProofWrong("not-a-hash")
