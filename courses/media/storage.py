"""Where the copies lie: under their own hash, beside the courses' files, and swept when no row names them."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage

from courses.content.storage import asset_path, keep_whole, local, open_asset, sweep_files
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
    lying = asset_path(sha256)
    if lying is not None:
        return lying
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
    keep_whole(made, name_of(sha256))
    return sha256, size


def sweep(*, now_s: float | None = None) -> int:
    """Remove what killed workers left: copies without a row and working folders, a day old; returns how many."""
    before = (now_s or time.time()) - ORPHAN_AGE_S
    known = set(Rendition.objects.exclude(sha256="").values_list("sha256", flat=True))
    root = local(FOLDER)
    removed = sweep_files(root, before, lambda path: path.name in known) if root is not None else 0
    places = Path(settings.DATA_DIR) / "transcoding"
    for place in places.iterdir() if places.is_dir() else ():
        if place.stat().st_mtime < before:
            shutil.rmtree(place, ignore_errors=True)
            removed += 1
    return removed
