"""State tables as data: which status may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

S = TypeVar("S", bound=str)


@dataclass(frozen=True)
class StateTable[S: str]:
    """The moves that one kind of row may make; every status stands in `moves`, ended ones with an empty set."""

    name: str
    initial: S
    moves: Mapping[S, frozenset[S]]

    def allows(self, source: S, target: S) -> bool:
        """True when a row in `source` may move to `target`."""
        return target in self.moves[source]

    def final(self) -> frozenset[S]:
        """Return the statuses from which nothing moves."""
        return frozenset(status for status, targets in self.moves.items() if not targets)
