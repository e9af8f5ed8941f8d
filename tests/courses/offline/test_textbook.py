"""Digital textbooks: signed, whole, without answers; the checker runs alone."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from courses.content.models import ContentVersion
from courses.media import queries as media
from courses.offline import textbook, verify_textbook
from tests.factories.blocks import CHOICE, block, make_unit, problem, text
from tests.factories.courses import make_content, make_course
from tests.factories.films import put_file

pytestmark = pytest.mark.django_db
SCRIPT = Path(verify_textbook.__file__)
SRT = "1\n00:00:00,000 --> 00:00:02,000\n你好\n".encode()


@pytest.fixture
def version(settings: Settings, tmp_path: Path) -> ContentVersion:
    settings.MEDIA_ROOT, settings.KEYS_DIR = tmp_path / "media", tmp_path / "keys"
    media.forget()
    made = make_content(make_course(), title="数据素养")
    film = block("video@v", html5_sources=["/static/a.mp4"], transcripts={"zh": "a.srt"}, display_name="短片")
    hidden = block("html@staff", {"data": "给老师看"}, visible_to_staff_only=True)
    make_unit(made, [text("h", '<p>看图<img src="/static/fig.png"></p>'), problem("p", CHOICE), film, hidden])
    for name, data, kind in [
        ("fig.png", b"picture", "image/png"),
        ("a.mp4", b"film", "video/mp4"),
        ("a.srt", SRT, "text/plain"),
        ("answers.pdf", b"the key", "application/pdf"),
    ]:
        put_file(made, data, name=name, media_type=kind)
    return made


@pytest.fixture
def pack(version: ContentVersion, tmp_path: Path) -> Path:
    path = tmp_path / "book.zip"
    with path.open("wb") as out:
        textbook.write_pack(version, out)
    return path


@pytest.fixture
def key(pack: Path, version: ContentVersion) -> str:
    return textbook.public_text(textbook.signing_key(version.course.institution.uuid))


def rewritten(pack: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    with zipfile.ZipFile(pack) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(pack, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return pack


def test_a_pack_holds_what_is_read_and_nothing_that_is_answered(pack: Path, version: ContentVersion) -> None:
    with zipfile.ZipFile(pack) as archive:
        names = set(archive.namelist())
        whole = b"".join(archive.read(name) for name in names).decode()
        manifest = json.loads(archive.read("manifest.json"))
    assert names == {
        *("index.html", "unit-1.html", "files/fig.png", "files/a.mp4", "files/a.srt.vtt"),
        *("manifest.json", "manifest.sig"),
    }
    assert "2+2" not in whole
    assert "the key" not in whole
    assert "给老师看" not in whole
    assert (manifest["content_version"], manifest["content_digest"]) == ("1", version.digest)


def test_the_checker_runs_alone_and_finds_it_genuine(pack: Path, key: str, tmp_path: Path) -> None:
    command = [sys.executable, "-I", str(SCRIPT), str(pack), key]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout.split()[0]) == (0, "GENUINE")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.update({"files/fig.png": b"Picture"}), "files/fig.png was changed"),
        (lambda files: files.pop("files/a.mp4"), "files/a.mp4 is missing"),
        (lambda files: files.update({"more.html": b"x"}), "more.html was added"),
        (lambda files: files.update({"manifest.json": files["manifest.json"].replace(b'"1"', b'"2"')}), "not signed"),
        (lambda files: files.pop("manifest.sig"), "no textbook pack"),
    ],
)
def test_what_differs_by_a_byte_is_refused(
    pack: Path, key: str, change: Callable[[dict[str, bytes]], object], said: str
) -> None:
    with pytest.raises(verify_textbook.Wrong, match=said):
        verify_textbook.verify(str(rewritten(pack, change)), key)


def test_another_universitys_key_does_not_open_it(pack: Path) -> None:
    other = textbook.public_text(textbook.signing_key(uuid4()))
    with pytest.raises(verify_textbook.Wrong, match="this key"):
        verify_textbook.verify(str(pack), other)
    assert verify_textbook.main([str(pack), "no key"]) == 1
    assert verify_textbook.main([str(pack.with_name("none.zip")), other]) == 1


def test_the_private_half_is_the_services_alone(pack: Path, settings: Settings) -> None:
    (file,) = Path(settings.KEYS_DIR).iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_the_command_writes_a_pack_and_leaves_nothing_when_it_cannot(version: ContentVersion, tmp_path: Path) -> None:
    said = io.StringIO()
    target = tmp_path / "made.zip"
    call_command("pack_textbook", version.course.label, "--out", str(target), stdout=said)
    assert "SHA-256" in said.getvalue()
    assert '"public_key"' in said.getvalue()
    with pytest.raises(CommandError, match="exists already"):
        call_command("pack_textbook", version.course.label, "--out", str(target))
    with pytest.raises(CommandError, match="no such course"):
        call_command("pack_textbook", "none", "--out", str(tmp_path / "other.zip"))
    assert not (tmp_path / "other.zip").exists()
