"""Where the documents are that entries commit to: each kind's keeper registers how to read them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry commits to, as its keeper's rows say it today."""

    uuid: UUID
    owner_uuid: UUID
    document: Mapping[str, Any]


Keeper = Callable[[], Iterator[Subject]]
_keepers: dict[str, Keeper] = {}


def register(kind: str, keeper: Keeper) -> None:
    """Let `keeper` yield every subject of a kind, for the monitor, the openings and the backlog."""
    _keepers[kind] = keeper


def keepers() -> Mapping[str, Keeper]:
    """Return who keeps which kind."""
    return _keepers
