"""The tree of a sealed term, without a database."""

import hashlib
import random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credits.seals import leaves, tree
from credits.seals.tree import Digest, Item, SealFault, Step

KEYS = st.lists(st.integers(0, (1 << 256) - 1), min_size=1, max_size=40, unique=True)


def items(keys: list[int]) -> list[Item]:
    made = [
        Item(key, tree.lot_leaf(key.to_bytes(32, "big"), hashlib.sha256(bytes([i])).digest(), (i, 0, 1)))
        for i, key in enumerate(keys)
    ]
    return tree.sorted_items(made)


@settings(max_examples=60, deadline=None)
@given(KEYS)
def test_every_leaf_leads_to_the_root_and_the_root_holds_the_sums(keys: list[int]) -> None:
    ordered = items(keys)
    root = tree.fold(ordered)
    assert root.sums == (sum(range(len(keys))), 0, len(keys))
    for item in ordered:
        found, steps = tree.find(ordered, item.key)
        assert found == item
        assert tree.root_from(item.key, item.digest, steps) == root


@settings(max_examples=60, deadline=None)
@given(KEYS, st.integers(0, (1 << 256) - 1))
def test_an_absent_key_has_one_place_and_another_stands_there(keys: list[int], key: int) -> None:
    ordered = items([one for one in keys if one != key] or [key ^ 1])
    found, steps = tree.find(ordered, key)
    assert found.key != key
    assert tree.same_place(key, found.key, steps)
    assert tree.root_from(key, found.digest, steps) == tree.fold(ordered)


@settings(max_examples=40, deadline=None)
@given(KEYS, st.integers(0, 6))
def test_the_crown_is_the_same_tree(keys: list[int], depth: int) -> None:
    ordered = items(keys)
    crown = tree.crown_of(ordered, depth)
    assert crown.root() == tree.fold(ordered)
    assert tree.crown_from(crown.packed()) == crown
    for item in ordered:
        bucket = crown.bucket_of(item.key)
        inside = [one for one in ordered if one.key >> (256 - depth) == bucket] if depth else ordered
        found, steps = tree.find(inside, item.key)
        assert [*steps, *crown.steps(item.key)] == tree.find(ordered, item.key)[1]
        assert found == item


def test_a_key_stands_once() -> None:
    with pytest.raises(SealFault, match="key-twice"):
        items([5, 5])


def test_what_is_not_so_does_not_lead_to_the_root() -> None:
    draw = random.Random(4)
    ordered = items([draw.getrandbits(256) for _ in range(50)])
    root = tree.fold(ordered)
    item, steps = tree.find(ordered, ordered[20].key)
    neighbour = ordered[21]
    richer = Digest(item.digest.hash, (item.digest.sums[0] + 1, *item.digest.sums[1:]))
    moved = [Step(steps[0].depth, Digest(steps[0].other.hash, (9, 9, 9))), *steps[1:]]
    for key, digest, way in [
        (item.key, neighbour.digest, steps),  # the neighbour in its place
        (neighbour.key, item.digest, steps),
        (item.key, richer, steps),  # more in the leaf
        (item.key, item.digest, moved),  # more beside it
        (item.key, item.digest, steps[1:]),
        (item.key, item.digest, [Step(step.depth, steps[-1].other) for step in steps]),
    ]:
        assert tree.root_from(key, digest, way) != root
    for way, code in [
        (steps[::-1], "path-out-of-order"),
        ([*steps, *steps], "path-out-of-order"),
        ([Step(256, steps[0].other)], "path-out-of-order"),
        ([Step(steps[0].depth, Digest(b"", (-1, 0, 0)))], "sums-out-of-range"),
        ([Step(steps[0].depth, Digest(b"", (1 << 63, 0, 0)))], "sums-out-of-range"),
        ([Step(steps[0].depth, Digest(b"", (1,)))], "sums-out-of-range"),
    ]:
        with pytest.raises(SealFault, match=code):
            tree.root_from(item.key, item.digest, way)


def test_a_second_leaf_cannot_hide_behind_a_wrong_order() -> None:
    """Two trees hold another recognition out of place: no way of its key leads there."""
    ordered = items([1 << 255, 3 << 254, 1 << 200])
    key = ordered[0].key
    hidden = tree.lot_leaf(key.to_bytes(32, "big"), b"\x01" * 32, (7, 0, 0))
    wrong = tree.node(0, ordered[0].digest, tree.node(1, hidden, ordered[2].digest))
    for steps in ([Step(1, ordered[2].digest), Step(0, ordered[0].digest)],):
        assert tree.root_from(key, hidden, steps) != wrong


def by_bits(leaves: dict[str, tuple[bytes, tuple[int, ...]]], depth: int = 0) -> tuple[bytes, tuple[int, ...]]:
    """The same tree as docs/formats.md §8 says it, over keys as strings of bits: slow and plain."""
    if len(leaves) == 1:
        [only] = leaves.values()
        return only
    zero = {key: leaf for key, leaf in leaves.items() if key[depth] == "0"}
    one = {key: leaf for key, leaf in leaves.items() if key[depth] == "1"}
    if not zero or not one:
        return by_bits(leaves, depth + 1)
    (left, left_sums), (right, right_sums) = by_bits(zero, depth + 1), by_bits(one, depth + 1)
    sides = left + b"".join(n.to_bytes(8, "big") for n in left_sums)
    sides += right + b"".join(n.to_bytes(8, "big") for n in right_sums)
    sums = tuple(a + b for a, b in zip(left_sums, right_sums, strict=True))
    return hashlib.sha256(b"\x01" + bytes([depth]) + sides).digest(), sums


@settings(max_examples=60, deadline=None)
@given(KEYS)
def test_the_root_is_that_of_a_plain_tree_of_bits(keys: list[int]) -> None:
    ordered = items(keys)
    plain = {f"{item.key:0256b}": (item.digest.hash, item.digest.sums) for item in ordered}
    root = tree.fold(ordered)
    assert by_bits(plain) == (root.hash, root.sums)


def test_golden_values() -> None:
    """A tripwire for the format: whoever changes these bytes needs a new version."""
    ordered = items([1, 2, 1 << 255])
    assert tree.fold(ordered).hash.hex() == GOLDEN
    assert tree.person_leaf(b"\x05" * 32, tree.fold(ordered)).hash.hex() == GOLDEN_PERSON
    seal_uuid, holder = UUID(int=1), UUID(int=2)
    salt = leaves.seal_salt(b"\x07" * 32, seal_uuid)
    assert [salt.hex(), leaves.person_key(salt, holder).hex(), leaves.lot_key(salt, holder).hex()] == GOLDEN_KEYS


GOLDEN = "dbb19aa314a31fb4220dad12f45c673ac157e7b4bfcfe01aee6dbd797e3ad0c3"
GOLDEN_PERSON = "0cc32473ef1c7af8e509f47ddf3750118135ce26da56b0c93416821cbb869706"
GOLDEN_KEYS = [
    "7202fdd9590e2d8384de77137c526880",
    "87c44bf87820f1c6ccbdac1f48ff2556b8c53a15f2cb2e3f6779a1b390981b72",
    "6ebe0a5679a414c24d3a79d1826501e50574b04576a15ebd985b5b68337b8338",
]
