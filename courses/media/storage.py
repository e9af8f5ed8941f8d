"""Where the copies lie: under their own hash, beside the courses' files, and swept when no row names them."""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from courses.content.storage import asset_path, open_asset
from courses.media.models import Rendition

FOLDER = "renditions"  # below the storage's root
ORPHAN_AGE_S = 24 * 3600  # longer than any copy takes
CHUNK = 1024 * 1024


def name_of(sha256: str) -> str:
    """Return the storage name of a copy."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def open_copy(sha256: str) -> IO[bytes]:
    """Open a copy for reading."""
    return default_storage.open(name_of(sha256), "rb")


@contextmanager
def work_place() -> Iterator[Path]:
    """Yield an empty folder on this machine's own disk, gone afterwards."""
    parent = Path(settings.DATA_DIR) / "transcoding"
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="film-", dir=parent) as place:
        yield Path(place)


def on_disk(sha256: str, place: Path) -> Path:
    """Return a course's file as a file on this machine's disk, fetched into `place` when it lies elsewhere."""
    local = asset_path(sha256)
    if local is not None:
        return local
    target = place / "source"
    with open_asset(sha256) as source, target.open("wb") as out:
        shutil.copyfileobj(source, out, CHUNK)
    return target


def keep(made: Path) -> tuple[str, int]:
    """Keep a copy under its hash; returns hash and size. Safe to repeat: a file without a row is swept."""
    digest = hashlib.sha256()
    with made.open("rb") as stream:
        while part := stream.read(CHUNK):
            digest.update(part)
    sha256, size = digest.hexdigest(), made.stat().st_size
    name = name_of(sha256)
    if default_storage.exists(name):
        return sha256, size
    target = _local(name)
    if target is None:
        with made.open("rb") as stream:
            default_storage.save(name, File(stream))  # an object store shows an object only when it is whole
        return sha256, size
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, passing = tempfile.mkstemp(prefix=".arriving-", dir=target.parent)
    with os.fdopen(handle, "wb") as out, made.open("rb") as source:
        shutil.copyfileobj(source, out, CHUNK)
        out.flush()
        os.fsync(out.fileno())
    os.chmod(passing, 0o644)
    os.replace(passing, target)
    return sha256, size


def sweep(*, now_s: float | None = None) -> int:
    """Remove what killed workers left: copies without a row and working folders, a day old; returns how many."""
    before = (now_s or time.time()) - ORPHAN_AGE_S
    known = set(Rendition.objects.exclude(sha256="").values_list("sha256", flat=True))
    removed = 0
    root = _local(FOLDER)
    for path in root.rglob("*") if root is not None and root.is_dir() else ():
        if path.is_file() and path.stat().st_mtime < before and path.name not in known:
            path.unlink(missing_ok=True)
            removed += 1
    places = Path(settings.DATA_DIR) / "transcoding"
    for place in places.iterdir() if places.is_dir() else ():
        if place.stat().st_mtime < before:
            shutil.rmtree(place, ignore_errors=True)
            removed += 1
    return removed


def _local(name: str) -> Path | None:
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        return None
