"""The tree of a sealed term: a Merkle sum tree whose shape follows from its keys' bits (docs/formats.md §8). Pure.

A node says at which bit its two sides part and holds the sums of both, all under its hash. So a key has one place
that the root itself fixes: what stands there is all there is about it, and no leaf out of order can hide another.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from struct import Struct

HASH_SIZE = KEY_SIZE = 32
KEY_BITS = 8 * KEY_SIZE
SUM_NAMES = ("entered", "recognised", "contact_hours")  # grows with a version
SUM_MAX = (1 << 63) - 1
BUCKET = 256  # leaves below one digest of the crown, about: a proof reads these and the crown

Sums = tuple[int, ...]  # hundredths, one for each name, none below zero
NOTHING: Sums = (0,) * len(SUM_NAMES)
_SUMS = Struct(f">{len(SUM_NAMES)}q")
_FOLDED = Struct(f">?{HASH_SIZE}s{_SUMS.size}s")


class SealFault(ValueError):
    """A tree or proof that is not as it must be; the text is a code."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A subtree as its parent knows it."""

    hash: bytes
    sums: Sums


@dataclass(frozen=True, slots=True)
class Item:
    """A leaf with the key that fixes its place."""

    key: int
    digest: Digest


@dataclass(frozen=True, slots=True)
class Step:
    """One step up: the bit at which the two sides part, and the side that is not ours."""

    depth: int
    other: Digest


def packed(sums: Sums) -> bytes:
    """Return sums as they stand under a hash; SealFault for too many, too few, negative or too large ones."""
    if len(sums) != len(SUM_NAMES) or min(sums) < 0 or max(sums) > SUM_MAX:
        raise SealFault("sums-out-of-range")
    return _SUMS.pack(*sums)


def unpacked(data: bytes) -> Sums:
    """Return the sums that `packed` wrote."""
    if len(data) != _SUMS.size:
        raise SealFault("sums-out-of-range")
    return _SUMS.unpack(data)


def added(left: Sums, right: Sums) -> Sums:
    """Return both together, name by name."""
    return tuple(one + other for one, other in zip(left, right, strict=True))


def lot_leaf(key: bytes, commitment: bytes, sums: Sums) -> Digest:
    """Return the leaf of one lot."""
    return Digest(hashlib.sha256(b"\x00" + key + commitment + packed(sums)).digest(), sums)


def person_leaf(key: bytes, lots: Digest) -> Digest:
    """Return the leaf of one person over the tree of the person's lots."""
    return Digest(hashlib.sha256(b"\x02" + key + lots.hash + packed(lots.sums)).digest(), lots.sums)


def node(depth: int, left: Digest, right: Digest) -> Digest:
    """Return the node whose sides part at bit `depth` (0 is the first)."""
    sides = left.hash + packed(left.sums) + right.hash + packed(right.sums)
    return Digest(hashlib.sha256(b"\x01" + bytes([depth]) + sides).digest(), added(left.sums, right.sums))


def sorted_items(items: Sequence[Item]) -> list[Item]:
    """Return leaves in the order of their keys; SealFault when a key stands twice."""
    ordered = sorted(items, key=_key)
    if any(one.key == other.key for one, other in pairwise(ordered)):
        raise SealFault("key-twice")
    return ordered


def fold(items: Sequence[Item]) -> Digest:
    """Return the root over sorted leaves; SealFault when there is none."""
    if not items:
        raise SealFault("tree-empty")
    waiting = [items[0].digest]
    depths: list[int] = []  # at which bit each of them parts from the one below
    for before, item in pairwise(items):
        depth = _parting(before.key, item.key)
        while depths and depths[-1] > depth:
            _join(waiting, depths)
        waiting.append(item.digest)
        depths.append(depth)
    while depths:
        _join(waiting, depths)
    return waiting[0]


def find(items: Sequence[Item], key: int) -> tuple[Item, list[Step]]:
    """Return what stands at the place of a key, and the way from there up to the root; the leaf may be another's."""
    low, high = 0, len(items)
    steps: list[Step] = []
    while high - low > 1:
        depth = _parting(items[low].key, items[high - 1].key)
        border = items[high - 1].key >> (KEY_BITS - 1 - depth) << (KEY_BITS - 1 - depth)
        middle = bisect_left(items, border, low, high, key=_key)
        if bit(key, depth):
            steps.append(Step(depth, fold(items[low:middle])))
            low = middle
        else:
            steps.append(Step(depth, fold(items[middle:high])))
            high = middle
    return items[low], steps[::-1]


def root_from(key: int, digest: Digest, steps: Sequence[Step]) -> Digest:
    """Return the root that a leaf at the place of a key leads to; SealFault for an impossible way."""
    above = KEY_BITS
    for step in steps:
        if not 0 <= step.depth < above:
            raise SealFault("path-out-of-order")
        above = step.depth
        sides = (step.other, digest) if bit(key, step.depth) else (digest, step.other)
        digest = node(step.depth, *sides)
    return digest


def same_place(key: int, other: int, steps: Sequence[Step]) -> bool:
    """True when the way of one key is the way of the other: then the second's leaf stands where the first's would."""
    return all(bit(key, step.depth) == bit(other, step.depth) for step in steps)


def bit(key: int, depth: int) -> int:
    """Return a bit of a key; the first is 0."""
    return key >> (KEY_BITS - 1 - depth) & 1


@dataclass(frozen=True, slots=True)
class Crown:
    """The upper part of a large tree: a digest for each beginning of `depth` bits, None where no key begins so.

    A proof then reads one bucket of leaves and this, and not the whole tree.
    """

    depth: int
    digests: tuple[Digest | None, ...]

    def root(self) -> Digest:
        """Return the root of the whole tree."""
        found = _rise(0, self.digests)
        if found is None:
            raise SealFault("tree-empty")
        return found

    def bucket_of(self, key: int) -> int:
        """Return the bucket that has the place of a key: the key's own, or where its way ends when that is empty."""
        low, high = 0, len(self.digests)
        for depth in range(self.depth):
            middle = (low + high) // 2
            halves = (low, middle), (middle, high)
            wanted, other = (halves[1], halves[0]) if bit(key, depth) else halves
            low, high = wanted if any(self.digests[slice(*wanted)]) else other
        return low

    def steps(self, key: int) -> list[Step]:
        """Return the way from the bucket of a key that is there up to the root."""
        steps: list[Step] = []
        part: Sequence[Digest | None] = self.digests
        for depth in range(self.depth):
            half = len(part) // 2
            part, others = (part[half:], part[:half]) if bit(key, depth) else (part[:half], part[half:])
            if (other := _rise(depth + 1, others)) is not None:
                steps.append(Step(depth, other))
        return steps[::-1]

    def range_of(self, bucket: int) -> tuple[bytes, bytes]:
        """Return the first and the last key that a bucket may hold."""
        width = KEY_BITS - self.depth
        first = bucket << width
        return first.to_bytes(KEY_SIZE, "big"), (first + (1 << width) - 1).to_bytes(KEY_SIZE, "big")

    def packed(self) -> bytes:
        """Return the crown as bytes."""
        nobody = _FOLDED.pack(False, bytes(HASH_SIZE), bytes(_SUMS.size))
        rows = (_FOLDED.pack(True, one.hash, packed(one.sums)) if one else nobody for one in self.digests)
        return bytes([self.depth]) + b"".join(rows)


def crown_from(data: bytes) -> Crown:
    """Return the crown that `packed` wrote; SealFault when the bytes are none."""
    if not data or len(data) != 1 + (1 << data[0]) * _FOLDED.size:
        raise SealFault("crown-malformed")
    rows = _FOLDED.iter_unpack(data[1:])
    return Crown(data[0], tuple(Digest(found, unpacked(sums)) if there else None for there, found, sums in rows))


def crown_of(items: Sequence[Item], depth: int | None = None) -> Crown:
    """Return the upper part of the tree over sorted leaves, so deep that a bucket holds about BUCKET leaves."""
    chosen = max(0, (len(items) // BUCKET).bit_length()) if depth is None else depth
    starts = [bisect_left(items, place << (KEY_BITS - chosen), key=_key) for place in range(1 << chosen)]
    ends = [*starts[1:], len(items)]
    return Crown(chosen, tuple(fold(items[a:b]) if a < b else None for a, b in zip(starts, ends, strict=True)))


def _rise(depth: int, digests: Sequence[Digest | None]) -> Digest | None:
    """Return the digest over buckets that part at `depth`; a side without anybody leaves the other as it is."""
    if len(digests) == 1:
        return digests[0]
    half = len(digests) // 2
    left, right = _rise(depth + 1, digests[:half]), _rise(depth + 1, digests[half:])
    if left is None or right is None:
        return left or right
    return node(depth, left, right)


def _join(waiting: list[Digest], depths: list[int]) -> None:
    right, left = waiting.pop(), waiting.pop()
    waiting.append(node(depths.pop(), left, right))


def _parting(first: int, last: int) -> int:
    """Return the first bit in which two keys differ."""
    return KEY_BITS - (first ^ last).bit_length()


def _key(item: Item) -> int:
    return item.key
