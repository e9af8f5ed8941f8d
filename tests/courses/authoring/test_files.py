"""Files of a draft: kept by what they are, refused by what they are not, left alone by the sweep."""

import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.authoring import files, limits
from courses.authoring.models import ContentDraft, DraftFile
from courses.catalogue.models import Course
from courses.content import storage
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal

PNG = b"\x89PNG\r\n\x1a\n" + b"1" * 50
MP4 = b"\0\0\0\x20ftypisom" + b"2" * 50
SRT = "1\n00:00:01,000 --> 00:00:02,000\n你好\n".encode()


def add(course: Course, author: Actor, name: str, data: bytes, **more: tuple[str, ...]) -> str:
    return files.add(course_id=course.pk, upload=SimpleUploadedFile(name, data), acting=author, **more)


def test_a_file_is_kept_once_and_another_of_that_name_gets_a_number(
    course: Course, author: Actor, draft: ContentDraft
) -> None:
    assert add(course, author, "图 1.png", PNG) == "static/图-1.png"
    assert add(course, author, "图 1.png", PNG) == "static/图-1.png"
    assert add(course, author, "图 1.png", PNG + b"x") == "static/图-1-2.png"
    assert add(course, author, "../../etc/片.MP4", MP4) == "static/片.mp4"
    row = DraftFile.objects.get(path="static/图-1-2.png")
    with storage.open_asset(row.sha256) as kept:
        assert kept.read() == PNG + b"x"
    assert (row.size, row.media_type) == (59, "image/png")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.exe", b"MZ", "wrong-kind"),
        ("a", b"MZ", "wrong-kind"),
        ("a.svg", b"<svg/>", "wrong-kind"),
        ("a.png", b"", "empty-file"),
        ("a.png", b"<html>", "not-what-it-says"),
        ("a.mp4", PNG, "not-what-it-says"),
        ("a.srt", b"\xff\xfe1\0", "not-what-it-says"),
        ("a.vtt", "没有时间".encode(), "not-what-it-says"),
        ("a.pdf", MP4, "not-what-it-says"),
    ],
)
def test_what_is_no_such_file_is_refused_and_leaves_nothing(
    course: Course, author: Actor, draft: ContentDraft, media: Path, name: str, data: bytes, code: str
) -> None:
    before = sorted(media.rglob("*"))
    with pytest.raises(Refusal) as refused:
        add(course, author, name, data)
    assert refused.value.code == code
    assert sorted(media.rglob("*")) == before
    assert DraftFile.objects.count() == 2


def test_a_picture_that_is_too_large_is_refused_with_the_limit(
    course: Course, author: Actor, draft: ContentDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(files.KINDS, ".png", files.Kind("png", 1024 * 1024, lambda _head: True))
    with pytest.raises(Refusal) as refused:
        add(course, author, "a.png", b"x" * (1024 * 1024 + 1))
    assert refused.value.code == "file-too-large"
    assert "1" in str(refused.value.message)
    assert limits.PICTURE_BYTES_MAX == 10 * 1024 * 1024


def test_captions_are_wanted_where_captions_are(course: Course, author: Actor, draft: ContentDraft) -> None:
    assert add(course, author, "字幕.srt", SRT, wanted=files.CAPTION_FILES) == "static/字幕.srt"
    with pytest.raises(Refusal):
        add(course, author, "图.png", PNG, wanted=files.CAPTION_FILES)


def test_the_sweep_leaves_what_a_draft_holds(course: Course, author: Actor, draft: ContentDraft, media: Path) -> None:
    path = add(course, author, "a.png", PNG)
    kept = media / storage.name_of(DraftFile.objects.get(path=path).sha256)
    os.utime(kept, (0, 0))
    storage.sweep()
    assert kept.exists()
    files.remove(course_id=course.pk, path=path, acting=author)
    storage.sweep()
    assert not kept.exists()
    with pytest.raises(NotThere):
        files.remove(course_id=course.pk, path=path, acting=author)
