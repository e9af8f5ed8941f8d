"""What the applets above add to a person's page of credit: each registers a section, the ledger knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Section:
    """A template, and what it gets as `section`."""

    template: str
    content: Any


Make = Callable[[UUID], Section | None]
_makers: list[Make] = []


def register_credit_section(make: Make) -> None:
    """Add a section: `make(person_uuid)` returns it, or None when there is nothing to say."""
    if make not in _makers:
        _makers.append(make)


def sections_of(person_uuid: UUID) -> list[Section]:
    """Return the sections for a person, in the order in which they were registered."""
    return [section for make in _makers if (section := make(person_uuid))]
