"""Erasing what a person left behind: each app offers how its own rows lose the person, and this app knows none."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

Eraser = Callable[[UUID], None]

_erasers: dict[str, Eraser] = {}


def register_eraser(name: str, erase: Eraser) -> None:
    """Offer an eraser: it must be safe to repeat, and do nothing for a uuid that is nobody's."""
    _erasers[name] = erase


@transaction.atomic
def erase_traces(person_uuid: UUID) -> None:
    """Let every app remove what the person wrote and was told; all of it or nothing."""
    for name in sorted(_erasers):
        _erasers[name](person_uuid)
