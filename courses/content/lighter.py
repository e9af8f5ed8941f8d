"""What learners fetch in a film's place: lighter copies, which belong to an applet above (courses/startup.py)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LighterCopy:
    """A copy of a film with a picture: what it is called, and its bytes."""

    label: Any
    size: int


Copies = Mapping[str, tuple[LighterCopy, ...]]  # by the film's path in the course's folder, the lightest first
Offering = Callable[[int, UUID], Copies]
_offering: list[Offering] = []


def register(offering: Offering) -> None:
    """Offer what a version's films are fetched as; the last one offered counts."""
    _offering[:] = [offering]


def copies_of(version_id: int, version_uuid: UUID) -> Copies:
    """Return the copies of a version's films that are ready now; films without one are left out."""
    return _offering[0](version_id, version_uuid) if _offering else {}
