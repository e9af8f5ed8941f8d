"""Short backups of salts: a file of their own, kept for days, never for years (docs/log.md)."""

import os
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credits.log import erasures
from credits.log.commitments import OWNER_SALT_SIZE
from credits.log.models import OwnerSalt, SaltRecord
from edu.kernel.errors import Refusal

FILE_MODE = 0o600
BATCH = 5000


def backup(file: Path) -> int:
    """Write every salt to a new file that only this user may read; return how many. FileExistsError if it is there."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    count = 0
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        for owner, salt in OwnerSalt.objects.order_by("owner_uuid").values_list("owner_uuid", "salt").iterator():
            opened.write(f"{owner} {bytes(salt).hex()}\n")
            count += 1
        opened.flush()
        os.fsync(opened.fileno())
    return count


def restore(file: Path) -> int:
    """Bring back the salts that are missing, but for erased owners; return how many.

    Refusal when the file is malformed, or an owner has another salt by now.
    """
    wanted = _read(file)
    with transaction.atomic():
        there = dict(OwnerSalt.objects.values_list("owner_uuid", "salt"))
        if any(bytes(there[owner]) != salt for owner, salt in wanted.items() if owner in there):
            raise Refusal("salt-differs", _("Somebody has another salt by now. This is not a backup of this log."))
        gone = erasures.listed() | set(
            SaltRecord.objects.filter(erased_at__isnull=False).values_list("owner_uuid", flat=True)
        )
        missing = {owner: salt for owner, salt in wanted.items() if owner not in there and owner not in gone}
        SaltRecord.objects.bulk_create(
            [SaltRecord(owner_uuid=owner) for owner in missing], BATCH, ignore_conflicts=True
        )
        OwnerSalt.objects.bulk_create([OwnerSalt(owner_uuid=o, salt=salt) for o, salt in missing.items()], BATCH)
    return len(missing)


def _read(file: Path) -> dict[UUID, bytes]:
    try:
        pairs = (line.split(" ") for line in file.read_text("ascii").splitlines())
        found = {UUID(owner): bytes.fromhex(salt) for owner, salt in pairs}
    except ValueError as error:
        raise Refusal("salts-malformed", _("This file is no backup of salts.")) from error
    if any(len(salt) != OWNER_SALT_SIZE for salt in found.values()):
        raise Refusal("salts-malformed", _("This file is no backup of salts."))
    return found
