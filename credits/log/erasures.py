"""Erasing an owner: the salt goes, and a list outside the database remembers it, whatever backup comes back later."""

import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from credits.log.models import OwnerSalt, SaltRecord
from edu.kernel import clock
from edu.people import api as people

FILE_MODE = 0o600


def erase_salt(owner_uuid: UUID) -> None:
    """Destroy the owner's salt for good; safe to repeat. Of a person it is a part of people.erase_person.

    The list is written before the database commits. If that commit fails, list and database differ, the sequencer
    stops and says so, and `replay_erasures` finishes the deed.
    """
    with transaction.atomic():
        _destroy(owner_uuid, clock.now())
        if owner_uuid not in listed():
            _append(owner_uuid)


def replay() -> int:
    """Erase again whoever the list names and the database still knows, everywhere; return how many."""
    waiting = still_there()
    with transaction.atomic():
        for owner_uuid in waiting:
            people.erase_traces(owner_uuid)
    return len(waiting)


def still_there() -> list[UUID]:
    """Return the owners whom the list names and whose salt exists, or may be made anew."""
    names = listed()
    if not names:
        return []
    done = SaltRecord.objects.filter(owner_uuid__in=names, erased_at__isnull=False).values_list("owner_uuid", flat=True)
    return sorted(names - set(done))


def listed() -> set[UUID]:
    """Return the owners on the list; ValueError when a line of it is damaged, since then nobody knows who was meant."""
    try:
        lines = _file().read_text("ascii").splitlines()
    except FileNotFoundError:
        return set()
    return {UUID(line.split(" ", 1)[0]) for line in lines if line}


def _destroy(owner_uuid: UUID, moment: datetime) -> None:
    SaltRecord.objects.bulk_create([SaltRecord(owner_uuid=owner_uuid)], ignore_conflicts=True)
    SaltRecord.objects.filter(owner_uuid=owner_uuid, erased_at__isnull=True).update(erased_at=moment)
    OwnerSalt.objects.filter(owner_uuid=owner_uuid).delete()


def _append(owner_uuid: UUID) -> None:
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE)
    with os.fdopen(descriptor, "ab") as opened:
        opened.write(f"{owner_uuid} {clock.rfc3339(clock.now())}\n".encode())
        opened.flush()
        os.fsync(opened.fileno())


def _file() -> Path:
    return Path(settings.GUIXUE_ERASURES_FILE)


people.register_eraser("credits.log", erase_salt)
