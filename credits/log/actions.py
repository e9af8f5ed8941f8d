"""What may be done to the log from inside: append. Every deed may be repeated and runs in the caller's transaction."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from credits.log import commitments, salts
from credits.log.models import LogEntry, SaltRecord
from credits.log.tasks import sequence_log
from edu.kernel.errors import Refusal

HINT_INTERVAL_S = 1.0  # a term's postings are millions, and one hint wakes the sequencer for all of them
STORE = """
    INSERT INTO credits_logentry (kind, subject_uuid, owner_uuid, entry) VALUES (%s, %s, %s, %s)
    ON CONFLICT (kind, subject_uuid) DO NOTHING RETURNING 1
"""

Sign = Callable[[bytes], tuple[str, str]]
_hinted_at = 0.0


def append(
    *, kind: str, subject_uuid: UUID, owner_uuid: UUID, subject: Mapping[str, Any], owner_salt: bytes | None = None
) -> None:
    """Commit the log to a document of anything but a certificate; the same document again changes nothing.

    `owner_salt` is for a caller who has read it along in this transaction.

    Refusal `logged-otherwise` when the log holds another document for this kind and subject.
    """
    salt = commitments.entry_salt(owner_salt or salts.salt_for(owner_uuid), subject_uuid)
    entry = commitments.entry_bytes(kind, commitments.commitment(salt, subject))
    if not _stored(kind, subject_uuid, owner_uuid, entry):
        _require_same(kind, subject_uuid, owner_uuid, json.loads(entry)["commitment"])


def append_certificate(*, certificate_uuid: UUID, owner_uuid: UUID, statement: Mapping[str, Any], sign: Sign) -> bytes:
    """Commit the log to a certificate's fields and return the entry's salt, which belongs into the certificate.

    `sign` gets the bytes of docs/formats.md §2 and returns the key's id and the signature in base64. Called again for
    the same statement it signs nothing and returns the same salt; Refusal `logged-otherwise` for another statement.
    """
    salt = commitments.entry_salt(salts.salt_for(owner_uuid), certificate_uuid)
    committed = commitments.certificate_commitment(salt, statement)
    if not LogEntry.objects.filter(kind=commitments.CERTIFICATE, subject_uuid=certificate_uuid).exists():
        key_id, signature = sign(commitments.signed_commitment(committed))
        entry = commitments.entry_bytes(commitments.CERTIFICATE, committed, key_id=key_id, signature=signature)
        if _stored(commitments.CERTIFICATE, certificate_uuid, owner_uuid, entry):
            return salt
    _require_same(commitments.CERTIFICATE, certificate_uuid, owner_uuid, committed)
    return salt


def _stored(kind: str, subject_uuid: UUID, owner_uuid: UUID, entry: bytes) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(STORE, [kind, subject_uuid, owner_uuid, entry])
        fresh = cursor.fetchone() is not None
    if fresh:
        transaction.on_commit(_hint)
    return fresh


def _require_same(kind: str, subject_uuid: UUID, owner_uuid: UUID, committed: str) -> None:
    entry = LogEntry.objects.values_list("entry", flat=True).get(kind=kind, subject_uuid=subject_uuid)
    if json.loads(bytes(entry))["commitment"] == committed:
        return
    if SaltRecord.objects.filter(owner_uuid=owner_uuid, erased_at__isnull=False).exists():
        return  # nobody can say any more what it commits to
    raise Refusal("logged-otherwise", _("The log already holds something else for this."), {"subject": subject_uuid})


def _hint() -> None:
    global _hinted_at
    now = time.monotonic()
    if now - _hinted_at >= HINT_INTERVAL_S:
        _hinted_at = now
        sequence_log.delay_hint()
