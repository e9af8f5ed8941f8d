"""Passwords of record stores: files in KEYS_DIR, outside the database and its backups."""

import os
from pathlib import Path
from uuid import UUID

from django.conf import settings

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def keep(store_uuid: UUID, password: str) -> None:
    """Keep the password of a store."""
    folder = Path(settings.KEYS_DIR)
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    descriptor = os.open(_file(store_uuid), os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(password)


def read(store_uuid: UUID) -> str | None:
    """Return the password of a store, or None when its file is gone."""
    try:
        return _file(store_uuid).read_text("utf-8")
    except OSError:
        return None


def forget(store_uuid: UUID) -> None:
    """Delete the password of a store."""
    _file(store_uuid).unlink(missing_ok=True)


def _file(store_uuid: UUID) -> Path:
    return Path(settings.KEYS_DIR) / f"record-store-{store_uuid}.password"
