"""Trees and proofs, against the published vectors and against each other."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credits.log import merkle

LEAVES = [merkle.leaf_hash(bytes([n])) for n in range(70)]


def subtree(start: int, end: int) -> bytes:
    return merkle.root_of(LEAVES[start:end])


def cases(reference_data: Path, kind: str) -> list[dict[str, Any]]:
    files = sorted((reference_data / "merkle" / "testdata" / kind).rglob("*.json"))
    return [json.loads(file.read_text()) for file in files]


def raw(value: str | None) -> bytes:
    return base64.b64decode(value or "")


def holds(check: Any, *arguments: Any) -> bool:
    try:
        check(*arguments)
    except merkle.ProofWrong:
        return False
    return True


@pytest.mark.reference
def test_98_published_inclusion_proofs(reference_data: Path) -> None:
    found = cases(reference_data, "inclusion")
    assert len(found) == 98
    for case in found:
        path = [raw(item) for item in case["proof"] or []]
        good = holds(
            merkle.check_inclusion, raw(case["leafHash"]), case["leafIdx"], case["treeSize"], path, raw(case["root"])
        )
        assert good is not case["wantErr"], case["desc"]


@pytest.mark.reference
def test_98_published_consistency_proofs(reference_data: Path) -> None:
    found = cases(reference_data, "consistency")
    assert len(found) == 98
    for case in found:
        path = [raw(item) for item in case["proof"] or []]
        good = holds(
            merkle.check_consistency, case["size1"], case["size2"], raw(case["root1"]), raw(case["root2"]), path
        )
        assert good is not (case["wantErr"] or case["size1"] == 0), case["desc"]


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_and_no_other(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_path(index, size, subtree)
    merkle.check_inclusion(LEAVES[index], index, size, path, subtree(0, size))
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index)) if size > 1 else None
    if other is not None:
        assert not holds(merkle.check_inclusion, LEAVES[index], other, size, path, subtree(0, size))


@given(st.integers(1, 70), st.data())
def test_every_older_tree_is_a_beginning(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    path = merkle.consistency_path(old, new, subtree)
    merkle.check_consistency(old, new, subtree(0, old), subtree(0, new), path)
    if old < new:
        assert not holds(merkle.check_consistency, old, new, merkle.EMPTY_ROOT, subtree(0, new), path)


def test_an_index_outside_the_tree_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in the tree"):
        merkle.inclusion_path(3, 3, subtree)
    with pytest.raises(ValueError, match="0 < old"):
        merkle.consistency_path(0, 3, subtree)


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
