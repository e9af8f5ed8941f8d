"""Erasing for good, and coming back honestly from an older backup."""

import stat
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from credits.log import actions, commitments, erasures, folder, queries, replaying, salt_files, salts, sequencer
from credits.log.models import LogEntry, OwnerSalt, SaltRecord
from credits.log.tiles import grow
from edu.kernel.errors import Refusal
from edu.people.erasing import NOBODY
from tests.factories.log import appended, document, longer_checkpoint, sequenced
from tests.factories.people import make_person


def test_an_erased_owners_entries_stay_and_open_no_more(log_dir: Path) -> None:
    owner = uuid4()
    subject = appended(1, owner_uuid=owner)[0]
    assert queries.entry_salt(owner, subject)
    for _again in range(2):
        erasures.erase_salt(owner)
    assert queries.entry_salt(owner, subject) is None
    assert erasures.listed() == {owner}
    assert stat.S_IMODE((log_dir.parent / "erasures.txt").stat().st_mode) == 0o600
    sequencer.sequence()
    assert queries.proof_of("posting", subject)


def test_what_is_logged_later_of_an_erased_owner_opens_for_nobody(log_dir: Path) -> None:
    owner = uuid4()
    erasures.erase_salt(owner)
    subject = appended(1, owner_uuid=owner)[0]
    actions.append(kind="posting", subject_uuid=subject, owner_uuid=owner, subject=document(7))  # nobody can compare
    assert not OwnerSalt.objects.exists()
    assert LogEntry.objects.count() == 1


def test_the_database_keeps_an_erased_owner_erased(log_dir: Path) -> None:
    owner = uuid4()
    salts.salt_for(owner)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM credits_ownersalt")  # no erasure on record
    erasures.erase_salt(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnerSalt.objects.create(owner_uuid=owner, salt=b"\x00" * 32)


def test_the_log_does_not_go_on_while_a_restore_has_undone_an_erasure(log_dir: Path) -> None:
    owner = uuid4()
    sequenced(1)
    (log_dir.parent / "erasures.txt").write_text(f"{owner} 2026-11-26T00:00:00.000Z\n")  # of later than the backup
    salts.salt_for(owner)  # as the backup has it
    appended(1)
    with pytest.raises(Refusal) as refused:
        sequencer.sequence()
    assert refused.value.code == "erasures-undone"
    assert LogEntry.objects.filter(index=None).count() == 1
    assert erasures.replay() == 1
    assert salts.kept(owner) is None
    assert erasures.replay() == 0
    sequencer.sequence()
    assert not LogEntry.objects.filter(index=None).exists()


def test_salts_come_back_from_their_own_backup_but_for_the_erased(log_dir: Path, tmp_path: Path) -> None:
    one, two = uuid4(), uuid4()
    kept = salts.salt_for(one)
    salts.salt_for(two)
    file = tmp_path / "salts"
    assert salt_files.backup(file) == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        salt_files.backup(file)
    erasures.erase_salt(two)
    assert salt_files.restore(file) == 0
    assert salts.kept(one) == kept
    assert salts.kept(two) is None


def test_a_restored_database_makes_no_new_salts_for_old_owners(log_dir: Path) -> None:
    owner = uuid4()
    SaltRecord.objects.create(owner_uuid=owner)  # its salt was left out of the backup
    with pytest.raises(Refusal) as refused:
        appended(1, owner_uuid=owner)
    assert refused.value.code == "salts-missing"
    assert not LogEntry.objects.exists()


def test_another_salt_or_no_salts_are_not_restored(log_dir: Path, tmp_path: Path) -> None:
    owner = uuid4()
    salts.salt_for(owner)
    for content, code in ((f"{owner} {'00' * 32}\n", "salt-differs"), ("x\n", "salts-malformed")):
        file = tmp_path / code
        file.write_text(content)
        with pytest.raises(Refusal) as refused:
            salt_files.restore(file)
        assert refused.value.code == code


def newer_tail(count: int, *, also: list[bytes] = []) -> list[bytes]:  # noqa: B006  (never changed)
    """Let the folder have so many more entries than the database, as after restoring an older backup."""
    salt = b"\x05" * 16
    entries = also + [
        commitments.entry_bytes("posting", commitments.commitment(salt, document(900 + n))) for n in range(count)
    ]
    published = folder.published()
    assert published
    growth = grow(published.size, entries, folder.read)
    folder.write(growth.files)
    folder.publish(longer_checkpoint(growth.size, growth.root))
    return entries


def test_after_an_older_backup_the_tail_comes_back_from_the_tiles(log_dir: Path) -> None:
    sequenced(250)
    waiting = appended(1)[0]  # had its place after the backup was made
    also = [bytes(LogEntry.objects.get(subject_uuid=waiting).entry)]
    tail = newer_tail(20, also=also)
    with pytest.raises(Refusal) as refused:
        sequencer.sequence()
    assert refused.value.code == "log-behind"
    assert replaying.replay_tail() == replaying.Replayed(found=1, lost=20)
    assert replaying.replay_tail() == replaying.Replayed(found=0, lost=0)
    assert LogEntry.objects.get(subject_uuid=waiting).index == 250
    ours = LogEntry.objects.filter(index__gte=250).order_by("index").values_list("entry", flat=True)
    assert [bytes(entry) for entry in ours] == tail
    subject = sequenced(1)[0]
    assert queries.index_of("posting", subject) == 271
    found = queries.proof_of("posting", waiting)
    assert found
    assert found.proof.checkpoint.size == 272


def test_a_tail_that_does_not_give_the_signed_root_is_not_believed(log_dir: Path) -> None:
    sequenced(3)
    newer_tail(2)
    damaged = log_dir / "tile" / "entries" / "000.p" / "5"
    damaged.write_bytes(damaged.read_bytes().replace(b"posting", b"pasting", 4))
    with pytest.raises(Refusal) as refused:
        replaying.replay_tail()
    assert refused.value.code == "log-forked"  # the first three are the database's, and they differ
    assert LogEntry.objects.count() == 3


def test_a_forged_tail_is_not_believed(log_dir: Path) -> None:
    sequenced(3)
    newer_tail(2)
    damaged = log_dir / "tile" / "entries" / "000.p" / "5"
    data = damaged.read_bytes()
    damaged.write_bytes(data[:-1] + b" ")
    with pytest.raises(Refusal) as refused:
        replaying.replay_tail()
    assert refused.value.code == "log-folder-damaged"
    assert LogEntry.objects.count() == 3


def test_after_a_restore_an_erased_person_is_erased_everywhere_again(log_dir: Path) -> None:
    person = make_person(role="student", number="2020001")
    (log_dir.parent / "erasures.txt").write_text(f"{person.uuid} 2026-11-26T00:00:00.000Z\n")
    assert erasures.replay() == 1
    person.refresh_from_db()
    assert person.name == NOBODY
    assert not person.is_active
