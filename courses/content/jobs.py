"""Imports in the background. The row is the truth: it carries state, progress and a lease; a message is only a hint.

A worker takes a job by compare-and-set with a token of its own and renews its lease with every step of progress.
A worker that was killed renews nothing: when the lease has lapsed, `take_up_stalled` gives the job back and hints anew.
The version and the job's end are one transaction, so a job that is done once is not done twice.
"""

import datetime as dt
import logging
import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Course
from courses.content import actions, limits, storage
from courses.content.models import ContentVersion, ImportJob
from courses.content.states import IMPORT_MOVES, ImportStatus
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotThere, Refusal, Stale

log = logging.getLogger(__name__)

LEASE_S = 60  # progress comes every second or so; ten times the longest silence seen (hashing a 1 GB file)
ATTEMPTS_MAX = 3  # an archive that kills the worker three times would kill it a fourth time
PROGRESS_EVERY_S = 1.0


class LeaseLost(RuntimeError):
    """Another worker has the job: stop without a trace."""


def request_import(*, upload: "UploadedFile[Any]", course_uuid: uuid.UUID, acting: Actor) -> ImportJob:
    """Keep the upload and queue its import; the caller hints to the worker after commit."""
    course = Course.objects.filter(uuid=course_uuid).first()
    if course is None:
        raise NotThere("no-such-course")
    actions.require_author(course.pk, acting)
    if (upload.size or 0) > limits.ARCHIVE_BYTES_MAX:
        raise Refusal(
            "archive-too-large",
            _("Too large: %(size)s MB where at most %(limit)s MB are taken. Move long videos to the media server.")
            % {"size": (upload.size or 0) // 1_000_000, "limit": limits.ARCHIVE_BYTES_MAX // 1_000_000},
        )
    if not upload.size:
        raise Refusal("archive-empty", _("The file is empty. Choose the archive again."))
    job_uuid = uuid.uuid4()
    name, size = storage.keep_upload(upload, str(job_uuid))
    return ImportJob.objects.create(
        uuid=job_uuid,
        course=course,
        source_name=(upload.name or "archive")[-200:],
        upload=name,
        upload_size=size,
        requested_by_uuid=acting.person_uuid,
        requested_for_uuid=acting.institution_uuid,
        requested_role=acting.role,
        language=translation.get_language() or "zh-hans",
        requested_at=clock.now(),
    )


def cancel_import(job: ImportJob, *, acting: Actor) -> ImportJob:
    """Call an import off: whatever its worker is doing, no version comes of it. Stale when it has ended already.

    A worker that is at it finds its lease gone at its next step and stops; what it has written is undone with its
    transaction, and files without a row are swept.
    """
    actions.require_author(job.course_id, acting)
    if job.ended_at is not None:
        raise _ended_already()
    try:
        with transaction.atomic():
            move(
                job,
                to=ImportStatus.CANCELLED,
                table=IMPORT_MOVES,
                acting=acting,
                ended_at=timezone.now(),
                lease_token=None,
            )
    except Stale:
        raise _ended_already() from None
    _forget_upload(job)
    return job


def _ended_already() -> Stale:
    return Stale("import-ended", _("The import ended before it could be called off. Look how it ended."))


def run_import(job_id: int) -> ImportJob:
    """Carry out a waiting import; returns the job as it stands afterwards. Safe to run twice and at once."""
    job = ImportJob.objects.get(pk=job_id)
    if job.status != ImportStatus.WAITING:
        return job
    token = uuid.uuid4()
    try:
        _take(job, token)
    except Stale:
        return ImportJob.objects.get(pk=job_id)  # another worker was faster
    with translation.override(job.language):  # a refusal speaks to the person who asked
        _carry_out(job, token)
    job = ImportJob.objects.get(pk=job_id)
    _forget_upload(job)
    return job


@transaction.atomic
def _take(job: ImportJob, token: uuid.UUID) -> None:
    move(
        job,
        to=ImportStatus.RUNNING,
        table=IMPORT_MOVES,
        acting=SYSTEM,
        lease_token=token,
        leased_until=_lease_end(),
        attempts=job.attempts + 1,
    )


def _carry_out(job: ImportJob, token: uuid.UUID) -> None:
    acting = Actor(job.requested_by_uuid, job.requested_for_uuid, job.requested_role)
    lease = _Lease(job.pk, token)
    try:
        with storage.upload_on_disk(job.upload) as source:
            actions.import_course(
                source=source,
                course_id=job.course_id,
                source_name=job.source_name,
                acting=acting,
                progress=lease.progress,
                in_transaction=lambda version: _end_done(job.pk, token, version),
            )
    except LeaseLost:
        log.warning("import %s went to another worker", job.uuid)
    except Refusal as refusal:
        _end_refused(job.pk, token, refusal)
    except Exception as error:
        log.exception("import %s failed", job.uuid)
        _end_failed(job.pk, token, error)


def take_up_stalled() -> list[int]:
    """Give back the jobs whose worker is gone, and return the ids of all that wait, for the caller to run or hint."""
    now = timezone.now()
    stalled = ImportJob.objects.filter(status=ImportStatus.RUNNING, leased_until__lt=now)
    for job in stalled:
        target = ImportStatus.WAITING if job.attempts < ATTEMPTS_MAX else ImportStatus.FAILED
        changes = {} if target == ImportStatus.WAITING else {"ended_at": now, **_failure("worker-died")}
        try:
            with transaction.atomic():
                move(
                    job,
                    to=target,
                    table=IMPORT_MOVES,
                    acting=SYSTEM,
                    reason="lease lapsed",
                    lease_token=None,
                    **changes,
                )
        except Stale:
            continue  # it ended in this very moment
    return list(ImportJob.objects.filter(status=ImportStatus.WAITING).order_by("id").values_list("pk", flat=True))


class _Lease:
    """Renews the lease and shows progress, outside any transaction, at most once a second."""

    def __init__(self, job_id: int, token: uuid.UUID) -> None:
        self.job_id, self.token = job_id, token
        self.last: dt.datetime | None = None
        self.stage = ""

    def progress(self, stage: str, done: int, total: int) -> None:
        now = timezone.now()
        due = self.last is None or (now - self.last).total_seconds() >= PROGRESS_EVERY_S
        if stage == self.stage and not due and (done != total or total == 0):
            return
        self.last, self.stage = now, stage
        held = ImportJob.objects.filter(pk=self.job_id, lease_token=self.token, status=ImportStatus.RUNNING).update(
            stage=stage, progress_done=done, progress_total=total, leased_until=_lease_end()
        )
        if held != 1:
            raise LeaseLost(self.job_id)


def _lease_end() -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=LEASE_S)


def _held(job_id: int, token: uuid.UUID) -> ImportJob:
    """Return the job, locked, while this worker still holds it; LeaseLost otherwise."""
    job = ImportJob.objects.select_for_update().get(pk=job_id)
    if job.lease_token != token or job.status != ImportStatus.RUNNING:
        raise LeaseLost(job_id)
    return job


def _end_done(job_id: int, token: uuid.UUID, version: ContentVersion) -> None:
    move(
        _held(job_id, token),
        to=ImportStatus.DONE,
        table=IMPORT_MOVES,
        acting=SYSTEM,
        version=version,
        ended_at=timezone.now(),
        lease_token=None,
    )


@transaction.atomic
def _end_refused(job_id: int, token: uuid.UUID, refusal: Refusal) -> None:
    try:
        job = _held(job_id, token)
    except LeaseLost:
        return
    move(
        job,
        to=ImportStatus.REFUSED,
        table=IMPORT_MOVES,
        acting=SYSTEM,
        ended_at=timezone.now(),
        lease_token=None,
        refusal_code=refusal.code,
        refusal_message=_storable(refusal.message)[:1000],
        refusal_details={name: _storable(value)[:300] for name, value in refusal.details.items()},
    )


def _storable(value: object) -> str:
    """Return text that PostgreSQL takes, whatever a file was called."""
    return str(value).replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


@transaction.atomic
def _end_failed(job_id: int, token: uuid.UUID, error: Exception) -> None:
    try:
        job = _held(job_id, token)
    except LeaseLost:
        return
    again = job.attempts < ATTEMPTS_MAX
    move(
        job,
        to=ImportStatus.WAITING if again else ImportStatus.FAILED,
        table=IMPORT_MOVES,
        acting=SYSTEM,
        reason=f"{type(error).__name__}"[:500],
        lease_token=None,
        **({} if again else {"ended_at": timezone.now(), **_failure("our-fault")}),
    )


def _failure(code: str) -> dict[str, str]:
    message = _("The import could not be finished, and the archive may not be at fault. Ask the operator to look.")
    return {"refusal_code": code, "refusal_message": str(message)}


def _forget_upload(job: ImportJob) -> None:
    """Drop the archive once the job has ended; what was imported can be exported again."""
    if job.ended_at is not None and job.upload:
        storage.drop_upload(job.upload)
        job.upload = ""
        job.save(update_fields=["upload"])
