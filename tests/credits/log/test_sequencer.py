"""The sequencer: dense places, files that follow from the entries, and a next run that goes on from any step."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from aics_tlog import checkpoint as aics_checkpoint
from aics_tlog import note as aics_note
from django.db import connection
from pytest_django.fixtures import Settings

from credits.log import (
    actions,
    checkpoints,
    commitments,
    folder,
    keys,
    merkle,
    notes,
    proofs,
    queries,
    sequencer,
    tiles,
)
from credits.log.models import Checkpoint, LogEntry
from credits.log.policy import Policy
from edu.kernel.errors import Refusal
from tests.factories.log import ORIGIN, appended, document, sequenced


def test_what_is_appended_is_in_the_next_checkpoint_with_a_proof_that_anybody_checks(log_dir: Path) -> None:
    subjects = appended(300)
    assert queries.proof_of("posting", subjects[0]) is None
    done = sequencer.sequence()
    assert done
    assert done.placed == 300
    assert done.tree
    assert done.tree.size == 300
    for number in (0, 255, 256, 299):
        entry = bytes(LogEntry.objects.get(index=number).entry)
        found = queries.proof_of("posting", subjects[number])
        assert found
        assert found.proof.index == number
        assert found.quorum_met
        parsed = proofs.parse(found.text.encode())
        proofs.check(parsed, entry, origin=ORIGIN, log_keys=keys.public_keys(), policy=Policy())
        with pytest.raises(merkle.ProofWrong):
            proofs.check(parsed, entry + b" ", origin=ORIGIN, log_keys=keys.public_keys(), policy=Policy())


def test_another_program_reads_the_published_checkpoint(log_dir: Path) -> None:
    sequenced(3)
    text = (log_dir / "checkpoint").read_text()
    vkey = next(key.text for key in keys.public_keys() if key.algorithm == notes.ED25519)
    note = aics_note.parse_note(text)
    assert aics_note.verify_note_signature(note, note.signatures[0], aics_note.parse_vkey(vkey))
    assert aics_checkpoint.parse_checkpoint(note.text).size == 3


def test_a_second_run_with_nothing_new_changes_nothing(log_dir: Path) -> None:
    sequenced(2)
    before = (log_dir / "checkpoint").read_bytes()
    assert sequencer.sequence() == sequencer.Sequenced(0, folder.published().tree)  # type: ignore[union-attr]
    assert (log_dir / "checkpoint").read_bytes() == before
    assert Checkpoint.objects.count() == 1


def test_growing_step_by_step_gives_the_same_tree_as_growing_at_once(log_dir: Path) -> None:
    for count in (1, 2, 252, 1, 1, 300):
        sequenced(count)
    entries = [bytes(entry) for entry in LogEntry.objects.order_by("index").values_list("entry", flat=True)]
    published = folder.published()
    assert published
    assert published.size == len(entries) == 557
    assert published.root == merkle.root_of([merkle.leaf_hash(entry) for entry in entries])
    reader = tiles.Tiles(folder.read, 557)
    assert list(reader.entries(0, 557)) == entries
    merkle.check_consistency(255, 557, reader.subtree(0, 255), published.root, reader.consistency_path(255))


def test_a_sequencer_beside_another_does_nothing(log_dir: Path) -> None:
    appended(1)
    with sequencer.alone() as mine:
        assert mine
        assert sequencer.sequence() is None
    assert sequencer.sequence()


STEPS = [
    "_place",
    "_extend",
    "_sign",
    "folder.keep_signed",
    "folder.publish",
    "_publish",
    "CheckpointRow.objects.create",
]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_before_or_after_any_step_is_made_good_by_the_next_run(
    log_dir: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    sequenced(255)
    appended(3)
    place, _dot, name = step.rpartition(".")
    owner = sequencer
    for part in place.split(".") if place else []:
        owner = getattr(owner, part)
    real = getattr(owner, name)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, _dies(real, after))
        with pytest.raises(KeyboardInterrupt):
            sequencer.sequence()
    appended(2)
    sequencer.sequence()
    published = folder.published()
    assert published
    assert published.size == 260
    assert tiles.Tiles(folder.read, 260).root() == published.root == bytes(Checkpoint.objects.get(size=260).root)
    sizes = set(Checkpoint.objects.values_list("size", flat=True))
    assert {255, 260} <= sizes


@pytest.mark.parametrize("written", range(4))
def test_a_kill_among_the_files_is_made_good(log_dir: Path, monkeypatch: pytest.MonkeyPatch, written: int) -> None:
    sequenced(200)
    appended(100)
    real, count = folder._replace, iter(range(100))

    def dies(target: Path, data: bytes) -> None:
        if next(count) == written:
            raise KeyboardInterrupt
        real(target, data)

    with monkeypatch.context() as patch:
        patch.setattr(folder, "_replace", dies)
        with pytest.raises(KeyboardInterrupt):
            sequencer.sequence()
    sequencer.sequence()
    assert tiles.Tiles(folder.read, 300).root() == folder.published().root  # type: ignore[union-attr]
    assert not list(log_dir.rglob(".writing-*"))


def _dies(real: Callable[..., object], after: bool) -> Callable[..., object]:
    def deed(*arguments: object, **named: object) -> object:
        if after:
            real(*arguments, **named)
        raise KeyboardInterrupt

    return deed


def test_a_folder_that_lost_its_files_is_written_again_from_the_entries(log_dir: Path, settings: Settings) -> None:
    sequenced(300)
    published = (log_dir / "checkpoint").read_bytes()
    settings.GUIXUE_LOG_DIR = log_dir.parent / "another"
    sequencer.sequence()
    again = settings.GUIXUE_LOG_DIR
    assert (again / "checkpoint").read_bytes() == published
    for path in tiles.paths_of(300):
        assert (again / path).read_bytes() == (log_dir / path).read_bytes()


def test_a_database_behind_its_checkpoint_signs_nothing(log_dir: Path) -> None:
    sequenced(5)
    folder.keep_signed(_longer_checkpoint(9))
    appended(1)
    with pytest.raises(Refusal) as refused:
        sequencer.sequence()
    assert refused.value.code == "log-behind"
    assert refused.value.details == {"known": 9, "size": 5}
    assert LogEntry.objects.filter(index=None).count() == 1
    assert Checkpoint.objects.count() == 1


def _longer_checkpoint(size: int) -> checkpoints.Checkpoint:
    tree = notes.Tree(ORIGIN, size, b"\x01" * 32)
    return checkpoints.Checkpoint(tree, keys.sign(tree, checkpoints.body(tree)))


def test_a_checkpoint_of_another_tree_stops_the_log(log_dir: Path) -> None:
    sequenced(5)
    appended(4)
    sequencer._place()
    folder.write([(path, data) for path, data in _files_of_nine()])
    folder.keep_signed(_longer_checkpoint(9))
    with pytest.raises(Refusal) as refused:
        sequencer.sequence()
    assert refused.value.code == "log-forked"


def _files_of_nine() -> tuple[tuple[str, bytes], ...]:
    entries = [bytes(entry) for entry in LogEntry.objects.filter(index__gte=5).values_list("entry", flat=True)]
    return tiles.grow(5, entries, folder.read).files


@pytest.mark.parametrize("damage", [b"", b"nonsense\n", b"other.example/log\n1\nAAAA\n"])
def test_a_damaged_checkpoint_file_stops_the_log(log_dir: Path, damage: bytes) -> None:
    sequenced(1)
    (log_dir / "checkpoint").write_bytes(damage)
    with pytest.raises(Refusal) as refused:
        sequencer.sequence()
    assert refused.value.code == "log-folder-damaged"


def test_another_name_stops_the_log(log_dir: Path, settings: Settings) -> None:
    sequenced(1)
    settings.GUIXUE_LOG_ORIGIN = "another.example/log"
    with pytest.raises(Refusal) as refused:
        sequencer.sequence()
    assert refused.value.code == "log-origin-differs"


def test_appending_twice_is_once_and_another_document_is_refused(log_dir: Path) -> None:
    subject, owner = uuid4(), uuid4()
    for _again in range(2):
        actions.append(kind="posting", subject_uuid=subject, owner_uuid=owner, subject=document(1))
    with pytest.raises(Refusal) as refused:
        actions.append(kind="posting", subject_uuid=subject, owner_uuid=owner, subject=document(2))
    assert refused.value.code == "logged-otherwise"
    assert LogEntry.objects.count() == 1
    actions.append(kind="seal", subject_uuid=subject, owner_uuid=owner, subject=document(2))
    assert LogEntry.objects.count() == 2


def test_a_certificates_entry_is_signed_once_and_opens_with_the_salt(log_dir: Path) -> None:
    certificate, owner = uuid4(), uuid4()
    statement = {"type": "guixue.credit-certificate", "version": "1", "grade": "86"}
    signed: list[bytes] = []

    def sign(message: bytes) -> tuple[str, str]:
        signed.append(message)
        return "key-1", "c2lnbmF0dXJl"

    salts = {
        actions.append_certificate(certificate_uuid=certificate, owner_uuid=owner, statement=statement, sign=sign)
        for _again in range(2)
    }
    committed = commitments.certificate_commitment(salts.pop(), statement)
    assert not salts
    assert signed == [commitments.signed_commitment(committed)]
    assert queries.entry_of("certificate", certificate) == {
        "type": "guixue.log-entry",
        "version": "1",
        "kind": "certificate",
        "commitment": committed,
        "key_id": "key-1",
        "signature": "c2lnbmF0dXJl",
    }
    with pytest.raises(Refusal) as refused:
        actions.append_certificate(
            certificate_uuid=certificate, owner_uuid=owner, statement=statement | {"grade": "100"}, sign=sign
        )
    assert refused.value.code == "logged-otherwise"


def test_appending_costs_two_queries_for_a_known_owner(log_dir: Path, django_assert_num_queries: object) -> None:
    owner = uuid4()
    appended(1, owner_uuid=owner)
    with django_assert_num_queries(2):  # type: ignore[operator]  # the owner's salt, the entry
        appended(1, owner_uuid=owner)


def test_places_have_no_gap_though_row_numbers_have(log_dir: Path) -> None:
    appended(2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('credits_logentry', 'id'))")
    appended(2)
    sequencer.sequence()
    assert list(LogEntry.objects.order_by("id").values_list("index", flat=True)) == [0, 1, 2, 3]
