"""A log of a test's own: folder, keys, entries."""

from pathlib import Path
from uuid import UUID, uuid4

from pytest_django.fixtures import Settings

from credits.log import actions, keys, sequencer

ORIGIN = "log.example.edu.cn/log"


def make_log(settings: Settings, folder: Path) -> Path:
    """Point the settings at a new empty log with keys, below `folder`; return the log's folder."""
    settings.GUIXUE_LOG_DIR = folder / "log"
    settings.GUIXUE_ERASURES_FILE = folder / "erasures.txt"
    settings.GUIXUE_LOG_ORIGIN = ORIGIN
    settings.KEYS_DIR = folder / "keys"
    keys.make()
    return folder / "log"


def document(number: int = 0) -> dict[str, str]:
    """Something to commit to."""
    return {"type": "test.subject", "version": "1", "number": str(number)}


def appended(count: int = 1, *, owner_uuid: UUID | None = None) -> list[UUID]:
    """Append entries about so many subjects; return the subjects' uuids in order."""
    subjects = [uuid4() for _ in range(count)]
    for number, subject in enumerate(subjects):
        owner = owner_uuid or uuid4()
        actions.append(kind="posting", subject_uuid=subject, owner_uuid=owner, subject=document(number))
    return subjects


def sequenced(count: int = 1) -> list[UUID]:
    """Append entries and let the sequencer publish them."""
    subjects = appended(count)
    sequencer.sequence()
    return subjects
