"""A key that leaked: what the institution made with it stays good, what somebody else signs with it does not."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.utils import DatabaseError

from courses.textbooks import jobs, keys, revoking, storage, verify_textbook
from courses.textbooks.models import TextbookKey, TextbookPack
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.canonical import canonical_bytes
from edu.kernel.errors import NotPermitted, Refusal
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack_file(packed: TextbookPack, tmp_path: Path) -> Path:
    file = tmp_path / "book.zip"
    with storage.open_pack(packed.sha256) as stream:
        file.write_bytes(stream.read())
    return file


def key_file_of(packed: TextbookPack, tmp_path: Path) -> str:
    file = tmp_path / "textbook-keys.txt"
    file.write_text(keys.key_file(packed.textbook.course.institution.uuid), encoding="utf-8")
    return str(file)


def forged(packed: TextbookPack, tmp_path: Path) -> Path:
    """Return a pack that the thief of the key signed."""
    signer = keys.signer(packed.textbook.course.institution.uuid)
    manifest = canonical_bytes({"type": "guixue-textbook", "version": "1", "files": [], "title": "假"})
    with zipfile.ZipFile(tmp_path / "forged.zip", "w") as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("manifest.sig", signer.sign(manifest))
    return tmp_path / "forged.zip"


def test_what_was_made_here_stays_good_and_a_thiefs_pack_does_not(
    packed: TextbookPack, pack_file: Path, tmp_path: Path
) -> None:
    stolen = forged(packed, tmp_path)
    assert verify_textbook.verify(str(stolen), key_file_of(packed, tmp_path))["title"] == "假"
    assert packed.key
    (asked,) = revoking.revoke(key_id=packed.key.key_id, acting=SYSTEM)
    told = key_file_of(packed, tmp_path)
    assert verify_textbook.verify(str(pack_file), told)["edition"] == "第1版"
    with pytest.raises(verify_textbook.Wrong, match="revoked"):
        verify_textbook.verify(str(stolen), told)
    assert jobs.run_next() == asked.pk
    asked.refresh_from_db()
    assert (asked.status, asked.key == packed.key) == ("done", False)
    assert asked.sha256 != packed.sha256


def test_a_checker_of_before_takes_no_revoked_key_for_a_good_one(packed: TextbookPack, tmp_path: Path) -> None:
    assert packed.key
    revoking.revoke(key_id=packed.key.key_id, acting=SYSTEM)
    words = Path(key_file_of(packed, tmp_path)).read_text("utf-8").split()
    assert packed.key.public_key not in words
    assert f"revoked:{packed.key.public_key}" in words
    assert f"good:{packed.sha256}" in words


def test_an_older_key_is_revoked_without_a_new_one(packed: TextbookPack) -> None:
    institution = packed.textbook.course.institution
    keys.rotate(institution_uuid=institution.uuid, acting=SYSTEM)
    now = keys.signer(institution.uuid).row
    other = keys.signer(make_course().institution.uuid).row
    assert packed.key
    revoking.revoke(key_id=packed.key.key_id, acting=SYSTEM)
    assert keys.signer(institution.uuid).row == now
    assert not TextbookKey.objects.filter(pk__in=[now.pk, other.pk], revoked_at__isnull=False).exists()


def test_refusals_leave_no_trace(packed: TextbookPack, author: Actor) -> None:
    assert packed.key
    with pytest.raises(NotPermitted):
        revoking.revoke(key_id=packed.key.key_id, acting=author)
    with pytest.raises(CommandError, match="none"):
        call_command("revoke_textbook_key", "none")
    assert not TextbookKey.objects.exclude(revoked_at=None).exists()
    said = io.StringIO()
    call_command("revoke_textbook_key", packed.key.key_id, stdout=said)
    assert "1 packs" in said.getvalue()
    count = TextbookKey.objects.count(), TextbookPack.objects.count()
    with pytest.raises(Refusal) as again:
        revoking.revoke(key_id=packed.key.key_id, acting=SYSTEM)
    assert again.value.code == "key-revoked-already"
    assert (TextbookKey.objects.count(), TextbookPack.objects.count()) == count


@pytest.mark.parametrize("change", ["revoked_at = NULL", "to_at = NULL", "to_at = now(), revoked_at = now()"])
def test_the_database_lets_no_revocation_be_taken_back(packed: TextbookPack, change: str) -> None:
    assert packed.key
    revoking.revoke(key_id=packed.key.key_id, acting=SYSTEM)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE courses_textbookkey SET {change} WHERE id = %s", [packed.key.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        TextbookKey.objects.exclude(revoked_at=None).update(public_key="x")
