"""Secret files outside the database and its backups: new ones are written once, and only their owner may read them."""

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

FILE_MODE = 0o600
FOLDER_MODE = 0o700
OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Unusable(Exception):
    """A secret file that is not to be used; `code` is "missing" (or not readable as what it is) or "open-to-others"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def write(file: Path, data: bytes) -> None:
    """Write a new secret file, on the disk when this returns; FileExistsError when it is there."""
    file.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def read(file: Path) -> bytes:
    """Return a secret file's bytes; Unusable when it is missing or when others than its owner may read it."""
    try:
        if stat.S_IMODE(file.stat().st_mode) & OF_OTHERS:
            raise Unusable("open-to-others")
        return file.read_bytes()
    except OSError as error:
        raise Unusable("missing") from error


def pem(key: PrivateKeyTypes) -> bytes:
    """Return a private key as its file holds it (PKCS #8, PEM, not encrypted)."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load(file: Path) -> PrivateKeyTypes:
    """Return the private key in a file; Unusable as `read` says, and when it holds none."""
    data = read(file)
    try:
        return load_pem_private_key(data, password=None)
    except ValueError as error:
        raise Unusable("missing") from error
