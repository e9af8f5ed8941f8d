"""Files of a draft: pictures, videos, captions, documents. What is no such file, whatever its name says, is refused."""

import hashlib
import mimetypes
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from courses.authoring import limits
from courses.authoring.editing import Deed, deed
from courses.authoring.models import DraftFile
from courses.content import rules, storage
from courses.content.actions import require_author
from courses.content.building import FileDraft
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal

HEAD_BYTES = 4096
STATIC = "static/"
NAME_CHARACTERS_MAX = 120
_NOT_IN_NAME = re.compile(r"[^\w.~-]+")


def _is_mp4(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def _is_captions(head: bytes) -> bool:
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # else a character was cut off at the end of the head
            return False
        text = head[: error.start].decode("utf-8-sig")
    return text.lstrip().startswith("WEBVTT") or "-->" in text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its endings, how large it may be, and how it is known by its first bytes."""

    name: Any
    bytes_max: int
    known: Callable[[bytes], bool]


PICTURE = (_("a picture"), limits.PICTURE_BYTES_MAX)
CAPTIONS = Kind(_("captions in UTF-8"), limits.CAPTIONS_BYTES_MAX, _is_captions)
KINDS: dict[str, Kind] = {
    ".mp4": Kind(_("an MP4 video"), limits.VIDEO_BYTES_MAX, _is_mp4),
    ".srt": CAPTIONS,
    ".vtt": CAPTIONS,
    ".png": Kind(*PICTURE, lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    ".jpg": Kind(*PICTURE, lambda head: head.startswith(b"\xff\xd8\xff")),
    ".jpeg": Kind(*PICTURE, lambda head: head.startswith(b"\xff\xd8\xff")),
    ".gif": Kind(*PICTURE, lambda head: head.startswith((b"GIF87a", b"GIF89a"))),
    ".webp": Kind(*PICTURE, lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    ".pdf": Kind(_("a PDF document"), limits.DOCUMENT_BYTES_MAX, lambda head: head.startswith(b"%PDF-")),
}
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
VIDEOS = (".mp4",)
CAPTION_FILES = (".srt", ".vtt")


def add(*, course_id: int, upload: "UploadedFile[Any]", acting: Actor, wanted: tuple[str, ...] = ()) -> str:
    """Keep an uploaded file in a course's draft and return its path, "static/fig.png"; all of it or, refused, nothing.

    A file of that name that holds something else stays: the new one gets a number. `wanted` are endings.
    """
    require_author(course_id, acting)  # before a byte is kept
    path, digest, size = _kept(upload, wanted)
    with deed(course_id, "add-file", acting) as done:
        path = _free_path(done, path, digest)
        media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        values = {"key": rules.asset_key(path), "sha256": digest, "size": size, "media_type": media_type[:100]}
        DraftFile.objects.update_or_create(draft=done.draft, path=path, defaults=values)
        done.about(path, path.removeprefix(STATIC))
    return path


def remove(*, course_id: int, path: str, acting: Actor) -> None:
    """Remove a file from a draft; versions keep it."""
    with deed(course_id, "remove-file", acting) as done:
        removed, _per_model = DraftFile.objects.filter(draft=done.draft, path=path).delete()
        if not removed:
            raise NotThere("no-such-file")
        done.about(path, path.removeprefix(STATIC))


def check(upload: "UploadedFile[Any]", wanted: tuple[str, ...] = ()) -> None:
    """Refuse what is no file of a kind that is taken, or too large."""
    ending = Path(upload.name or "").suffix.lower()
    kind = KINDS.get(ending)
    if kind is None or (wanted and ending not in wanted):
        endings = ", ".join(wanted or KINDS)
        raise Refusal(
            "wrong-kind", _("This file is not taken here. Choose one of these: %(endings)s") % {"endings": endings}
        )
    if not upload.size:
        raise Refusal("empty-file", _("The file is empty. Choose it again."))
    if upload.size > kind.bytes_max:
        raise Refusal(
            "file-too-large",
            _("Too large: %(size)s MB where at most %(limit)s MB are taken.")
            % {"size": -(-upload.size // 1_000_000), "limit": kind.bytes_max // (1024 * 1024)},
        )
    upload.seek(0)
    head = upload.read(HEAD_BYTES)
    upload.seek(0)
    if not kind.known(head):
        raise Refusal(
            "not-what-it-says",
            _("The file is not %(kind)s, though its name ends so. Save it anew.") % {"kind": kind.name},
        )


def _kept(upload: "UploadedFile[Any]", wanted: tuple[str, ...]) -> tuple[str, str, int]:
    """Keep the bytes under their hash; returns path, hash and size."""
    check(upload, wanted)
    sha256, size = hashlib.sha256(), 0
    folder = storage.work_folder()
    folder.mkdir(parents=True, exist_ok=True)
    handle, passing = tempfile.mkstemp(prefix="upload-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            for part in upload.chunks():
                sha256.update(part)
                size += len(part)
                out.write(part)
        path = STATIC + clean_name(upload.name or "file")
        storage.keep_file(FileDraft(path, Path(passing), sha256.hexdigest(), size, ""))
    finally:
        Path(passing).unlink(missing_ok=True)
    return path, sha256.hexdigest(), size


def clean_name(name: str) -> str:
    """Return a file's name without what addresses and archives do not take; its ending stays."""
    bare = Path(name.replace("\\", "/")).name
    stem, ending = Path(bare).stem, Path(bare).suffix.lower()
    return (_NOT_IN_NAME.sub("-", stem).strip("-.")[:NAME_CHARACTERS_MAX] or "file") + ending


def _free_path(done: Deed, path: str, digest: str) -> str:
    stem, ending = path.rpartition(".")[0], Path(path).suffix
    held = dict(DraftFile.objects.filter(draft=done.draft, path__startswith=stem).values_list("path", "sha256"))
    number, wanted = 1, path
    while held.get(wanted, digest) != digest:
        number += 1
        wanted = f"{stem}-{number}{ending}"
    return wanted
