"""Signing keys of textbooks: private halves as files in KEYS_DIR, public ones as rows that stay.

An institution's first key is made at its first pack; `make_textbook_key` makes another, which signs from then on.
What older keys signed stays good, and their public halves stay published. Of a key that was revoked (`revoking.py`)
only the packs that are known here stay good: the key file names them.
"""

import base64
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.textbooks import rules
from courses.textbooks.models import TextbookKey
from courses.textbooks.states import PackStatus
from edu.institutions import api as institutions
from edu.institutions.data import InstitutionInfo
from edu.kernel import clock, keyfiles
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, Refusal

KEY_MAKERS = frozenset({"operator", "system"})
REVOKED, GOOD = "revoked:", "good:"  # no checker of before takes such a word for a key
NO_CODE = "school"  # an institution without an official code signs too


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that can sign now."""

    row: TextbookKey
    private: Ed25519PrivateKey

    def sign(self, message: bytes) -> bytes:
        """Return the signature in base64."""
        return base64.b64encode(self.private.sign(message))


def signer(institution_uuid: UUID) -> Signer:
    """Return the institution's key that signs, made now when it has none; Refusal when its file cannot be used."""
    row = _current(institution_uuid) or _first(institution_uuid)
    return Signer(row, _load(row))


def rotate(*, institution_uuid: UUID, acting: Actor) -> TextbookKey:
    """Make the institution's new key and close the period of the old one; NotPermitted but for the operator."""
    if acting.role not in KEY_MAKERS:
        raise NotPermitted("not-operator", _("Only the operator of this service makes signing keys."))
    return make(institutions.institution(institution_uuid))


def keys_of(institution_uuid: UUID) -> list[TextbookKey]:
    """Return every key that an institution ever signed with, the newest first."""
    return list(TextbookKey.objects.filter(institution__uuid=institution_uuid))


def key_file(institution_uuid: UUID) -> str:
    """Return the public keys of an institution as the text file that schools keep and the verify script reads."""
    info = institutions.institution(institution_uuid)
    lines = [f"# 数字教材签名公钥 Public keys of digital textbooks: {info.name_zh} {info.code or ''}".rstrip()]
    lines.append("# key id, Ed25519 public key in base64, signs from, until")
    for row in keys_of(institution_uuid):
        until = clock.rfc3339(row.to_at) if row.to_at else "-"
        mark = REVOKED if row.revoked_at else ""
        lines.append(f"{row.key_id} {mark}{row.public_key} {clock.rfc3339(row.from_at)} {until}")
        if row.revoked_at:
            lines.append(f"# revoked at {clock.rfc3339(row.revoked_at)}; of its packs these are good, by SHA-256")
            lines += [f"{GOOD}{sha256}" for sha256 in _packs_of(row)]
    return "\n".join(lines) + "\n"


def path_of(key_id: str) -> Path:
    """Return the file of a key."""
    return Path(settings.KEYS_DIR) / f"{key_id}.pem"


def text_of(key: Ed25519PrivateKey) -> str:
    """Return the public half in base64."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")


def _packs_of(row: TextbookKey) -> list[str]:
    made = row.packs.filter(status=PackStatus.DONE)
    return sorted(set(made.values_list("sha256", flat=True)))


def _current(institution_uuid: UUID) -> TextbookKey | None:
    return TextbookKey.objects.filter(institution__uuid=institution_uuid, to_at=None).first()


def _first(institution_uuid: UUID) -> TextbookKey:
    """Take over the key file of before keys had rows, or make a key."""
    old = f"textbook-{institution_uuid}"
    if not path_of(old).exists():
        return make(institutions.institution(institution_uuid))
    return _register(institution_uuid, old, text_of(_read(path_of(old))))


def make(info: InstitutionInfo) -> TextbookKey:
    """Make the institution's next key, which closes the period of the one before.

    The file comes first: a row without it could sign nothing, a file without a row harms nobody."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key_id = rules.key_id(code=info.code or NO_CODE, year=clock.today().year, public_key=public)
    keyfiles.write(path_of(key_id), keyfiles.pem(private))
    try:
        return _register(info.uuid, key_id, text_of(private))
    except BaseException:
        path_of(key_id).unlink(missing_ok=True)
        raise


@transaction.atomic
def _register(institution_uuid: UUID, key_id: str, public_key: str) -> TextbookKey:
    now = clock.now()
    TextbookKey.objects.filter(institution__uuid=institution_uuid, to_at=None).update(to_at=now)
    return TextbookKey.objects.create(
        institution_id=institutions.institution_id(institution_uuid), key_id=key_id, public_key=public_key, from_at=now
    )


def _load(row: TextbookKey) -> Ed25519PrivateKey:
    key = _read(path_of(row.key_id))
    if text_of(key) != row.public_key:
        raise _unusable("textbook-key-differs")
    return key


def _read(file: Path) -> Ed25519PrivateKey:
    try:
        key = keyfiles.load(file)
    except keyfiles.Unusable as error:
        raise _unusable(f"textbook-key-{error.code}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _unusable("textbook-key-differs")
    return key


def _unusable(code: str) -> Refusal:
    return Refusal(
        code, _("The institution's key for textbooks cannot be used now. The operator has to look at the key folder.")
    )
