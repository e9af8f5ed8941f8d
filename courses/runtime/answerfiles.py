"""Files of answers in learners' own words: kept in the private storage, shown by signed addresses to few.

The package keeps names, sizes and descriptions in the block's state and keys in the answer; where the bytes lie and
who may read them is ours. A file is read by who handed it in, by the classmates to whom the answer was given, and by
those who teach the run; each time somebody asks.
"""

import time
import uuid
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from openassessment.assessment.models import PeerWorkflowItem

from courses.content.storage import sweep_files
from courses.enrolment.models import Enrolment
from courses.runs.models import RunTeacher
from courses.runtime import addresses, filekinds, grants, keys
from courses.runtime.grants import Grant
from courses.runtime.models import AnswerFile
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale

PRIVATE = "private"
FOLDER = "answers"  # below the private storage's root
FILE_MB_MAX = 20  # a scan of ten pages, or four photographs of a telephone
FILE_BYTES_MAX = FILE_MB_MAX * 1024 * 1024
FILES_MAX = 10  # in one answer
SLOTS_MAX = 60  # with those that were taken out again: the package numbers on and never reuses one
DESCRIPTION_CHARS_MAX = 250
SALT = "courses.runtime.answerfile"
ADDRESS_AGE_S_MAX = grants.FRAME_AGE_S_MAX
ORPHAN_AGE_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of an answer as a page shows it; `url` is for the person who looks, and ends."""

    number: int
    name: str
    description: str
    size: int
    is_image: bool
    url: str


def private_storage() -> Storage:
    """Return the storage called "private" in STORAGES, or a folder of that name in DATA_DIR: never under MEDIA."""
    if PRIVATE in settings.STORAGES:
        return storages[PRIVATE]
    return FileSystemStorage(location=settings.DATA_DIR / PRIVATE, base_url=None)


class AnswerFiles:
    """The files of one person's answers in one run, as the block's handlers use them."""

    def __init__(self, grant: Grant) -> None:
        self._grant = grant

    def keep(self, block: Any, upload: "UploadedFile[Any]", description: str) -> None:
        """Keep a file for the answer that is being written; a Refusal says what is wrong with it."""
        kept = [one for one in block.file_manager.get_uploads() if one.exists]
        number = len(block.file_manager.get_uploads(include_deleted=True))
        if len(kept) >= (FILES_MAX if block.allow_multiple_files else 1) or number >= SLOTS_MAX:
            raise Refusal("too-many-files", _("There are as many files as this task takes. Take one out first."))
        name, size = filekinds.clean_name(upload.name or ""), upload.size or 0
        media_type = _checked(block, name, size, upload)
        words = " ".join(description.split())[:DESCRIPTION_CHARS_MAX] or name
        stored = _store(upload)
        AnswerFile.objects.create(
            run_id=self._grant.run_id,
            person_id=self._grant.person_id,
            usage_id=_usage(block),
            number=number,
            name=name,
            description=words,
            size=size,
            media_type=media_type,
            stored=stored,
            uploaded_at=clock.now(),
        )
        block.file_manager.append_uploads({"description": words, "name": name, "size": size})

    def drop(self, block: Any, number: object) -> None:
        """Take a file out of the answer that is being written; its bytes go too."""
        row = self._own(block).filter(number=number if isinstance(number, int) else -1, submission_uuid="").first()
        if row is None:
            raise Stale("no-such-file", _("This file is no longer there. Reload the page to see what is."))
        block.file_manager.delete_upload(row.number)
        forget([row])

    def hand_in(self, block: Any) -> None:
        """Bind the files to the answer that has just been handed in: those who judge it may read them."""
        self._own(block).filter(submission_uuid="").update(submission_uuid=block.submission_uuid)

    def being_written(self, block: Any) -> list[ShownFile]:
        """Return the files of the answer that is not handed in yet."""
        return self._shown(self._own(block).filter(submission_uuid=""))

    def of_answer(self, submission_uuid: str) -> list[ShownFile]:
        """Return the files of an answer, for a person who has been shown the answer."""
        return self._shown(AnswerFile.objects.filter(run_id=self._grant.run_id, submission_uuid=submission_uuid))

    def _own(self, block: Any) -> Any:
        grant = self._grant
        return AnswerFile.objects.filter(run_id=grant.run_id, person_id=grant.person_id, usage_id=_usage(block))

    def _shown(self, rows: Any) -> list[ShownFile]:
        return [
            ShownFile(
                row.number, row.name, row.description, row.size, row.media_type in filekinds.IMAGES, self._url(row)
            )
            for row in rows.order_by("number")
        ]

    def _url(self, row: AnswerFile) -> str:
        # The name stays out of the address: addresses stand in logs.
        given = [row.uuid.hex, self._grant.person_id, int(self._grant.tells)]
        return addresses.frame_path("answer-file", signing.dumps(given, salt=SALT, compress=True))


def file_for(token: str) -> AnswerFile:
    """Return the file of a signed address, if the person for whom it was signed may read it now.

    NotPermitted for a forged address, Stale when its time is over, NotThere for a file that is gone or not theirs.
    """
    try:
        file_uuid, person_id, tells = signing.loads(token, salt=SALT, max_age=ADDRESS_AGE_S_MAX)
    except signing.SignatureExpired:
        message = _("This page has been open for too long. Reload it; what you saved is still there.")
        raise Stale("address-expired", message) from None
    except (signing.BadSignature, ValueError):
        raise NotPermitted("address-forged", _("This address was not made by this site.")) from None
    row = AnswerFile.objects.filter(uuid=file_uuid).select_related("run__course").first()
    if row is None or not _may_read(row, int(person_id), bool(tells)):
        raise NotThere("no-such-file")
    return row


def forget(rows: list[AnswerFile]) -> None:
    """Delete files, the bytes when the transaction stands; call it in one."""
    for row in rows:
        transaction.on_commit(partial(private_storage().delete, row.stored))
        row.delete()


def sweep(*, now_s: float | None = None) -> int:
    """Remove bytes without a row that are a day old: an upload whose transaction failed; returns how many."""
    storage = private_storage()
    try:
        root = Path(storage.path(FOLDER))
    except NotImplementedError:  # an object store: its own rules end what is left over
        return 0
    before = (now_s or time.time()) - ORPHAN_AGE_S
    known = set(AnswerFile.objects.values_list("stored", flat=True))
    return sweep_files(root, before, lambda path: f"{FOLDER}/{path.parent.name}/{path.name}" in known)


def _may_read(row: AnswerFile, person_id: int, tells: bool) -> bool:
    here = Enrolment.objects.filter(run_id=row.run_id, person_id=person_id, person__is_active=True)
    if row.person_id == person_id:
        return here.exists()
    if tells:
        teaching = RunTeacher.objects.filter(run_id=row.run_id, person_id=person_id, person__is_active=True)
        return bool(row.submission_uuid) and teaching.exists()
    judging = PeerWorkflowItem.objects.filter(
        submission_uuid=row.submission_uuid,
        scorer__student_id=grants.anonymous_id(person_id, row.run_id),
        scorer__cancelled_at=None,
        author__cancelled_at=None,
    )
    return bool(row.submission_uuid) and judging.exists() and here.exists()


def _checked(block: Any, name: str, size: int, upload: "UploadedFile[Any]") -> str:
    """Return the media type of a file that may be kept."""
    if not size:
        raise Refusal("file-empty", _("This file is empty. Choose another one."))
    if size > FILE_BYTES_MAX:
        message = _("This file is larger than {megabytes} MB. Make it smaller or split it.")
        raise Refusal("file-too-large", message.format(megabytes=FILE_MB_MAX))
    allowed = allowed_endings(block)
    media_type = filekinds.media_type_of(name, upload, allowed, block.FILE_EXT_BLACK_LIST)
    if media_type is None:
        message = _("This task takes files of these kinds: {kinds}. What is in the file must fit its name.")
        raise Refusal("file-kind", message.format(kinds=", ".join(allowed)))
    return media_type


def _usage(block: Any) -> str:
    """Return our id of a block; the grant of a page names its unit."""
    return keys.usage_id(block.scope_ids.usage_id)


def allowed_endings(block: Any) -> list[str]:
    """Return the endings of names that a task takes."""
    given = block.get_allowed_file_types_or_preset() or []
    never = {one.lower() for one in block.FILE_EXT_BLACK_LIST}
    return [one.lower() for one in given if one.lower() not in never]


def _store(upload: "UploadedFile[Any]") -> str:
    """Store the bytes under a name that says nothing; without a row they are swept."""
    name = uuid.uuid4().hex
    return private_storage().save(f"{FOLDER}/{name[:2]}/{name}", upload)
