"""Proofs without a database: what a good one proves, and what is refused with which code."""

import copy
import json
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credits.seals import leaves, proofs, tree
from credits.seals.proofs import check
from credits.seals.tree import Digest, Item, SealFault
from edu.kernel.canonical import canonical_bytes

Document = dict[str, Any]
Mutation = Callable[[Document, Document], None]
SEAL = UUID(int=77)


class Model:
    """A sealed term in plain Python: people with lots, the tree over them, proofs cut out of it."""

    def __init__(self, people: dict[UUID, list[Document]]) -> None:
        self.people = people
        self.salts = {holder: leaves.seal_salt(holder.bytes * 2, SEAL) for holder in people}
        self.lots = {holder: self._lots(holder) for holder in people}
        self.items = tree.sorted_items([self._item(holder) for holder in people])
        self.root = tree.fold(self.items)

    def _lots(self, holder: UUID) -> list[Item]:
        salt, made = self.salts[holder], []
        for document in self.people[holder]:
            key = leaves.lot_key(salt, UUID(document["lot"]))
            digest = tree.lot_leaf(
                key, leaves.commitment(salt, key, canonical_bytes(document)), leaves.sums_of(document)
            )
            made.append(Item(int.from_bytes(key, "big"), digest))
        return tree.sorted_items(made)

    def _item(self, holder: UUID) -> Item:
        key = leaves.person_key(self.salts[holder], holder)
        return Item(int.from_bytes(key, "big"), tree.person_leaf(key, tree.fold(self.lots[holder])))

    def proof(self, holder: UUID, shown: list[str], absent: list[UUID]) -> Document:
        """A proof of a person who is in the seal."""
        salt, items = self.salts[holder], self.lots[holder]
        lots = tree.fold(items)
        key = leaves.person_key(salt, holder)
        _item, steps = tree.find(self.items, int.from_bytes(key, "big"))
        return {
            "type": "guixue.seal-proof",
            "version": "1",
            "seal": {
                "type": "guixue.seal", "version": "1", "root": self.root.hash.hex(), "term": "2024-2025-1",
                "sums": leaves.named(self.root.sums), "log_size": "9", "sealed_at": "2025-02-20T04:00:00.000Z",
            },
            "entry_salt": "00" * 16,
            "log_proof": "",
            "holder": str(holder),
            "salt": salt.hex(),
            "person": _part(lots, steps),
            "leaves": [
                {"document": one, "path": self._way(holder, UUID(one["lot"]))[1]}
                for one in self.people[holder] if one["lot"] in shown
            ],
            "absent": [self._absent(holder, lot) for lot in absent],
            "corrections": [],
        }  # fmt: skip

    def _way(self, holder: UUID, lot: UUID) -> tuple[Item, list[Document]]:
        place = int.from_bytes(leaves.lot_key(self.salts[holder], lot), "big")
        item, steps = tree.find(self.lots[holder], place)
        return item, proofs.steps_document(steps)

    def _absent(self, holder: UUID, lot: UUID) -> Document:
        item, path = self._way(holder, lot)
        key, salt = item.key.to_bytes(32, "big"), self.salts[holder]
        there = next(one for one in self.people[holder] if leaves.lot_key(salt, UUID(one["lot"])) == key)
        return {
            "lot": str(lot), "stands_for": key.hex(), "path": path,
            "commitment": leaves.commitment(salt, key, canonical_bytes(there)).hex(),
            "sums": leaves.named(item.digest.sums),
        }  # fmt: skip


def _part(lots: Digest, steps: list[tree.Step]) -> Document:
    path = proofs.steps_document(steps)
    return {"lots_root": lots.hash.hex(), "sums": leaves.named(lots.sums), "path": path, "stands_for": ""}


def leaf(lot: int, hundredths: int, recognised: int = 0, unit: str = "credit_points") -> Document:
    """A lot whose credit is available, or converted and recognised at `recognised` homes."""
    amount = Decimal(hundredths) / 100
    kind = "converted_out" if recognised else "available"
    homes = [
        leaves.recognition(
            lot=UUID(int=lot * 1000 + n), home=UUID(int=n + 1), amount=amount, places=[("recognised", "x", amount)]
        )
        for n in range(recognised)
    ]
    return leaves.leaf_document(
        lot=UUID(int=lot), issuer=UUID(int=5), facts={"course_code": f"C{lot}"}, unit=unit, amount=amount,
        places=[(kind, "y", amount)], recognitions=homes, corrections=[],
    )  # fmt: skip


def model() -> Model:
    lots = iter(range(1, 200))
    return Model(
        {UUID(int=holder): [leaf(next(lots), 200, recognised=n % 2) for n in range(5)] for holder in range(1, 9)}
    )


HOLDER = UUID(int=3)
OTHER = UUID(int=4)
NOWHERE = UUID(int=999_999)


def good(holder: UUID = HOLDER) -> Document:
    whole = model()
    shown = [one["lot"] for one in whole.people[holder][:2]]
    proof: Document = json.loads(json.dumps(whole.proof(holder, shown, [NOWHERE])))
    return proof


PEOPLE = st.dictionaries(
    st.uuids(),
    st.lists(
        st.tuples(st.integers(1, 10**6), st.integers(0, 2), st.sampled_from(["credit_points", "contact_hours"])),
        min_size=1, max_size=5,
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(PEOPLE, st.randoms(use_true_random=False))
def test_a_proof_proves_what_the_model_holds(
    people: dict[UUID, list[tuple[int, int, str]]], draw: random.Random
) -> None:
    numbers = iter(range(1, 1000))
    held = {
        holder: [leaf(next(numbers), h, homes if unit == "credit_points" else 0, unit) for h, homes, unit in lots]
        for holder, lots in people.items()
    }
    whole = Model(held)
    for holder, lots in people.items():
        shown = [one["lot"] for one in held[holder] if draw.random() < 0.5]
        found = check(whole.proof(holder, shown, [NOWHERE]))
        points = [(h, homes) for h, homes, unit in lots if unit == "credit_points"]
        assert found.total == (
            sum(h for h, _homes in points),
            sum(h * homes for h, homes in points),
            sum(h for h, _homes, unit in lots if unit == "contact_hours"),
        )
        assert sorted(one["lot"] for one in found.leaves) == sorted(shown)
        assert found.whole == (len(shown) == len(lots))
        assert found.absent == (str(NOWHERE),)
        for one in found.leaves:
            asked = next(document for document in held[holder] if document["lot"] == one["lot"])
            assert len(leaves.standing(one)) == len(asked["recognitions"])
    assert whole.root.sums == tuple(
        map(sum, zip(*(leaves.sums_of(one) for lots in held.values() for one in lots), strict=True))
    )


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text(), st.lists(st.dictionaries(st.sampled_from(["account", "owner", "amount"]), st.text())))
def test_the_short_way_to_canonical_bytes_is_the_long_one(name: str, other: str, places: list[dict[str, str]]) -> None:
    document = leaf(1, 200, recognised=1) | {
        "places": places,
        "course": {"name_zh": name, "name_en": other, "code": ""},
    }
    assert leaves.own_bytes(document) == canonical_bytes(document)


def swap_leaves(bad: Document, _other: Document) -> None:
    first, second = bad["leaves"]
    first["path"], second["path"] = second["path"], first["path"]


def shorten(bad: Document, _other: Document) -> None:
    bad["person"]["path"].pop()


def lengthen(bad: Document, _other: Document) -> None:
    bad["person"]["path"] *= 200


def reorder(bad: Document, _other: Document) -> None:
    bad["person"]["path"].reverse()


def richer_total(bad: Document, _other: Document) -> None:
    bad["person"]["sums"]["entered"] = "99.00"


def richer_sibling(bad: Document, _other: Document) -> None:
    bad["person"]["path"][0]["sums"]["entered"] = "0.00"


def negative(bad: Document, _other: Document) -> None:
    bad["person"]["path"][0]["sums"]["entered"] = "-1.00"


def written_otherwise(bad: Document, _other: Document) -> None:
    bad["person"]["sums"]["entered"] = "10.0"


def too_large(bad: Document, _other: Document) -> None:
    bad["person"]["sums"]["entered"] = "9" * 30 + ".00"


def other_names_of_sums(bad: Document, _other: Document) -> None:
    bad["person"]["sums"]["bonus"] = "0.00"


def more_in_a_leaf(bad: Document, _other: Document) -> None:
    bad["leaves"][0]["document"]["places"][0]["amount"] = "3.00"


def other_course(bad: Document, _other: Document) -> None:
    bad["leaves"][0]["document"]["course"]["code"] = "C999"


def hidden_recognition(bad: Document, _other: Document) -> None:
    bad["leaves"][1]["document"]["recognitions"] = []


def leaf_twice(bad: Document, _other: Document) -> None:
    bad["leaves"][1] = bad["leaves"][0]


def leaf_of_another_person(bad: Document, other: Document) -> None:
    bad["leaves"][0] = other["leaves"][0]


def person_of_another(bad: Document, other: Document) -> None:
    bad["person"] = other["person"]


def salt_of_another(bad: Document, other: Document) -> None:
    bad["salt"] = other["salt"]


def another_holder(bad: Document, other: Document) -> None:
    bad["holder"] = other["holder"]


def another_seal(bad: Document, _other: Document) -> None:
    bad["seal"]["root"] = "11" * 32


def other_sums_of_the_seal(bad: Document, _other: Document) -> None:
    bad["seal"]["sums"]["recognised"] = "0.00"


def absent_though_there(bad: Document, _other: Document) -> None:
    bad["absent"][0]["lot"] = bad["leaves"][0]["document"]["lot"]


def absent_by_itself(bad: Document, _other: Document) -> None:
    salt = bytes.fromhex(bad["salt"])
    bad["absent"][0]["stands_for"] = leaves.lot_key(salt, NOWHERE).hex()


def absent_by_nothing(bad: Document, _other: Document) -> None:
    bad["absent"][0]["stands_for"] = ""


def person_absent_by_itself(bad: Document, _other: Document) -> None:
    key = leaves.person_key(bytes.fromhex(bad["salt"]), HOLDER)
    bad["person"]["stands_for"] = key.hex()


def person_absent_by_a_neighbour(bad: Document, other: Document) -> None:
    bad["person"] = other["person"] | {"stands_for": leaves.person_key(bytes.fromhex(other["salt"]), OTHER).hex()}


def too_many(bad: Document, _other: Document) -> None:
    bad["absent"] = bad["absent"] * 3000


def other_type(bad: Document, _other: Document) -> None:
    bad["type"] = "guixue.certificate-disclosure"


def other_leaf_type(bad: Document, _other: Document) -> None:
    bad["leaves"][0]["document"]["type"] = "guixue.posting"


def a_number(bad: Document, _other: Document) -> None:
    bad["person"]["path"][0]["depth"] = 3


def depth_written_otherwise(bad: Document, _other: Document) -> None:
    bad["person"]["path"][0]["depth"] = " 3"


def capital_hex(bad: Document, _other: Document) -> None:
    bad["person"]["lots_root"] = bad["person"]["lots_root"].upper()


def short_salt(bad: Document, _other: Document) -> None:
    bad["salt"] = bad["salt"][:-2]


def no_leaves(bad: Document, _other: Document) -> None:
    del bad["leaves"]


def wrong_log_proof(bad: Document, _other: Document) -> None:
    bad["log_proof"] = "c2sp.org/tlog-proof@v1\nindex 0\n\nnothing"


def another_correction(bad: Document, _other: Document) -> None:
    bad["corrections"] = [{"document": {"sealed_roots": ["22" * 32], "reverses": "x", "lots": {}}}]


def correction_of_another_lot(bad: Document, _other: Document) -> None:
    bad["corrections"] = [
        {"document": {"sealed_roots": [bad["seal"]["root"]], "reverses": "x", "lots": {str(NOWHERE): {}}}}
    ]


BAD: list[tuple[Mutation, str]] = [
    (swap_leaves, "root-differs|sums-differ|path-out-of-order"),
    (shorten, "sums-differ|root-differs"),
    (lengthen, "path-too-long|path-out-of-order"),
    (reorder, "path-out-of-order"),
    (richer_total, "sums-differ"),
    (richer_sibling, "sums-differ"),
    (negative, "sums-unreadable"),
    (written_otherwise, "sums-unreadable"),
    (too_large, "sums-unreadable"),
    (other_names_of_sums, "sums-unreadable"),
    (more_in_a_leaf, "sums-differ"),
    (other_course, "root-differs"),
    (hidden_recognition, "sums-differ"),
    (leaf_twice, "leaf-twice"),
    (leaf_of_another_person, "root-differs|sums-differ|path-out-of-order"),
    (person_of_another, "root-differs|sums-differ|path-out-of-order"),
    (salt_of_another, "root-differs|sums-differ"),
    (another_holder, "root-differs|sums-differ"),
    (another_seal, "root-differs"),
    (other_sums_of_the_seal, "sums-differ"),
    (absent_though_there, "place-is-anothers|root-differs|sums-differ"),
    (absent_by_itself, "place-is-anothers"),
    (absent_by_nothing, "place-is-anothers"),
    (person_absent_by_itself, "place-is-anothers"),
    (person_absent_by_a_neighbour, "place-is-anothers|root-differs"),
    (too_many, "proof-too-large"),
    (other_type, "proof-of-another-type"),
    (other_leaf_type, "leaf-of-another-type"),
    (a_number, "proof-malformed"),
    (depth_written_otherwise, "proof-malformed"),
    (capital_hex, "proof-malformed"),
    (short_salt, "proof-malformed"),
    (no_leaves, "proof-malformed"),
    (wrong_log_proof, "log-proof-wrong"),
    (another_correction, "correction-of-another-seal"),
    (correction_of_another_lot, "correction-of-another-lot"),
]


@pytest.mark.parametrize(("mutate", "code"), BAD, ids=[mutation.__name__ for mutation, _code in BAD])
def test_a_bad_proof_is_refused_with_a_code(mutate: Mutation, code: str) -> None:
    proof = good()
    check(proof)
    bad = copy.deepcopy(proof)
    mutate(bad, good(OTHER))
    with pytest.raises(SealFault, match=f"^({code})$"):
        check(bad)


def strings(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document that holds a string."""
    if isinstance(value, str):
        return [path]
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    return [place for key, part in parts for place in strings(part, (*path, key))]


# While the seal is in no checkpoint nothing speaks for the first two; another lot may be absent at the same place.
UNPROVED = {("entry_salt",), ("log_proof",), ("absent", 0, "lot")}


def test_no_string_of_a_proof_can_be_changed_unseen() -> None:
    proof = good()
    found = [place for place in strings(proof) if place not in UNPROVED and place[:1] != ("seal",)]
    assert len(found) > 100
    for place in found:
        bad = copy.deepcopy(proof)
        *way, last = place
        part = bad
        for key in way:
            part = part[key]
        text = part[last]
        part[last] = text[:-1] + ("1" if text[-1:] != "1" else "2")
        with pytest.raises(SealFault):
            print(place, check(bad))


@pytest.mark.parametrize("anything", [None, 3, "text", [], {}, {"type": []}, [[]], {"type": "guixue.seal-proof"}])
def test_anything_else_is_refused(anything: Any) -> None:
    with pytest.raises(SealFault):
        check(anything)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": "1", "a": "2"}', "key-twice"),
        ('{"a": {"b": "1", "b": "1"}}', "key-twice"),
        ('{"a": NaN}', "proof-unreadable"),
        ("{", "proof-unreadable"),
        ("[" * 200_000, "proof-unreadable"),
        ("\ufeff{}", "proof-unreadable"),
        (" " * (proofs.FILE_BYTES_MAX + 1), "proof-too-large"),
    ],
    ids=["twice", "twice-below", "nan", "cut", "deep", "mark", "huge"],
)
def test_a_file_is_read_in_one_way_only(text: str, code: str) -> None:
    with pytest.raises(SealFault, match=code):
        proofs.read(text.encode())
