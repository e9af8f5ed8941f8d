"""The log's folder: tiles, bundles and the checkpoint as plain files, written so that a kill leaves no half file."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from credits.log import checkpoints
from credits.log.checkpoints import Checkpoint

PUBLISHED = "checkpoint"
SIGNED = ".signed"  # the newest checkpoint that was signed, before anybody heard of it
FILE_MODE = 0o644  # public: a web server of another user may serve the folder


def root() -> Path:
    """Return the folder."""
    return Path(settings.GUIXUE_LOG_DIR)


def read(path: str) -> bytes:
    """Return a file's bytes; FileNotFoundError when it is not there."""
    return (root() / path).read_bytes()


def write(files: Iterable[tuple[str, bytes]]) -> None:
    """Write files one after the other, each whole or not at all; all of it is on the disk when this returns."""
    folders: set[Path] = set()
    for path, data in files:
        target = root() / path
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            folders.update(folder for folder in target.parents if folder.is_relative_to(root()))
        _replace(target, data)
        folders.add(target.parent)
    for folder in folders:
        _sync_folder(folder)


def published() -> Checkpoint | None:
    """Return the checkpoint that everybody sees; Fault when it is damaged."""
    return _checkpoint(PUBLISHED)


def signed() -> Checkpoint | None:
    """Return the newest checkpoint that was signed; Fault when it is damaged."""
    return _checkpoint(SIGNED)


def publish(checkpoint: Checkpoint) -> None:
    """Put the checkpoint where everybody looks."""
    write([(PUBLISHED, checkpoint.note.whole.encode())])


def keep_signed(checkpoint: Checkpoint) -> None:
    """Remember that this was signed."""
    write([(SIGNED, checkpoint.note.whole.encode())])


def _checkpoint(name: str) -> Checkpoint | None:
    try:
        return checkpoints.parse(read(name))
    except FileNotFoundError:
        return None


def _replace(target: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fchmod(opened.fileno(), FILE_MODE)
            os.fsync(opened.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
