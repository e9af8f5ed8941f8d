"""Packs: signed, whole, the same bytes each time, without answers; the checker runs alone."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from courses.content.models import ContentVersion
from courses.content.storage import name_of
from courses.textbooks import keys, packing, verify_textbook
from courses.textbooks.facts import facts_of
from edu.kernel.actor import SYSTEM
from edu.kernel.canonical import canonical_bytes
from tests.courses.textbooks.conftest import PNG
from tests.factories.courses import make_content

pytestmark = pytest.mark.django_db
SCRIPT = Path(verify_textbook.__file__)
PICTURE = f"files/{hashlib.sha256(PNG).hexdigest()[:16]}.png"


def written(version: ContentVersion) -> bytes:
    out = io.BytesIO()
    packing.write_pack(version, facts_of(version, edition="第1版", licence="CC BY"), out)
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def pack(version: ContentVersion, tmp_path: Path) -> Path:
    path = tmp_path / "book.zip"
    path.write_bytes(written(version))
    return path


@pytest.fixture
def key_file(pack: Path, version: ContentVersion, tmp_path: Path) -> Path:
    path = tmp_path / "textbook-keys.txt"
    path.write_text(keys.key_file(version.course.institution.uuid), encoding="utf-8")
    return path


def rewritten(pack: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    files = unzipped(pack.read_bytes())
    change(files)
    with zipfile.ZipFile(pack, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return pack


def test_a_pack_holds_what_is_read_and_nothing_that_is_answered(version: ContentVersion) -> None:
    files = unzipped(written(version))
    film = next(name for name in files if name.endswith(".mp4"))
    assert set(files) == {"index.html", "README.txt", "unit-1.html", PICTURE, film, "manifest.json", "manifest.sig"}
    whole = b"".join(files.values()).decode(errors="replace")
    for never in ("2+2", "the key", "给老师看", "给二班看", "抽到才看", "alert("):
        assert never not in whole
    page = files["unit-1.html"].decode()
    assert f'src="{PICTURE}"' in page
    assert 'href="unit-1.html"' in page, "a link to another part of the course leads to its page"
    assert "<iframe" not in page
    assert 'href="https://video.example.org/v"' in page
    assert "data:text/vtt;base64," in page
    assert "<p>你好</p>" in page


def test_the_manifest_says_what_it_is_and_with_which_key(version: ContentVersion) -> None:
    manifest = json.loads(unzipped(written(version))["manifest.json"])
    (key,) = keys.keys_of(version.course.institution.uuid)
    assert (manifest["content_version"], manifest["content_digest"]) == ("1", version.digest)
    assert (manifest["edition"], manifest["licence"], manifest["key_id"]) == ("第1版", "CC BY", key.key_id)


def test_the_same_version_is_the_same_bytes_whoever_asks(version: ContentVersion) -> None:
    first = written(version)
    with translation.override("en"):
        assert written(version) == first


def test_what_is_left_out_is_counted(version: ContentVersion) -> None:
    made = packing.write_pack(version, facts_of(version), io.BytesIO())
    told = made.book.told()
    assert told["left_out"] == {"chosen": 2, "network": 1, "problem": 1}
    assert (told["films"], told["heavy"]) == (1, 1)
    assert [len(chapter["units"]) for chapter in told["chapters"]] == [1]


def test_progress_counts_the_bytes_of_all_files(version: ContentVersion) -> None:
    seen: list[tuple[int, int]] = []
    packing.write_pack(version, facts_of(version), io.BytesIO(), progress=lambda *at: seen.append(at))
    assert seen[-1] == (400_000 + len(PNG), 400_000 + len(PNG))


def test_a_missing_or_damaged_file_is_named(version: ContentVersion) -> None:
    name = name_of(hashlib.sha256(PNG).hexdigest())
    default_storage.delete(name)
    with pytest.raises(packing.FileMissing, match=r"图 一\.png"):
        written(version)
    default_storage.save(name, io.BytesIO(b"Picture"))
    with pytest.raises(packing.FileMissing, match=r"图 一\.png"):
        written(version)


def test_a_version_without_texts_gives_no_book(version: ContentVersion) -> None:
    with pytest.raises(packing.NothingToRead):
        written(make_content(version.course, number=2))


# The checker


def test_the_checker_runs_alone_and_finds_it_genuine(pack: Path, key_file: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-I", str(SCRIPT), str(pack), str(key_file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout.split()[0]) == (0, "GENUINE")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.update({PICTURE: b"Picture"}), f"{PICTURE} was changed"),
        (lambda files: files.pop(PICTURE), f"{PICTURE} is missing"),
        (lambda files: files.update({"more.html": b"x"}), "more.html was added"),
        (lambda files: files.update({"manifest.json": files["manifest.json"].replace(b'"1"', b'"2"')}), "not signed"),
        (lambda files: files.pop("manifest.sig"), "no textbook pack"),
    ],
)
def test_what_differs_by_a_byte_is_refused(
    pack: Path, key_file: Path, change: Callable[[dict[str, bytes]], object], said: str
) -> None:
    with pytest.raises(verify_textbook.Wrong, match=said):
        verify_textbook.verify(str(rewritten(pack, change)), str(key_file))


def test_another_universitys_key_does_not_open_it(pack: Path) -> None:
    other = keys.text_of(Ed25519PrivateKey.generate())
    with pytest.raises(verify_textbook.Wrong, match="this key"):
        verify_textbook.verify(str(pack), other)
    assert verify_textbook.main([str(pack), "no key"]) == 1
    assert verify_textbook.main([str(pack.with_name("none.zip")), other]) == 1


def test_a_new_key_signs_and_the_old_one_still_opens_what_it_signed(
    pack: Path, version: ContentVersion, key_file: Path, tmp_path: Path
) -> None:
    old = key_file.read_text("utf-8")
    keys.rotate(institution_uuid=version.course.institution.uuid, acting=SYSTEM)
    newer = tmp_path / "newer.zip"
    newer.write_bytes(written(version))
    with pytest.raises(verify_textbook.Wrong, match="none of these keys"):
        verify_textbook.verify(str(newer), str(key_file))
    key_file.write_text(keys.key_file(version.course.institution.uuid), encoding="utf-8")
    assert len(verify_textbook.read_keys(str(key_file)).good) == 2
    assert old.splitlines()[2].split()[1] in key_file.read_text("utf-8")
    for one in (pack, newer):
        assert verify_textbook.verify(str(one), str(key_file))["type"] == "guixue-textbook"


def test_a_pack_of_before_there_were_editions_is_still_checked(version: ContentVersion, tmp_path: Path) -> None:
    signer = keys.signer(version.course.institution.uuid)
    text = b"<p>x</p>"
    listed = {"path": "index.html", "sha256": hashlib.sha256(text).hexdigest(), "bytes": "8"}
    manifest = canonical_bytes({"type": "guixue-textbook", "version": "1", "files": [listed]})
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for name, data in (("index.html", text), ("manifest.json", manifest), ("manifest.sig", signer.sign(manifest))):
            archive.writestr(name, data)
    assert verify_textbook.verify(str(tmp_path / "old.zip"), signer.row.public_key)["version"] == "1"


# The command


def test_the_command_writes_a_pack_and_leaves_nothing_when_it_cannot(version: ContentVersion, tmp_path: Path) -> None:
    said = io.StringIO()
    target = tmp_path / "made.zip"
    call_command("pack_textbook", version.course.label, "--out", str(target), stdout=said)
    assert "SHA-256" in said.getvalue()
    assert '"public_key"' in said.getvalue()
    with pytest.raises(CommandError, match="exists already"):
        call_command("pack_textbook", version.course.label, "--out", str(target))
    other = tmp_path / "other.zip"
    with pytest.raises(CommandError, match="no such course"):
        call_command("pack_textbook", "none", "--out", str(other))
    make_content(version.course, number=2)
    with pytest.raises(CommandError, match="nothing that can be read"):
        call_command("pack_textbook", version.course.label, "--out", str(other))
    (Path(settings.KEYS_DIR) / f"{keys.keys_of(version.course.institution.uuid)[0].key_id}.pem").unlink()
    with pytest.raises(CommandError, match="textbook-key-missing"):
        call_command("pack_textbook", version.course.label, "--number", "1", "--out", str(other))
    assert not other.exists()
