"""A witness cosigns what goes on from the last thing it saw, and nothing else; the log asks it and keeps the answer."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from aics_tlog import cosign as aics_cosign
from aics_tlog import note as aics_note
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pytest_django.fixtures import Settings

from credits.log import checkpoints, folder, keys, merkle, notes, proofs, queries, sequencer, witness, witnesses
from credits.log.checkpoints import Checkpoint
from credits.log.models import Cosignature
from credits.log.models import Witness as WitnessRow
from credits.log.notes import PublicKey, Tree
from credits.log.witnessing import SIZE_TYPE, Answer, Witness, write_request
from edu.kernel.errors import Refusal
from tests.factories.log import ORIGIN, appended, sequenced

LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(40)]
LOG = Ed25519PrivateKey.generate()
LOG_KEY = PublicKey(ORIGIN, notes.ED25519, LOG.public_key().public_bytes_raw())
NAME = "witness.example.edu.cn/w1"


def checkpoint(size: int, *, leaves: list[bytes] = LEAVES, signer: Ed25519PrivateKey = LOG) -> Checkpoint:
    tree = Tree(ORIGIN, size, merkle.root_of(leaves[:size]))
    text = checkpoints.body(tree)
    key = PublicKey(ORIGIN, notes.ED25519, signer.public_key().public_bytes_raw())
    return Checkpoint(tree, notes.Note(text, (notes.sign_note(text, key, signer),)))


def path(old: int, new: int) -> list[bytes]:
    return merkle.consistency_path(old, new, lambda start, end: merkle.root_of(LEAVES[start:end])) if old else []


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def one(tmp_path: Path, said: list[str]) -> Witness:
    return Witness(tmp_path / "state", NAME, [LOG_KEY], clock=lambda: 1_790_000_000.5, log=said.append)


def asked(one: Witness, old: int, new: Checkpoint, proof: list[bytes] | None = None) -> Answer:
    return one.add_checkpoint(write_request(old, path(old, new.size) if proof is None else proof, new))


def test_it_cosigns_what_goes_on_and_another_program_agrees(one: Witness) -> None:
    for old, size in ((0, 7), (7, 7), (7, 30)):
        new = checkpoint(size)
        answer = asked(one, old, new)
        assert answer.status == 200
        blob = aics_note.parse_note(new.note.whole + answer.body).signatures[-1].signature
        assert aics_cosign.verify_cosignature(blob, NAME, one.key.material, ORIGIN, size, new.root)
    assert one.sizes() == {ORIGIN: 30}


def test_it_remembers_over_a_restart(one: Witness, tmp_path: Path, said: list[str]) -> None:
    asked(one, 0, checkpoint(7))
    again = Witness(tmp_path / "state", NAME, [LOG_KEY], clock=lambda: 0, log=said.append)
    assert again.key == one.key
    assert asked(again, 0, checkpoint(9)) == Answer(409, "7\n", SIZE_TYPE)


@pytest.mark.parametrize(
    ("old", "new", "proof", "status"),
    [
        (5, checkpoint(9), None, 409),  # it saw 7
        (0, checkpoint(9), None, 409),
        (7, checkpoint(5), [], 400),
        (7, checkpoint(9), [], 422),
        (7, checkpoint(9), [b"\x00" * 32] * 3, 422),
        (7, checkpoint(9, leaves=LEAVES[::-1]), None, 422),
        (7, checkpoint(7, leaves=LEAVES[::-1]), [], 409),  # two trees of one size
        (7, checkpoint(9, signer=Ed25519PrivateKey.generate()), None, 403),
    ],
)
def test_it_refuses_and_says_why(
    one: Witness, said: list[str], old: int, new: Checkpoint, proof: list[bytes] | None, status: int
) -> None:
    assert asked(one, 0, checkpoint(7)).status == 200
    answer = asked(one, old, new, proof)
    assert (answer.status, one.sizes()) == (status, {ORIGIN: 7})
    assert str(status) in said[-1]
    assert answer.body.endswith("\n")


@pytest.mark.parametrize("data", [b"", b"old 1\n", b"old 01\n\nx", b"old 0\nnothash\n\n", b"\xff", b"a" * 10**6])
def test_nonsense_is_a_bad_request(one: Witness, data: bytes) -> None:
    assert one.add_checkpoint(data).status == 400


def test_an_unknown_log_is_not_found(one: Witness) -> None:
    tree = Tree("other.example/log", 0, merkle.EMPTY_ROOT)
    text = checkpoints.body(tree)
    key = PublicKey("other.example/log", notes.ED25519, LOG.public_key().public_bytes_raw())
    other = Checkpoint(tree, notes.Note(text, (notes.sign_note(text, key, LOG),)))
    assert one.add_checkpoint(write_request(0, [], other)).status == 404


def test_neither_witness_nor_verifier_needs_our_framework_or_database() -> None:
    code = (
        "import sys, credits.log.witness, credits.log.verify_log;"
        "print([name for name in ('django', 'psycopg', 'celery') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def serving(log_dir: Path, tmp_path: Path, said: list[str]) -> Iterator[Witness]:
    """A witness of the test's own log, over HTTP, registered."""
    one = Witness(tmp_path / "w", NAME, keys.public_keys(), clock=lambda: 1_790_000_000, log=said.append)
    with witness.server(one, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        witnesses.add(public_key=one.key.text, address=f"http://127.0.0.1:{server.server_port}", operator="Another")
        yield one
        server.shutdown()
        thread.join()


def test_the_log_asks_and_publishes_the_cosignature(serving: Witness, settings: Settings) -> None:
    settings.GUIXUE_LOG_QUORUM = 1
    subjects = sequenced(5) + sequenced(300)
    published = folder.published()
    assert published
    assert published.signatures_by([serving.key])
    assert serving.sizes() == {ORIGIN: 305}
    found = queries.proof_of("posting", subjects[2])
    assert found
    assert found.quorum_met
    assert len(found.cosignatures) == 1
    parsed = proofs.parse(found.text.encode())
    assert queries.policy().require(parsed.checkpoint) == 1
    assert Cosignature.objects.count() == 2


def test_a_witness_that_is_away_delays_nothing_and_is_asked_again(
    serving: Witness, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GUIXUE_LOG_QUORUM = 1
    address = WitnessRow.objects.get().address
    WitnessRow.objects.update(address="http://127.0.0.1:9")
    subject = sequenced(3)[0]
    found = queries.proof_of("posting", subject)
    assert found
    assert not found.quorum_met
    assert WitnessRow.objects.get().last_error
    WitnessRow.objects.update(address=address, asked_at=None)
    sequencer.sequence()
    found = queries.proof_of("posting", subject)
    assert found
    assert found.quorum_met


def test_a_log_that_wakes_from_an_old_snapshot_signs_nothing(
    serving: Witness, log_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sequenced(3)
    tree = Tree(ORIGIN, 9, b"\x07" * 32)
    longer = Checkpoint(tree, keys.sign(tree, checkpoints.body(tree)))
    serving._keep(longer)  # the witness has seen what nobody here remembers
    monkeypatch.setattr(sequencer, "_probed_at", None)
    appended(2)
    with pytest.raises(Refusal) as refused:
        sequencer.sequence()
    assert refused.value.code == "log-behind"
    assert refused.value.details["known"] == 9
    assert folder.signed().size == 3  # type: ignore[union-attr]


def test_a_forked_log_is_found_by_the_witness_with_the_next_checkpoint(serving: Witness) -> None:
    sequenced(3)
    tree = Tree(ORIGIN, 3, b"\x07" * 32)
    serving._keep(Checkpoint(tree, keys.sign(tree, checkpoints.body(tree))))  # it was shown another tree
    appended(2)
    with pytest.raises(Refusal) as refused:
        sequencer.sequence()
    assert refused.value.code == "log-forked"
    assert folder.published().size == 3  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("key", "address", "code"),
    [
        ("nonsense", "https://w.example", "witness-key-malformed"),
        (LOG_KEY.text, "https://w.example", "witness-key-of-another-kind"),
        ("good", "file:///etc/passwd", "witness-address-wrong"),
    ],
    ids=["nonsense", "a log's key", "a file"],
)
@pytest.mark.django_db
def test_what_is_no_witness_is_not_registered(one: Witness, key: str, address: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        witnesses.add(public_key=one.key.text if key == "good" else key, address=address)
    assert refused.value.code == code
    assert not WitnessRow.objects.exists()
