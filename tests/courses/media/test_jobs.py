"""Copies in the background: made once, called off, given back when a worker dies."""

import datetime as dt
import os
import time
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from courses.catalogue.models import Course
from courses.content.models import ContentVersion
from courses.events import CONTENT_IMPORTED
from courses.media import actions, ffmpeg, jobs, queries, storage
from courses.media.models import MediaFile, Rendition, RenditionMove
from courses.media.states import RenditionStatus
from courses.subscribers import request_renditions_of
from edu.events.registry import Happened
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from tests.factories.courses import make_content, make_course
from tests.factories.films import film, put_film
from tests.factories.people import make_person


def asked(version: ContentVersion, author: Actor, data: bytes | None = None) -> str:
    sha256 = put_film(version, film() if data is None else data)
    actions.request_renditions(version.uuid, acting=author)
    return sha256


def by_quality() -> dict[str, Rendition]:
    return {row.quality: row for row in Rendition.objects.all()}


def run_all() -> None:
    while jobs.run_next():
        pass


def lapse() -> None:
    Rendition.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))


def test_a_film_gets_its_copies_the_light_one_first(version: ContentVersion, author: Actor) -> None:
    sha256 = asked(version, author)
    first = jobs.run_next()
    assert first is not None
    assert Rendition.objects.get(pk=first).quality == "light"
    run_all()

    rows = by_quality()
    assert {name: row.status for name, row in rows.items()} == {"light": "done", "sound": "done", "standard": "done"}
    assert [move.target for move in rows["light"].moves.all()] == ["running", "done"]
    original = MediaFile.objects.get(sha256=sha256)
    assert (original.width, original.height) == (640, 480)
    for row in rows.values():
        with storage.open_copy(row.sha256) as stream:
            assert len(stream.read()) == row.size < original.size
    queries.forget()
    copies = queries.copies(version.pk, version.uuid)[sha256]
    assert [copy.quality for copy in copies] == ["light", "sound", "standard"]
    assert queries.lightest(version.pk, version.uuid) == {sha256: (rows["light"].sha256, rows["light"].size)}


def test_the_same_film_in_another_version_is_not_made_again(version: ContentVersion, author: Actor) -> None:
    asked(version, author)
    run_all()
    second = make_content(version.course, number=2)
    put_film(second, film())

    assert actions.request_renditions(second.uuid, acting=author) == 0
    assert actions.request_renditions(version.uuid, acting=author) == 0
    assert MediaFile.objects.count() == 1
    assert jobs.run_next() is None


def test_an_import_asks_for_copies(version: ContentVersion, author: Actor) -> None:
    put_film(version, film())
    payload = {"version_uuid": str(version.uuid), "course_uuid": str(version.course.uuid)}
    happened = Happened(uuid4(), CONTENT_IMPORTED, payload, author)
    request_renditions_of(happened)
    request_renditions_of(happened)
    assert Rendition.objects.filter(status="waiting", requested_by_uuid=author.person_uuid).count() == 3


def test_a_light_film_is_left_as_it_is(version: ContentVersion, author: Actor) -> None:
    demo = Path(__file__).parents[3] / "courses" / "content" / "demo" / "static" / "axis-trick.mp4"
    asked(version, author, demo.read_bytes())
    run_all()
    rows = by_quality()
    assert (rows["light"].status, rows["light"].code) == ("needless", "light-enough")
    assert (rows["standard"].status, rows["sound"].status) == ("needless", "done")


@pytest.mark.parametrize(("data", "code"), [(b"no film", "unreadable"), (b"#EXTM3U\n/etc/passwd\n", "unreadable")])
def test_a_file_that_is_no_film_is_refused_with_its_reason(
    version: ContentVersion, author: Actor, data: bytes, code: str
) -> None:
    asked(version, author, data)
    run_all()
    assert {(row.status, row.code, row.size) for row in Rendition.objects.all()} == {("refused", code, 0)}
    assert not queries.copies(version.pk, version.uuid)


def test_a_stream_in_parts_gets_no_copies(version: ContentVersion, author: Actor) -> None:
    put_film(version, b"#EXTM3U\n", name="film.m3u8", media_type="application/vnd.apple.mpegurl")
    assert actions.request_renditions(version.uuid, acting=author) == 0


def test_without_ffmpeg_copies_wait(version: ContentVersion, author: Actor, settings: Settings) -> None:
    settings.GUIXUE_FFMPEG = "off"
    asked(version, author)
    assert jobs.run_next() is None
    assert {row.status for row in Rendition.objects.all()} == {"waiting"}


def test_no_more_are_made_at_once_than_the_site_wants(
    version: ContentVersion, author: Actor, settings: Settings
) -> None:
    asked(version, author)
    token = uuid4()
    assert jobs._take(token) is not None
    assert jobs.run_next() is None
    settings.GUIXUE_TRANSCODING_AT_ONCE = 2
    assert jobs.run_next() is not None


def test_a_killed_worker_gives_its_copy_back_and_it_is_made_once(version: ContentVersion, author: Actor) -> None:
    asked(version, author)
    dead = uuid4()
    row = jobs._take(dead)
    assert row is not None
    assert jobs.take_up_stalled() == 0  # its lease holds
    lapse()
    assert jobs.take_up_stalled() == 1
    run_all()

    row.refresh_from_db()
    assert (row.status, row.attempts) == ("done", 2)
    with pytest.raises(jobs.LeaseLost):  # the dead one wakes up
        jobs._finish(row.pk, dead, "0" * 64, 1)
    jobs._close(row.pk, dead, RenditionStatus.FAILED, "our-fault")
    row.refresh_from_db()
    assert row.status == "done"


def test_a_film_that_kills_three_workers_has_failed(version: ContentVersion, author: Actor) -> None:
    asked(version, author)
    for _attempt in range(jobs.ATTEMPTS_MAX):
        assert jobs._take(uuid4()) is not None
        lapse()
        jobs.take_up_stalled()
    first = Rendition.objects.get(quality="light")
    assert (first.status, first.code) == ("failed", "worker-died")


def test_an_error_of_ours_is_tried_again_and_then_told(
    version: ContentVersion, author: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(storage, "keep", broken)
    asked(version, author)
    run_all()
    assert {(row.status, row.code, row.attempts) for row in Rendition.objects.all()} == {("failed", "our-fault", 3)}


def test_a_copy_that_is_called_off_while_it_is_made_stops(
    version: ContentVersion, author: Actor, course: Course, monkeypatch: pytest.MonkeyPatch, folders: Path
) -> None:
    asked(version, author)
    waiting = Rendition.objects.get(quality="light")
    real = ffmpeg.run

    def called_off_meanwhile(arguments: list[str], **options: object) -> None:
        actions.cancel_rendition(waiting.uuid, course_id=course.pk, acting=author)
        real(["-stream_loop", "500", *arguments], **options)  # type: ignore[arg-type]

    monkeypatch.setattr(ffmpeg, "run", called_off_meanwhile)
    jobs.run_next()

    waiting.refresh_from_db()
    assert (waiting.status, waiting.size, waiting.progress) == ("cancelled", 0, 0)
    assert list((folders / "transcoding").iterdir()) == []
    monkeypatch.setattr(ffmpeg, "run", real)
    actions.retry_rendition(waiting.uuid, course_id=course.pk, acting=author)
    run_all()
    waiting.refresh_from_db()
    assert waiting.status == "done"
    assert [move.target for move in waiting.moves.all()] == ["running", "cancelled", "waiting", "running", "done"]


def test_who_may_not_write_the_course_changes_nothing(version: ContentVersion, author: Actor, course: Course) -> None:
    asked(version, author)
    row = Rendition.objects.get(quality="light")
    stranger = Actor(make_person().uuid, make_course().institution.uuid, "author")
    for deed in (actions.cancel_rendition, actions.retry_rendition):
        with pytest.raises((NotPermitted, NotThere)):
            deed(row.uuid, course_id=course.pk, acting=stranger)
    other = make_course(course.institution)
    with pytest.raises(NotThere):  # an author of the house, by the address of another course
        actions.cancel_rendition(row.uuid, course_id=other.pk, acting=author)
    with pytest.raises(Refusal):
        actions.retry_rendition(row.uuid, course_id=course.pk, acting=author)
    row.refresh_from_db()
    assert row.status == "waiting"
    assert not RenditionMove.objects.exists()


def test_the_database_refuses_a_copy_without_a_file_and_a_changed_history(
    version: ContentVersion, author: Actor
) -> None:
    asked(version, author)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rendition.objects.update(status="done")
    jobs._take(uuid4())
    with pytest.raises(Exception, match=r"permission denied|refused"), transaction.atomic():
        RenditionMove.objects.update(target="done")
    with (
        pytest.raises(Exception, match=r"permission denied|refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM courses_renditionmove")


def test_files_that_no_row_names_are_swept_after_a_day(version: ContentVersion, author: Actor, folders: Path) -> None:
    asked(version, author)
    run_all()
    orphan = folders / "media" / "renditions" / "ab" / ("ab" * 32)
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"left")
    copy = Rendition.objects.get(quality="light")
    kept = folders / "media" / storage.name_of(copy.sha256)
    assert storage.sweep() == 0
    old = time.time() - storage.ORPHAN_AGE_S - 10
    for path in (orphan, kept):
        os.utime(path, (old, old))
    assert storage.sweep() == 1
    assert kept.exists()
    assert not orphan.exists()


def test_the_system_may_ask_too(version: ContentVersion) -> None:
    put_film(version, film())
    assert actions.request_renditions(version.uuid, acting=SYSTEM) == 3
