"""Passwords of record stores: files in KEYS_DIR, outside the database and its backups."""

from pathlib import Path
from uuid import UUID

from django.conf import settings

from edu.kernel import keyfiles


def keep(store_uuid: UUID, password: str) -> None:
    """Keep the password of a store."""
    keyfiles.write(_file(store_uuid), password.encode())


def read(store_uuid: UUID) -> str | None:
    """Return the password of a store, or None when its file is gone or others may read it."""
    try:
        return keyfiles.read(_file(store_uuid)).decode()
    except keyfiles.Unusable:
        return None


def forget(store_uuid: UUID) -> None:
    """Delete the password of a store."""
    _file(store_uuid).unlink(missing_ok=True)


def _file(store_uuid: UUID) -> Path:
    return Path(settings.KEYS_DIR) / f"record-store-{store_uuid}.password"
