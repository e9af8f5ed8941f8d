"""Where the bytes of courses lie: once per hash, under a name that says what they are.

A file is written under a passing name, then given its hash's name in one step, before the version's rows are
committed. So a row never names a file that is not there; a file without a row is harmless and swept.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from courses.content.building import FileDraft
from courses.content.models import ContentAsset, ImportJob

FOLDER = "content"  # below the storage's root
UPLOADS = "imports"
ORPHAN_AGE_S = 24 * 3600  # an import takes minutes: what is a day old and has no row belongs to nobody
CHUNK = 1024 * 1024

_holders: list[Callable[[], Iterable[str]]] = []


def register_holder(hashes: Callable[[], Iterable[str]]) -> None:
    """Let an applet above say which bytes it still needs, by their hashes: the sweep leaves them."""
    if hashes not in _holders:
        _holders.append(hashes)


def work_folder() -> Path:
    """Return the folder for unpacking; on the machine's own disk, whatever the storage is."""
    return Path(settings.DATA_DIR) / "unpacking"


def name_of(sha256: str) -> str:
    """Return the storage name of the bytes with this hash."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def keep_file(file: FileDraft) -> None:
    """Keep the bytes of a file under its hash; cheap when they are there already, safe to repeat."""
    keep_whole(file.source, name_of(file.sha256))


def keep_whole(path: Path, name: str) -> None:
    """Keep a file under a name that follows from its bytes: it stands there whole, or not at all."""
    if default_storage.exists(name):
        return
    target = local(name)
    if target is None:
        with path.open("rb") as source:
            default_storage.save(name, File(source))  # an object store shows an object only when it is whole
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, passing = tempfile.mkstemp(prefix=".arriving-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out, path.open("rb") as source:
            shutil.copyfileobj(source, out, CHUNK)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(passing, 0o644)
        os.replace(passing, target)
    except BaseException:
        Path(passing).unlink(missing_ok=True)
        raise


def open_asset(sha256: str) -> IO[bytes]:
    """Open the bytes with this hash for reading."""
    return default_storage.open(name_of(sha256), "rb")


def asset_path(sha256: str) -> Path | None:
    """Return the file on this machine's disk, or None when the storage is elsewhere."""
    return local(name_of(sha256))


def keep_upload(upload: "UploadedFile[Any]", job_uuid: str) -> tuple[str, int]:
    """Keep an uploaded archive for the worker; returns its storage name and size."""
    name = default_storage.save(f"{UPLOADS}/{job_uuid}", upload)
    return name, default_storage.size(name)


@contextmanager
def upload_on_disk(name: str) -> Iterator[Path]:
    """Yield an uploaded archive as a file on this machine's disk."""
    lying = local(name)
    if lying is not None:
        yield lying
        return
    with tempfile.TemporaryDirectory(prefix="fetched-", dir=_made(work_folder())) as place:
        path = Path(place) / "archive"
        with default_storage.open(name, "rb") as source, path.open("wb") as out:
            shutil.copyfileobj(source, out, CHUNK)
        yield path


def drop_upload(name: str) -> None:
    """Forget an uploaded archive."""
    if name:
        default_storage.delete(name)


def sweep(*, now_s: float | None = None) -> int:
    """Remove what interrupted imports left behind: files without a row, uploads without a job, unpacked folders.

    Returns how many were removed. Only what is a day old counts, so running imports are not disturbed.
    """
    before = (now_s or time.time()) - ORPHAN_AGE_S
    known = set(ContentAsset.objects.values_list("sha256", flat=True).distinct())
    known.update(*(hashes() for hashes in _holders))
    open_uploads = set(ImportJob.objects.exclude(upload="").values_list("upload", flat=True))
    removed = 0
    root = local("")
    if root is not None:
        removed += sweep_files(root / FOLDER, before, lambda path: path.name in known)
        removed += sweep_files(root / UPLOADS, before, lambda path: f"{UPLOADS}/{path.name}" in open_uploads)
    if work_folder().is_dir():
        for place in work_folder().iterdir():
            if place.stat().st_mtime < before:
                shutil.rmtree(place, ignore_errors=True)
                removed += 1
    return removed


def sweep_files(folder: Path, before: float, keep: Callable[[Path], bool]) -> int:
    """Remove the files below a folder that are older than a moment and not to be kept; return how many."""
    removed = 0
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.is_file() and path.stat().st_mtime < before and not keep(path):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def local(name: str) -> Path | None:
    """Return where a stored file lies on this machine's disk, or None when the storage is elsewhere."""
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        return None


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
