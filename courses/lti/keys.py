"""Our RSA keys for LTI 1.3: files in KEYS_DIR, outside the database and its backups.

The newest signs. All that lie there are published, so that what an older one signed holds until its file is removed.
"""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from joserfc.jwk import RSAKey

from edu.kernel import clock, keyfiles
from edu.kernel.errors import Refusal

PURPOSE = "lti"
BITS = 2048  # what every LTI tool takes (1EdTech Security Framework 1.0, 5.1)


def make() -> str:
    """Make a key, which signs from now on; return its id."""
    key_id = f"{PURPOSE}-{clock.now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    pem = RSAKey.generate_key(BITS, private=True).as_pem(private=True)
    keyfiles.write(_folder() / f"{key_id}.pem", pem)
    return key_id


def ensure() -> None:
    """Make the first key when there is none."""
    if not _files():
        make()


def signing_key() -> RSAKey:
    """Return the key that signs; Refusal when there is none that can be used."""
    files = _files()
    if not files:
        raise _unusable()
    return _load(files[-1])


def public_keys() -> dict[str, Any]:
    """Return the JSON Web Key Set of all our keys, the newest first."""
    return {"keys": [_load(file).as_dict(private=False) for file in reversed(_files())]}


def _folder() -> Path:
    return Path(settings.KEYS_DIR)


def _files() -> list[Path]:
    return sorted(_folder().glob(f"{PURPOSE}-*.pem"))


def _load(file: Path) -> RSAKey:
    try:
        return RSAKey.import_key(keyfiles.read(file), {"kid": file.stem, "use": "sig", "alg": "RS256"})
    except (keyfiles.Unusable, ValueError) as error:
        raise _unusable() from error


def _unusable() -> Refusal:
    return Refusal("lti-key-missing", _("Tools cannot be reached now: the operator has to look at the key folder."))
