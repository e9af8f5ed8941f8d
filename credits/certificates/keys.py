"""Private signing keys: files in KEYS_DIR, outside the database and its backups, readable by the service alone."""

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from edu.kernel import keyfiles
from edu.kernel.errors import Refusal


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
    file = path_of(key_id)
    keyfiles.write(file, keyfiles.pem(key))
    return file


def discard(key_id: str) -> None:
    """Remove a key file whose row was never written."""
    path_of(key_id).unlink(missing_ok=True)


def sign(key_id: str, public_key: str, message: bytes) -> str:
    """Return the Ed25519 signature in base64; Refusal as `private_key` says."""
    return base64.b64encode(private_key(key_id, public_key).sign(message)).decode("ascii")


def private_key(key_id: str, public_key: str) -> Ed25519PrivateKey:
    """Return the private half; Refusal when its file is missing, open to others or another key."""
    try:
        key = keyfiles.load(path_of(key_id))
    except keyfiles.Unusable as error:
        raise _unusable(f"signing-key-{error.code}") from error
    if not isinstance(key, Ed25519PrivateKey) or text_of(raw_public(key)) != public_key:
        raise _unusable("signing-key-differs")
    return key


def _unusable(code: str) -> Refusal:
    return Refusal(
        code, _("The institution's signing key cannot be used now. Its operator has to look at the key folder.")
    )
