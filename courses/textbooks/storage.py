"""Where packs lie: under their own hash, beside the courses' files, and swept when no row names them any more."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage

from courses.content.storage import keep_whole, local, sweep_files
from courses.textbooks.models import TextbookPack

FOLDER = "textbooks"  # below the storage's root
ORPHAN_AGE_S = 24 * 3600  # longer than any packing takes


def name_of(sha256: str) -> str:
    """Return the storage name of a pack."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def open_pack(sha256: str) -> IO[bytes]:
    """Open a pack for reading; FileNotFoundError when its file is gone."""
    return default_storage.open(name_of(sha256), "rb")


def keep(made: Path, sha256: str) -> None:
    """Keep a pack under its hash; safe to repeat: a file without a row is swept."""
    keep_whole(made, name_of(sha256))


def drop(sha256: str) -> None:
    """Remove a pack's file."""
    default_storage.delete(name_of(sha256))


@contextmanager
def work_place() -> Iterator[Path]:
    """Yield an empty folder on this machine's own disk, gone afterwards."""
    parent = _work_folder()
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pack-", dir=parent) as place:
        yield Path(place)


def sweep(*, now_s: float | None = None) -> int:
    """Remove what killed workers left: packs without a row and working folders, a day old; returns how many."""
    before = (now_s or time.time()) - ORPHAN_AGE_S
    known = set(TextbookPack.objects.filter(file_gone_at=None).exclude(sha256="").values_list("sha256", flat=True))
    root = local(FOLDER)
    removed = sweep_files(root, before, lambda path: path.name in known) if root is not None else 0
    for place in _work_folder().iterdir() if _work_folder().is_dir() else ():
        if place.stat().st_mtime < before:
            shutil.rmtree(place, ignore_errors=True)
            removed += 1
    return removed


def _work_folder() -> Path:
    return Path(settings.DATA_DIR) / "packing"
