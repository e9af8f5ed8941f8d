"""Where embedded parts keep their files; no server is started by importing this."""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

ROLES = {"application": "guixue_app", "migration": "guixue_migration", "superuser": "postgres"}


def short_dir(data_dir: Path, name: str) -> Path:
    """Return a short folder for sockets: a Unix socket's path may hold only about 100 bytes."""
    digest = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"guixue-{name}-{os.getuid()}-{digest}"


def database_url(data_dir: Path, *, role: str, name: str = "guixue") -> str:
    """Return the address of the embedded database for one of the ROLES."""
    socket_dir = short_dir(data_dir, "pg")
    return f"postgresql://{ROLES[role]}@/{name}?host={quote(str(socket_dir), safe='')}"
