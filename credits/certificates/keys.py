"""Private signing keys: files in KEYS_DIR, outside the database and its backups, readable by the service alone."""

import base64
import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from edu.kernel.errors import Refusal

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def raw_public(key: Ed25519PrivateKey) -> bytes:
    """Return the 32 bytes of the public half."""
    return key.public_key().public_bytes_raw()


def text_of(public_key: bytes) -> str:
    """Return a public key as the database and the API write it."""
    return base64.b64encode(public_key).decode("ascii")


def path_of(key_id: str) -> Path:
    """Return the file of a key."""
    return Path(settings.KEYS_DIR) / f"{key_id}.pem"


def store(key_id: str, key: Ed25519PrivateKey) -> Path:
    """Write the private half to a new file that only its owner may read; FileExistsError when the key is there."""
    folder = Path(settings.KEYS_DIR)
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    file = path_of(key_id)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(pem)
        opened.flush()
        os.fsync(opened.fileno())
    return file


def discard(key_id: str) -> None:
    """Remove a key file whose row was never written."""
    path_of(key_id).unlink(missing_ok=True)


def private_pem(key_id: str, public_key: str) -> bytes:
    """Return a key as libraries take it; Refusal as `sign` says."""
    key = _load(key_id)
    if text_of(raw_public(key)) != public_key:
        raise _unusable("signing-key-differs")
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def sign(key_id: str, public_key: str, message: bytes) -> str:
    """Return the Ed25519 signature in base64; Refusal when the file is missing, open to others or another key."""
    key = _load(key_id)
    if text_of(raw_public(key)) != public_key:
        raise _unusable("signing-key-differs")
    return base64.b64encode(key.sign(message)).decode("ascii")


def _load(key_id: str) -> Ed25519PrivateKey:
    file = path_of(key_id)
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise _unusable("signing-key-open-to-others")
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise _unusable("signing-key-missing") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _unusable("signing-key-differs")
    return key


def _unusable(code: str) -> Refusal:
    return Refusal(
        code, _("The institution's signing key cannot be used now. Its operator has to look at the key folder.")
    )
