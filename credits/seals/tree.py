"""The tree of a sealed term: a Merkle sum tree whose shape follows from the bits of its keys. Pure.

A node says at which bit its two sides part and holds the sums of both, all under its hash. So a key has one place
that the root itself fixes: what stands there is all there is about it, and no leaf out of order can hide another.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

KEY_SIZE = 32
KEY_BITS = 8 * KEY_SIZE
SUM_NAMES = ("issued", "recognised", "contact_hours", "points_taken_back", "hours_taken_back")  # grows with a version
SUM_SIZE = 8
SUM_MAX = (1 << 63) - 1
PATH_MAX = 2 * KEY_BITS

Sums = tuple[int, ...]  # hundredths, one for each name, none below zero
NOTHING: Sums = (0,) * len(SUM_NAMES)


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
    if len(sums) != len(SUM_NAMES) or not all(0 <= value <= SUM_MAX for value in sums):
        raise SealFault("sums-out-of-range")
    return b"".join(value.to_bytes(SUM_SIZE, "big") for value in sums)


def unpacked(data: bytes) -> Sums:
    """Return the sums that `packed` wrote."""
    return tuple(int.from_bytes(data[at : at + SUM_SIZE], "big") for at in range(0, len(data), SUM_SIZE))


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
    ordered = sorted(items, key=lambda item: item.key)
    if any(one.key == other.key for one, other in pairwise(ordered)):
        raise SealFault("key-twice")
    return ordered


def fold(items: Sequence[Item]) -> Digest:
    """Return the root over sorted leaves, at least one."""
    return _fold(items, 0, len(items))


def find(items: Sequence[Item], key: int) -> tuple[Item, list[Step]]:
    """Return what stands at the place of a key, and the way from there up to the root; the leaf may be another's."""
    low, high = 0, len(items)
    steps: list[Step] = []
    while high - low > 1:
        depth, middle = _parting(items, low, high)
        if bit(key, depth):
            steps.append(Step(depth, _fold(items, low, middle)))
            low = middle
        else:
            steps.append(Step(depth, _fold(items, middle, high)))
            high = middle
    return items[low], steps[::-1]


def root_from(key: int, digest: Digest, steps: Sequence[Step]) -> Digest:
    """Return the root that a leaf at the place of a key leads to; SealFault for an impossible way."""
    above = KEY_BITS
    if len(steps) > PATH_MAX:
        raise SealFault("path-too-long")
    for step in steps:
        if not 0 <= step.depth < above:
            raise SealFault("path-out-of-order")
        above = step.depth
        packed(step.other.sums)
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
    """The upper part of a large tree: the digests at `depth`, "" where nobody is; what is below is folded anew.

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

    def steps(self, key: int) -> list[Step]:
        """Return the way from the bucket of a key up to the root."""
        steps: list[Step] = []
        part: Sequence[Digest | None] = self.digests
        for depth in range(self.depth):
            half = len(part) // 2
            mine, others = (part[half:], part[:half]) if bit(key, depth) else (part[:half], part[half:])
            if (other := _rise(depth + 1, others)) is not None:
                if _rise(depth + 1, mine) is None:  # nobody on our side: the other side alone stands for both
                    raise SealFault("bucket-empty")
                steps.append(Step(depth, other))
            part = mine
        return steps[::-1]


def crown_of(items: Sequence[Item], depth: int) -> Crown:
    """Return the upper part of the tree over sorted leaves."""
    starts = [bisect_left(items, place << (KEY_BITS - depth), key=lambda item: item.key) for place in range(1 << depth)]
    ends = [*starts[1:], len(items)]
    return Crown(depth, tuple(_fold(items, a, b) if a < b else None for a, b in zip(starts, ends, strict=True)))


def buckets(crown: Crown, key: int) -> Iterator[int]:
    """Yield the bucket whose leaf stands at the place of a key: the key's own, or where the way of the key ends."""
    low, high = 0, len(crown.digests)
    for depth in range(crown.depth):
        middle = (low + high) // 2
        halves = (low, middle), (middle, high)
        wanted, other = (halves[1], halves[0]) if bit(key, depth) else halves
        low, high = wanted if any(crown.digests[wanted[0] : wanted[1]]) else other
    yield low


def _rise(depth: int, digests: Sequence[Digest | None]) -> Digest | None:
    """Return the digest over buckets that part at `depth`; a side without anybody leaves the other as it is."""
    if len(digests) == 1:
        return digests[0]
    half = len(digests) // 2
    left, right = _rise(depth + 1, digests[:half]), _rise(depth + 1, digests[half:])
    if left is None or right is None:
        return left or right
    return node(depth, left, right)


def _fold(items: Sequence[Item], low: int, high: int) -> Digest:
    if high - low == 1:
        return items[low].digest
    depth, middle = _parting(items, low, high)
    return node(depth, _fold(items, low, middle), _fold(items, middle, high))


def _parting(items: Sequence[Item], low: int, high: int) -> tuple[int, int]:
    """Return the first bit in which the keys of a range differ, and where the upper side begins."""
    first, last = items[low].key, items[high - 1].key
    width = (first ^ last).bit_length()  # bits from the parting one on
    return KEY_BITS - width, bisect_left(items, last >> (width - 1) << (width - 1), low, high, key=_key)


def _key(item: Item) -> int:
    return item.key
