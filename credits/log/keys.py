"""The log's signing keys: files in KEYS_DIR that only the service may read, their public halves as rows."""

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from credits.log import notes
from credits.log.models import LogKey
from credits.log.notes import Note, PublicKey, Signature, Tree
from edu.kernel import clock, keyfiles
from edu.kernel.errors import Refusal

PURPOSE = "log"
ALGORITHMS = {"ed25519": notes.ED25519, "ml-dsa-44": notes.ML_DSA_44}
PrivateKey = Ed25519PrivateKey | MLDSA44PrivateKey


def origin() -> str:
    """Return the log's name, which is also the name of its keys."""
    return notes.check_name(str(settings.GUIXUE_LOG_ORIGIN))


def make() -> list[LogKey]:
    """Make one key of each algorithm; they sign beside those that sign already, until `end`."""
    made: list[str] = []
    try:
        with transaction.atomic():
            return [_make(algorithm, made) for algorithm in ALGORITHMS]
    except BaseException:
        for key_id in made:  # no file without a row
            path_of(key_id).unlink(missing_ok=True)
        raise


def end(key_id: str) -> None:
    """Let a key sign no more; what it signed stays good. Refusal when it is unknown or the last of its algorithm."""
    with transaction.atomic():
        row = LogKey.objects.select_for_update(of=("self",), no_key=True).filter(key_id=key_id, to_at=None).first()
        if row is None:
            raise Refusal("no-such-log-key", _("No key of the log that signs has this id."))
        if not signing().filter(algorithm=row.algorithm).exclude(pk=row.pk).exists():
            raise Refusal("last-log-key", _("The log has no other key of this kind. Make new ones first."))
        LogKey.objects.filter(pk=row.pk, to_at=None).update(to_at=clock.now())


def signing() -> models.QuerySet[LogKey]:
    """Return the keys that sign now, oldest first."""
    return LogKey.objects.filter(to_at=None).order_by("pk")


def public_keys() -> list[PublicKey]:
    """Return every key that the log ever signed with."""
    return [notes.parse_key(row.public_key) for row in LogKey.objects.order_by("pk")]


def sign(tree: Tree, text: str) -> Note:
    """Return the signed note of a checkpoint; Refusal when there is no key, or its file cannot be used."""
    rows = list(signing())
    if {row.algorithm for row in rows} != set(ALGORITHMS):
        raise Refusal("log-keys-missing", _("The log has no signing keys. The operator has to run make_log_keys."))
    return Note(text, tuple(_signature(row, tree, text) for row in rows))


def sign_document(data: bytes) -> bytes:
    """Return the Ed25519 signature of a canonical document by the oldest key that signs; Refusal without one.

    The oldest, because checkers that carry an older list know it. No checkpoint begins with a brace, so no document
    can be taken for one.
    """
    row = signing().filter(algorithm="ed25519").first()
    if row is None:
        raise Refusal("log-keys-missing", _("The log has no signing keys. The operator has to run make_log_keys."))
    return _load(row, notes.parse_key(row.public_key)).sign(data)


def path_of(key_id: str) -> Path:
    """Return the file of a key."""
    return Path(settings.KEYS_DIR) / f"{key_id}.pem"


def _make(algorithm: str, made: list[str]) -> LogKey:
    key: PrivateKey = Ed25519PrivateKey.generate() if algorithm == "ed25519" else MLDSA44PrivateKey.generate()
    key_id = f"{PURPOSE}-{algorithm}-{clock.today().year}-{secrets.token_hex(4)}"
    public = PublicKey(origin(), ALGORITHMS[algorithm], key.public_key().public_bytes_raw())
    made.append(key_id)
    keyfiles.write(path_of(key_id), keyfiles.pem(key))
    return LogKey.objects.create(key_id=key_id, algorithm=algorithm, public_key=public.text, from_at=clock.now())


def _signature(row: LogKey, tree: Tree, text: str) -> Signature:
    public = notes.parse_key(row.public_key)
    if public.name != tree.origin:
        raise Refusal("log-origin-differs", _("The keys of the log carry another name than the settings do."))
    private = _load(row, public)
    if row.algorithm == "ed25519":
        return notes.sign_note(text, public, private)
    return notes.cosign(text, public, private, time=int(clock.now().timestamp()), tree=tree)


def _load(row: LogKey, public: PublicKey) -> PrivateKey:
    try:
        key = keyfiles.load(path_of(row.key_id))
    except keyfiles.Unusable as error:
        raise _unusable(f"log-key-{error.code}") from error
    if not isinstance(key, Ed25519PrivateKey | MLDSA44PrivateKey):
        raise _unusable("log-key-differs")
    if key.public_key().public_bytes_raw() != public.material:
        raise _unusable("log-key-differs")
    return key


def _unusable(code: str) -> Refusal:
    return Refusal(code, _("A signing key of the log cannot be used now. The operator has to look at the key folder."))
