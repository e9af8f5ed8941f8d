"""The salts of owners: made once, read, destroyed. Erasing a salt makes all entries of its owner unreadable."""

import secrets
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from credits.log.commitments import OWNER_SALT_SIZE
from credits.log.models import OwnerSalt, SaltRecord
from edu.kernel.errors import Refusal


def kept(owner_uuid: UUID) -> bytes | None:
    """Return the owner's salt; None when there is none, or none any more."""
    with connection.cursor() as cursor:  # with every posting: the shortest way
        cursor.execute("SELECT salt FROM credits_ownersalt WHERE owner_uuid = %s", [owner_uuid])
        found = cursor.fetchone()
    return bytes(found[0]) if found else None


def salt_for(owner_uuid: UUID) -> bytes:
    """Return the owner's salt, made when first asked for.

    For an erased owner it is a new one that nobody keeps: the entry stands in the log and nobody can open it.
    Refusal `salts-missing` when the owner had one that is not there: a restored database still lacks its salts.
    """
    if found := kept(owner_uuid):
        return found
    fresh = secrets.token_bytes(OWNER_SALT_SIZE)
    if _recorded(owner_uuid):  # and who came at the same time waited in this line for the other's salt
        OwnerSalt.objects.bulk_create([OwnerSalt(owner_uuid=owner_uuid, salt=fresh)])
        return fresh
    if found := kept(owner_uuid):
        return found
    if SaltRecord.objects.filter(owner_uuid=owner_uuid, erased_at__isnull=False).exists():
        return fresh
    raise Refusal(
        "salts-missing",
        _("The salts of the log have not come back after a restore. The operator has to run salts_restore."),
    )


def _recorded(owner_uuid: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO credits_saltrecord (owner_uuid) VALUES (%s) ON CONFLICT DO NOTHING RETURNING 1", [owner_uuid]
        )
        return cursor.fetchone() is not None
