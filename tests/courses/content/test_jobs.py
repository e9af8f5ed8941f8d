"""Imports in the background: progress, refusals, and workers that die."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone, translation

from courses.catalogue.models import Course
from courses.content import actions, building, jobs, storage
from courses.content.models import ContentBlock, ContentVersion, ImportJob
from courses.content.states import IMPORT_MOVES, ImportStatus
from courses.content.tasks import take_up_stalled_imports
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from tests.factories.courses import make_course
from tests.factories.olx import pack_course
from tests.factories.people import make_person

ROOT = Path(__file__).parents[3]


def upload(tmp_path: Path, changes: dict[str, str | None] | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("course.tar.gz", pack_course(tmp_path / "upload.tar.gz", changes).read_bytes())


@pytest.fixture
def job(tmp_path: Path, course: Course, author: Actor) -> ImportJob:
    return jobs.request_import(upload=upload(tmp_path), course_uuid=course.uuid, acting=author)


def let_lease_lapse(job: ImportJob) -> None:
    ImportJob.objects.filter(pk=job.pk).update(leased_until=timezone.now() - dt.timedelta(seconds=1))


def test_an_import_waits_runs_and_ends_with_a_version(job: ImportJob, course: Course) -> None:
    assert job.status == ImportStatus.WAITING
    ended = jobs.run_import(job.pk)
    assert ended.version is not None
    assert (ended.status, ended.version.number, ended.upload) == (ImportStatus.DONE, 1, "")
    assert [move.target for move in job.moves.all()] == ["running", "done"]
    assert (ended.stage, ended.progress_total) == ("write", 7)


def test_running_it_twice_makes_one_version(job: ImportJob) -> None:
    jobs.run_import(job.pk)
    jobs.run_import(job.pk)
    assert ContentVersion.objects.count() == 1


def test_a_refused_archive_ends_the_job_with_words_for_the_person(
    tmp_path: Path, course: Course, author: Actor, media: Path
) -> None:
    twins: dict[str, str | None] = {"vertical/v1.xml": '<vertical><done url_name="d"/><done url_name="d"/></vertical>'}
    with translation.override("en"):
        job = jobs.request_import(upload=upload(tmp_path, twins), course_uuid=course.uuid, acting=author)
    with translation.override("zh-hans"):  # the worker's own language plays no part
        ended = jobs.run_import(job.pk)
    assert (ended.status, ended.refusal_code) == (ImportStatus.REFUSED, "url-name-twice")
    assert "Give one another url_name" in ended.refusal_message
    assert ContentBlock.objects.count() == 0
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_an_empty_upload_is_refused_before_it_is_queued(course: Course, author: Actor) -> None:
    with pytest.raises(Refusal):
        jobs.request_import(upload=SimpleUploadedFile("c.tar.gz", b""), course_uuid=course.uuid, acting=author)
    assert ImportJob.objects.count() == 0


@pytest.mark.parametrize("role", ["student", "registrar"])
def test_only_authors_may_queue_an_import(tmp_path: Path, course: Course, author: Actor, role: str) -> None:
    other = Actor(author.person_uuid, author.institution_uuid, role)
    with pytest.raises(NotPermitted):
        jobs.request_import(upload=upload(tmp_path), course_uuid=course.uuid, acting=other)
    assert ImportJob.objects.count() == 0


def test_an_author_of_another_institution_does_not_find_the_course(tmp_path: Path, course: Course) -> None:
    stranger = Actor(make_person().uuid, course.uuid, "author")
    with pytest.raises(NotThere):
        jobs.request_import(upload=upload(tmp_path), course_uuid=course.uuid, acting=stranger)
    assert ImportJob.objects.count() == 0


def test_beat_leaves_a_worker_alone_that_still_renews_its_lease(job: ImportJob) -> None:
    ImportJob.objects.filter(pk=job.pk).update(
        status=ImportStatus.RUNNING, leased_until=timezone.now() + dt.timedelta(seconds=30)
    )
    assert jobs.take_up_stalled() == []
    job.refresh_from_db()
    assert job.status == ImportStatus.RUNNING


def test_a_job_that_killed_its_worker_three_times_is_given_up_with_words(job: ImportJob) -> None:
    ImportJob.objects.filter(pk=job.pk).update(status=ImportStatus.RUNNING, attempts=jobs.ATTEMPTS_MAX)
    let_lease_lapse(job)
    assert jobs.take_up_stalled() == []
    job.refresh_from_db()
    assert (job.status, job.refusal_code) == (ImportStatus.FAILED, "worker-died")
    assert job.refusal_message


def test_a_worker_that_lost_its_lease_writes_nothing(job: ImportJob, monkeypatch: pytest.MonkeyPatch) -> None:
    build = building.build

    def build_and_lose(*args: object, **kwargs: object) -> object:
        content = build(*args, **kwargs)  # type: ignore[arg-type]  # passed through
        ImportJob.objects.filter(pk=job.pk).update(lease_token=make_person().uuid)  # another worker took the job
        return content

    monkeypatch.setattr(actions, "build", build_and_lose)
    jobs.run_import(job.pk)
    assert ContentVersion.objects.count() == 0
    job.refresh_from_db()
    assert job.status == ImportStatus.RUNNING  # the other one's


def test_our_own_fault_is_tried_again_and_then_given_up(job: ImportJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(storage, "keep_file", fail)
    for attempt in range(1, jobs.ATTEMPTS_MAX + 1):
        ended = jobs.run_import(job.pk)
        assert ended.attempts == attempt
    assert (ended.status, ended.refusal_code) == (ImportStatus.FAILED, "our-fault")
    assert ContentVersion.objects.count() == 0


def test_what_interrupted_imports_left_is_swept_after_a_day(job: ImportJob, media: Path, work: Path) -> None:
    jobs.run_import(job.pk)
    (media / "content" / "ab").mkdir(parents=True)
    orphan = media / "content" / "ab" / ("ab" + "0" * 62)
    orphan.write_bytes(b"x")
    (work / "unpack-left").mkdir(parents=True)
    assert storage.sweep() == 0
    assert storage.sweep(now_s=time.time() + 2 * storage.ORPHAN_AGE_S) == 2
    assert len([path for path in (media / "content").rglob("*") if path.is_file()]) == 2  # those of the version


def test_the_state_table_names_every_status() -> None:
    assert set(IMPORT_MOVES.moves) == set(ImportStatus)
    assert IMPORT_MOVES.final() == {ImportStatus.DONE, ImportStatus.REFUSED, ImportStatus.CANCELLED}


@pytest.fixture
def slow_worker(committed_database: str, media: Path, work: Path, tmp_path: Path) -> Iterator[tuple[ImportJob, int]]:
    """A process of its own that imports and hangs in the middle; gives its job and process id."""
    institution_course = make_course()
    author = Actor(make_person().uuid, institution_course.institution.uuid, "author")
    job = jobs.request_import(upload=upload(tmp_path), course_uuid=institution_course.uuid, acting=author)
    script = f"""
import time, django
django.setup()
from pathlib import Path
from django.conf import settings
settings.MEDIA_ROOT = {str(media)!r}
from courses.content import actions, building, jobs, storage
storage.work_folder = lambda: Path({str(work)!r})
keep = storage.keep_file
def keep_and_hang(file):
    keep(file)
    Path({str(tmp_path / "reached")!r}).touch()
    time.sleep(120)
storage.keep_file = keep_and_hang
jobs.run_import({job.pk})
"""
    environment = {
        **os.environ,
        "GUIXUE_DATABASE_NAME": committed_database,
        "DJANGO_SETTINGS_MODULE": "edu.settings.test",
        "PYTHONWARNINGS": "ignore",
    }
    worker = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment)
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "reached").exists():
            assert worker.poll() is None, "the worker ended before it could be killed"
            assert time.monotonic() < deadline, "the worker did not come to the middle of its import"
            time.sleep(0.05)
        yield job, worker.pid
    finally:
        worker.kill()
        worker.wait()


def test_a_worker_killed_in_the_middle_leaves_nothing_and_beat_finishes_the_import(
    slow_worker: tuple[ImportJob, int], work: Path
) -> None:
    job, pid = slow_worker
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    job.refresh_from_db()
    assert job.status == ImportStatus.RUNNING  # nobody was left to say otherwise
    assert (ContentVersion.objects.count(), ContentBlock.objects.count()) == (0, 0)
    assert take_up_stalled_imports() == 0  # its lease still runs
    let_lease_lapse(job)
    assert take_up_stalled_imports() == 1
    job.refresh_from_db()
    assert (job.status, job.attempts) == (ImportStatus.DONE, 2)
    assert [move.target for move in job.moves.all()] == ["running", "waiting", "running", "done"]
    assert ContentBlock.objects.count() == 7
    assert storage.sweep(now_s=time.time() + 2 * storage.ORPHAN_AGE_S) == 1  # the folder the dead worker unpacked into
    assert list(work.iterdir()) == []


def test_an_import_that_waits_is_called_off_and_never_begins(job: ImportJob, author: Actor, media: Path) -> None:
    jobs.cancel_import(job, acting=author)

    assert jobs.run_import(job.pk).status == ImportStatus.CANCELLED
    assert jobs.take_up_stalled() == []
    assert [(move.source, move.target, move.actor_person_uuid) for move in job.moves.all()] == [
        ("waiting", "cancelled", author.person_uuid)
    ]
    assert not ContentVersion.objects.exists()
    assert not [path for path in (media / "imports").rglob("*") if path.is_file()]


@pytest.mark.parametrize("stage", ["parse", "write"])
def test_an_import_that_runs_is_called_off_and_leaves_no_version(
    job: ImportJob, author: Actor, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    real = jobs._Lease.progress

    def progress(lease: jobs._Lease, at: str, done: int, total: int) -> None:
        if at == stage:
            jobs.cancel_import(ImportJob.objects.get(pk=job.pk), acting=author)
        real(lease, at, done, total)

    monkeypatch.setattr(jobs._Lease, "progress", progress)

    ended = jobs.run_import(job.pk)

    assert (ended.status, ended.upload, ended.version) == (ImportStatus.CANCELLED, "", None)
    assert not ContentVersion.objects.exists()
    assert [move.target for move in job.moves.all()] == ["running", "cancelled"]


def test_called_off_in_the_moment_in_which_it_is_written_it_leaves_no_version(
    committed_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = make_course()
    author = Actor(make_person().uuid, course.institution.uuid, "author")
    job = jobs.request_import(upload=upload(tmp_path), course_uuid=course.uuid, acting=author)
    real = actions._create_rows

    def elsewhere() -> None:
        jobs.cancel_import(ImportJob.objects.get(pk=job.pk), acting=author)
        connections.close_all()

    def create_rows(*given: Any) -> None:
        real(*given)
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join(timeout=30)

    monkeypatch.setattr(actions, "_create_rows", create_rows)

    assert jobs.run_import(job.pk).status == ImportStatus.CANCELLED

    assert not ContentVersion.objects.exists()
    assert not ContentBlock.objects.exists()


def test_what_has_ended_is_not_called_off(job: ImportJob, author: Actor) -> None:
    jobs.run_import(job.pk)

    with pytest.raises(Stale) as caught:
        jobs.cancel_import(ImportJob.objects.get(pk=job.pk), acting=author)
    with pytest.raises(Stale):
        jobs.cancel_import(job, acting=author)  # as a page shows it that was opened before

    assert caught.value.code == "import-ended"
    assert ImportJob.objects.get(pk=job.pk).status == ImportStatus.DONE
    assert ContentVersion.objects.count() == 1


@pytest.mark.parametrize("role", ["student", "registrar"])
def test_who_does_not_write_the_course_calls_no_import_off(job: ImportJob, author: Actor, role: str) -> None:
    with pytest.raises(NotPermitted):
        jobs.cancel_import(job, acting=Actor(author.person_uuid, author.institution_uuid, role))

    assert ImportJob.objects.get(pk=job.pk).status == ImportStatus.WAITING
    assert not job.moves.exists()
