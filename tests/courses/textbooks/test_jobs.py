"""Packing in the background: made once, given back when a worker dies, honest when it cannot be done."""

import datetime as dt
import hashlib
import os
import time
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from courses.catalogue.editors import ensure_editing
from courses.catalogue.models import Textbook
from courses.content.actions import pin_version
from courses.content.models import ContentVersion
from courses.content.storage import name_of as asset_name
from courses.events import CONTENT_PINNED
from courses.media import ffmpeg
from courses.media import queries as media
from courses.media.actions import request_renditions
from courses.media.models import Rendition
from courses.subscribers import pack_textbook_of
from courses.textbooks import asking, jobs, keys, marking, queries, storage, tasks
from courses.textbooks.models import TextbookPack, TextbookPackMove
from courses.textbooks.states import PackStatus
from edu.events.models import Event
from edu.events.registry import Happened
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from tests.courses.textbooks.conftest import PNG, fill
from tests.factories.courses import make_content, make_course_pages, make_run
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.django_db


def ask(textbook: Textbook, author: Actor, number: int = 1) -> TextbookPack:
    return asking.request_pack(course_id=textbook.course_id, number=number, acting=author)


def state(row: TextbookPack) -> tuple[str, str]:
    row.refresh_from_db()
    return row.status, row.code


def lapse() -> None:
    TextbookPack.objects.filter(status="running").update(leased_until=timezone.now() - dt.timedelta(seconds=1))


def test_a_pack_is_made_and_kept_with_hash_size_and_key(packed: TextbookPack) -> None:
    with storage.open_pack(packed.sha256) as stream:
        data = stream.read()
    assert hashlib.sha256(data).hexdigest() == packed.sha256
    assert len(data) == packed.size
    assert packed.key == keys.keys_of(packed.textbook.course.institution.uuid)[0]
    assert packed.contents["chapters"][0]["units"] == ["unit1"]
    assert [move.target for move in packed.moves.all()] == ["running", "done"]
    assert Event.objects.filter(name="courses.textbook.packed").count() == 1
    assert not list((Path(settings.DATA_DIR) / "packing").iterdir())


def test_the_same_version_again_is_nothing_new(packed: TextbookPack, textbook: Textbook, author: Actor) -> None:
    again = ask(textbook, author)
    jobs.run_next()
    assert state(again) == ("same", "")
    assert TextbookPack.objects.filter(status="done").count() == 1


def test_another_edition_of_the_same_version_is_another_pack(
    packed: TextbookPack, textbook: Textbook, author: Actor
) -> None:
    marking.mark(course_id=textbook.course_id, edition="第2版", licence="CC BY", acting=author)
    again = ask(textbook, author)
    jobs.run_next()
    assert state(again) == ("done", "")
    assert again.sha256 != packed.sha256
    packed.refresh_from_db()
    assert packed.edition == "第1版"


def test_a_version_that_is_published_packs_itself_once(textbook: Textbook, author: Actor) -> None:
    second = fill(make_content(textbook.course, number=2))
    for run in (make_run(textbook.course), make_run(textbook.course)):
        pin_version(run_id=run.pk, version_id=second.pk, reason="新学期", acting=author)
    for event in Event.objects.filter(name=CONTENT_PINNED):
        pack_textbook_of(Happened(event.uuid, event.name, event.payload, author))
    assert [row.version for row in TextbookPack.objects.all()] == [second]


def test_publishing_a_course_that_is_no_textbook_packs_nothing(version: ContentVersion, author: Actor) -> None:
    assert asking.pack_published(version.uuid, acting=author) is None
    marking.mark(course_id=version.course_id, edition="第1版", licence="CC BY", acting=author)
    marking.end(course_id=version.course_id, acting=author)
    assert asking.pack_published(version.uuid, acting=author) is None
    assert not TextbookPack.objects.exists()


def test_who_may_ask_and_for_what(textbook: Textbook, author: Actor) -> None:
    stranger = make_actor(make_person(role="author"))
    student = make_actor(make_person(role="student", institution=textbook.course.institution))
    with pytest.raises(NotThere):
        ask(textbook, stranger)
    with pytest.raises(NotPermitted):
        ask(textbook, student)
    with pytest.raises(NotThere):
        ask(textbook, author, number=9)
    marking.end(course_id=textbook.course_id, acting=author)
    with pytest.raises(Refusal, match="no-textbook"):
        ask(textbook, author)
    assert not TextbookPack.objects.exists()


def test_a_version_is_packed_once_at_a_time(textbook: Textbook, author: Actor) -> None:
    ask(textbook, author)
    with pytest.raises(Refusal) as refused:
        ask(textbook, author)
    assert refused.value.code == "packing-already"
    assert TextbookPack.objects.count() == 1


def test_what_the_institution_wants_approved_first_is_not_packed_before(textbook: Textbook, author: Actor) -> None:
    make_course_pages(textbook.course)
    ensure_editing(textbook.course.institution.uuid)
    with pytest.raises(Refusal) as refused:
        ask(textbook, author)
    assert refused.value.code == "needs-approval"
    assert not TextbookPack.objects.exists()
    shown = ContentVersion.objects.get(course=textbook.course)
    pin_version(run_id=make_run(textbook.course).pk, version_id=shown.pk, reason="新学期", acting=SYSTEM)
    assert ask(textbook, author).status == "waiting"


# When it cannot be done


def test_a_missing_file_is_named_to_the_author(textbook: Textbook, author: Actor) -> None:
    row = ask(textbook, author)
    default_storage.delete(asset_name(hashlib.sha256(PNG).hexdigest()))
    jobs.run_next()
    assert state(row) == ("refused", "file-missing")
    assert row.detail == "static/图 一.png"
    assert not TextbookPack.objects.exclude(sha256="").exists()


def test_a_version_with_nothing_to_read_is_refused(textbook: Textbook, author: Actor) -> None:
    make_content(textbook.course, number=2)
    row = ask(textbook, author, number=2)
    jobs.run_next()
    assert state(row) == ("refused", "nothing-to-read")


def test_without_a_usable_key_nothing_is_signed(textbook: Textbook, author: Actor) -> None:
    signer = keys.signer(textbook.course.institution.uuid)
    keys.path_of(signer.row.key_id).chmod(0o644)
    row = ask(textbook, author)
    jobs.run_next()
    assert state(row) == ("failed", "no-key")


def test_a_fault_of_ours_is_tried_three_times_and_then_said(
    textbook: Textbook, author: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "keep", full)
    row = ask(textbook, author)
    assert tasks.make_packs() == jobs.ATTEMPTS_MAX
    assert state(row) == ("failed", "no-space")


def test_a_dead_workers_pack_is_given_back_and_a_third_time_given_up(textbook: Textbook, author: Actor) -> None:
    row = ask(textbook, author)
    for attempt in range(1, jobs.ATTEMPTS_MAX + 1):
        jobs._take(TextbookPack.objects.get(pk=row.pk), keys_token := uuid4())
        lapse()
        assert jobs.take_up_stalled() == 1
        assert state(row)[0] == ("failed" if attempt == jobs.ATTEMPTS_MAX else "waiting")
        jobs._close(row.pk, keys_token, PackStatus.FAILED, "our-fault")  # it wakes up: too late
    assert state(row) == ("failed", "worker-died")


def test_a_worker_that_lost_its_lease_writes_nothing(
    textbook: Textbook, author: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(textbook, author)
    whole = storage.keep

    def keep(*args: Path) -> None:
        whole(*args)  # type: ignore[arg-type]
        TextbookPack.objects.filter(pk=row.pk).update(lease_token=uuid4())

    monkeypatch.setattr(storage, "keep", keep)
    jobs.run_next()
    assert state(row) == ("running", "")
    assert row.sha256 == ""


def test_a_pack_waits_for_the_light_copies_of_its_films(
    textbook: Textbook, version: ContentVersion, author: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ffmpeg, "program", lambda: "/usr/bin/ffmpeg")
    media.sources.cache_clear()
    request_renditions(version.uuid, acting=author)
    row = ask(textbook, author)
    assert jobs.run_next() is None
    assert state(row) == ("waiting", "")
    Rendition.objects.filter(quality="light").update(status="failed")
    assert jobs.run_next() == row.pk
    assert state(row) == ("done", "")


# What stays


def old_packs(textbook: Textbook, author: Actor, count: int) -> list[TextbookPack]:
    """Make one pack of each of so many versions, the first one longest ago."""
    made = []
    for number in range(1, count + 1):
        if number > 1:
            fill(make_content(textbook.course, number=number))
        with clock.at(clock.now() - dt.timedelta(days=30 * (count - number + 1))):
            row = ask(textbook, author, number)
            jobs.run_next()
        row.refresh_from_db()
        made.append(row)
    return made


def test_old_files_go_and_their_rows_stay(textbook: Textbook, author: Actor) -> None:
    made = old_packs(textbook, author, 5)
    assert tasks.sweep_packs() == 2
    assert tasks.sweep_packs() == 0
    for row in made:
        row.refresh_from_db()
        assert default_storage.exists(storage.name_of(row.sha256)) is (row.file_gone_at is None)
    assert [row.file_gone_at is None for row in made] == [False, False, True, True, True]
    assert len(queries.shown(textbook).packs) == 5


def test_a_roll_back_offers_the_older_pack_and_brings_its_file_back(textbook: Textbook, author: Actor) -> None:
    made = old_packs(textbook, author, 4)
    tasks.sweep_packs()
    best = queries.shown(textbook).pack
    assert best is not None
    assert best.version.number == 4
    run = make_run(textbook.course)
    pin_version(run_id=run.pk, version_id=made[0].version_id, reason="第四版有错", acting=author)
    assert asking.pack_published(made[0].version.uuid, acting=author) is not None
    jobs.run_next()

    best = queries.shown(textbook).pack
    assert best is not None
    assert (best.pk, best.file_gone_at) == (made[0].pk, None)
    assert default_storage.exists(storage.name_of(best.sha256))
    assert tasks.sweep_packs() == 0


def test_a_file_without_a_row_is_swept_after_a_day(packed: TextbookPack) -> None:
    stray = Path(settings.MEDIA_ROOT) / storage.name_of("a" * 64)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    assert storage.sweep() == 0
    day_ago = time.time() - 2 * storage.ORPHAN_AGE_S
    os.utime(stray, (day_ago, day_ago))
    assert storage.sweep() == 1
    assert default_storage.exists(storage.name_of(packed.sha256))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE courses_textbookpack SET sha256 = repeat('0', 64)",
        "UPDATE courses_textbookpack SET licence = 'x'",
        "DELETE FROM courses_textbookpack",
        "UPDATE courses_textbookpackmove SET target = 'x'",
        "DELETE FROM courses_textbookpackmove",
        "DELETE FROM courses_textbookkey",
        "UPDATE courses_textbookkey SET public_key = 'x'",
    ],
)
def test_the_database_keeps_what_was_packed(packed: TextbookPack, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert TextbookPackMove.objects.count() == 2


def test_a_pack_without_a_file_is_never_ready(textbook: Textbook, author: Actor) -> None:
    row = ask(textbook, author)
    with pytest.raises(IntegrityError), transaction.atomic():
        TextbookPack.objects.filter(pk=row.pk).update(status="done")


def test_a_key_ends_once(packed: TextbookPack) -> None:
    institution = packed.textbook.course.institution.uuid
    keys.rotate(institution_uuid=institution, acting=SYSTEM)
    _new, old = keys.keys_of(institution)
    assert old.to_at is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        type(old).objects.filter(pk=old.pk).update(to_at=None)
