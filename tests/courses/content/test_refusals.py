"""Bad input: each refusal says what to do and leaves no trace."""

import gzip
import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from courses.catalogue.models import Course
from courses.content import limits
from courses.content.actions import import_course
from edu.events.models import Event
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal
from tests.courses.content.conftest import nothing_was_written
from tests.factories.olx import add, course_files, pack_course, write_course

Expect = Callable[[Path, str], Refusal]


@pytest.fixture
def refuses(course: Course, author: Actor, media: Path, work: Path) -> Expect:
    """Import a source and expect a refusal of this code, with words, and without a row, a file or an event."""

    def expect(source: Path, code: str) -> Refusal:
        with pytest.raises(Refusal) as caught:
            import_course(source=source, course_id=course.pk, source_name=source.name, acting=author)
        assert caught.value.code == code
        assert len(str(caught.value.message)) > 10
        assert nothing_was_written(media, work)
        assert Event.objects.count() == 0
        return caught.value

    return expect


def member(name: str, kind: bytes, target: str = "") -> Callable[[tarfile.TarFile], None]:
    """Put a member that is no plain file into an archive."""

    def put(tar: tarfile.TarFile) -> None:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        tar.addfile(info)

    return put


def test_a_truncated_archive(tmp_path: Path, refuses: Expect) -> None:
    whole = pack_course(tmp_path / "whole.tar.gz").read_bytes()
    for share in (0.3, 0.6, 0.95):
        cut = tmp_path / f"cut-{share}.tar.gz"
        cut.write_bytes(whole[: int(len(whole) * share)])
        refuses(cut, "archive-broken")


def test_an_archive_that_lacks_only_its_checksum(tmp_path: Path, refuses: Expect) -> None:
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(pack_course(tmp_path / "whole.tar.gz").read_bytes()[:-6])
    refuses(cut, "archive-broken")


def test_a_damaged_zip(tmp_path: Path, refuses: Expect) -> None:
    path = zip_course(tmp_path / "c.zip")
    path.write_bytes(path.read_bytes()[:-40])
    refuses(path, "archive-broken")


def test_something_that_is_no_archive(tmp_path: Path, refuses: Expect) -> None:
    (tmp_path / "c.tar.gz").write_bytes(b"%PDF-1.7 " * 100)
    refuses(tmp_path / "c.tar.gz", "not-an-archive")


def test_an_empty_file(tmp_path: Path, refuses: Expect) -> None:
    (tmp_path / "c.tar.gz").write_bytes(b"")
    refuses(tmp_path / "c.tar.gz", "not-an-archive")


def test_an_archive_above_the_limit(tmp_path: Path, refuses: Expect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARCHIVE_BYTES_MAX", 100)
    refuses(pack_course(tmp_path / "c.tar.gz"), "archive-too-large")


def test_an_archive_that_unpacks_to_too_much(tmp_path: Path, refuses: Expect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED_BYTES_MAX", 20_000)
    random = os.urandom(30_000)
    refuses(
        pack_course(tmp_path / "c.tar.gz", more=lambda tar: add(tar, "course/static/r", random)), "unpacked-too-large"
    )


def test_a_tar_bomb(tmp_path: Path, refuses: Expect) -> None:
    zeros = b"\0" * (40 * 1024 * 1024)
    refuses(pack_course(tmp_path / "c.tar.gz", more=lambda tar: add(tar, "course/static/z", zeros)), "archive-bomb")


def test_a_bomb_in_the_header_of_a_tar(tmp_path: Path, refuses: Expect) -> None:
    header = tarfile.TarInfo("long name")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 64 * 1024 * 1024
    path = tmp_path / "c.tar.gz"
    with gzip.open(path, "wb") as file:
        file.write(header.tobuf(tarfile.GNU_FORMAT))
        for _part in range(64):
            file.write(b"a" * (1024 * 1024))
    refuses(path, "archive-bomb")


def test_a_zip_bomb(tmp_path: Path, refuses: Expect) -> None:
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("course/static/z", b"\0" * (40 * 1024 * 1024))
    refuses(path, "archive-bomb")


def test_too_many_files(tmp_path: Path, refuses: Expect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILES_MAX", 10)
    refuses(pack_course(tmp_path / "c.tar.gz"), "too-many-files")
    refuses(write_course(tmp_path / "folder"), "too-many-files")


@pytest.mark.parametrize("name", ["../evil", "course/../../evil", "/etc/evil", "course/..\\evil", "C:/evil"])
def test_a_path_that_leaves_the_folder(tmp_path: Path, refuses: Expect, name: str) -> None:
    refuses(pack_course(tmp_path / "c.tar.gz", more=lambda tar: add(tar, name, b"x")), "path-escapes")
    path = zip_course(tmp_path / "c.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"x")
    refuses(path, "path-escapes")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_an_archive(tmp_path: Path, refuses: Expect, kind: bytes) -> None:
    odd = member("course/static/odd", kind, "/etc/passwd")
    refuses(pack_course(tmp_path / "c.tar.gz", more=odd), "not-a-plain-file")


def test_a_link_in_a_zip(tmp_path: Path, refuses: Expect) -> None:
    path = zip_course(tmp_path / "c.zip")
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("course/static/link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    refuses(path, "not-a-plain-file")


def test_a_folder_whose_link_leads_to_its_own_parent(tmp_path: Path, refuses: Expect) -> None:
    folder = write_course(tmp_path / "c")
    (folder / "src").mkdir()
    (folder / "src" / "course").symlink_to("..")
    refuses(folder, "not-a-plain-file")


def test_a_file_that_is_there_twice(tmp_path: Path, refuses: Expect) -> None:
    refuses(
        pack_course(tmp_path / "c.tar.gz", more=lambda tar: add(tar, "course/html/h1.html", b"other")), "file-twice"
    )


def test_a_file_in_the_place_of_a_folder(tmp_path: Path, refuses: Expect) -> None:
    refuses(pack_course(tmp_path / "c.tar.gz", more=lambda tar: add(tar, "course/html/h1.html/x", b"x")), "file-twice")


def test_a_file_name_that_is_not_utf8(tmp_path: Path, refuses: Expect) -> None:
    def put(tar: tarfile.TarFile) -> None:
        info = tarfile.TarInfo("course/static/\udcd6\udcd0")  # GBK bytes, as old Windows packs them
        tar.addfile(info, io.BytesIO())

    path = tmp_path / "c.tar.gz"
    with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape") as tar:
        for name, text in course_files().items():
            add(tar, f"course/{name}", text.encode())
        put(tar)
    refuses(path, "name-not-utf8")


def test_entities_that_expand(tmp_path: Path, refuses: Expect) -> None:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "哈"}">' for i in range(10))
    text = f'<?xml version="1.0"?>\n<!-- x --><!DOCTYPE problem [{laughs}]><problem>&l9;</problem>'
    refusal = refuses(write_course(tmp_path / "c", {"problem/p1.xml": text}), "has-dtd")
    assert refusal.details == {"name": "problem/p1.xml"}


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE problem SYSTEM "http://127.0.0.1:9/evil.dtd">',
        '<!DOCTYPE problem [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
        "<!doctype problem>",
    ],
)
def test_a_document_type_that_reads_from_elsewhere(tmp_path: Path, refuses: Expect, doctype: str) -> None:
    refuses(write_course(tmp_path / "c", {"problem/p1.xml": f"{doctype}<problem>&file;</problem>"}), "has-dtd")


@pytest.mark.parametrize("name", ["html/h1.html", "problem/p1.xml", "policies/2026A/policy.json", "chapter/c1.xml"])
def test_text_that_is_not_utf8(tmp_path: Path, refuses: Expect, name: str) -> None:
    folder = write_course(tmp_path / "c")
    (folder / name).write_bytes("<problem>统计</problem>".encode("gb18030"))
    refuses(folder, "not-utf8")


def test_xml_that_says_it_is_something_else_than_utf8(tmp_path: Path, refuses: Expect) -> None:
    text = '<?xml version="1.0" encoding="gb2312"?><problem/>'
    refuses(write_course(tmp_path / "c", {"problem/p1.xml": text}), "not-utf8")


def test_a_chapter_that_contains_itself(tmp_path: Path, refuses: Expect) -> None:
    circle = '<vertical><vertical url_name="v1"/></vertical>'
    refuses(write_course(tmp_path / "c", {"vertical/v1.xml": circle}), "cyclic")


def test_two_blocks_of_one_name(tmp_path: Path, refuses: Expect) -> None:
    twins = '<vertical><problem url_name="p1"/><problem url_name="p1"/></vertical>'
    refusal = refuses(write_course(tmp_path / "c", {"vertical/v1.xml": twins}), "url-name-twice")
    assert refusal.details == {"block": "problem@p1"}


def test_blocks_nested_too_deep(tmp_path: Path, refuses: Expect) -> None:
    names = [f"w{i}" for i in range(30)]
    text = "".join(f'<wrapper url_name="{name}">' for name in names) + "</wrapper>" * len(names)
    refuses(write_course(tmp_path / "c", {"vertical/v1.xml": f"<vertical>{text}</vertical>"}), "tree-too-deep")


def test_elements_nested_too_deep(tmp_path: Path, refuses: Expect) -> None:
    deep = "<problem>" + "<b>" * 220 + "</b>" * 220 + "</problem>"
    refuses(write_course(tmp_path / "c", {"problem/p1.xml": deep}), "xml-too-deep")


def test_more_than_ten_thousand_blocks(tmp_path: Path, refuses: Expect) -> None:
    many = "".join(f'<starmap url_name="b{i}" x="1"/>' for i in range(limits.BLOCKS_MAX))
    refuses(write_course(tmp_path / "c", {"vertical/v1.xml": f"<vertical>{many}</vertical>"}), "too-many-blocks")


def test_two_megabytes_of_html(tmp_path: Path, refuses: Expect) -> None:
    page = "<p>" + "统" * 700_000 + "</p>"
    refuses(write_course(tmp_path / "a", {"html/h1.html": page}), "text-too-long")
    inline = f'<vertical><html url_name="h9">{page}</html></vertical>'
    refuses(write_course(tmp_path / "b", {"vertical/v1.xml": inline}), "text-too-long")


def test_structure_that_is_not_well_formed_names_the_file(tmp_path: Path, refuses: Expect) -> None:
    refusal = refuses(
        write_course(tmp_path / "c", {"chapter/c1.xml": "<chapter><sequential></chapter>"}), "structure-broken"
    )
    assert refusal.details == {"path": "chapter/c1.xml"}


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"a": NaN}', '{"a": 1e999}', r'{"a": "\u0000"}', r'{"a": "\ud800"}', "[" * 100_000]
)
def test_a_policy_that_is_no_json_object(tmp_path: Path, refuses: Expect, text: str) -> None:
    refuses(write_course(tmp_path / "c", {"policies/2026A/grading_policy.json": text}), "bad-json")


def test_an_archive_without_a_course(tmp_path: Path, refuses: Expect) -> None:
    refuses(write_course(tmp_path / "c", {"course.xml": None}), "no-course")


def test_a_library_instead_of_a_course(tmp_path: Path, refuses: Expect) -> None:
    refuses(write_course(tmp_path / "c", {"course.xml": None, "library.xml": "<library/>"}), "is-a-library")


def test_a_path_that_is_not_there(tmp_path: Path, refuses: Expect) -> None:
    refuses(tmp_path / "nothing", "no-such-file")


def zip_course(path: Path) -> Path:
    """Write the small course as .zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in course_files().items():
            archive.writestr(f"course/{name}", text)
    return path


def test_a_sound_zip_is_taken(tmp_path: Path, course: Course, author: Actor) -> None:
    source = zip_course(tmp_path / "c.zip")
    result = import_course(source=source, course_id=course.pk, source_name="c.zip", acting=author)
    assert result.report["counts"]["blocks"] == 7
