"""How far somebody has come, from what is there to do and what is done: pure."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from decimal import Decimal

DONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class UnitSteps:
    """A unit with the blocks in it that can be completed."""

    usage_id: str
    subsection_usage_id: str
    block_usage_ids: Set[str]

    def without(self, usage_ids: Set[str]) -> "UnitSteps":
        """Return the unit as it is for somebody who does not meet some blocks."""
        if not usage_ids & self.block_usage_ids:
            return self
        return UnitSteps(self.usage_id, self.subsection_usage_id, self.block_usage_ids - usage_ids)


@dataclass(frozen=True, slots=True)
class Advance:
    """What is done of a course."""

    units_done: frozenset[str]
    units_begun: frozenset[str]
    subsections_done: frozenset[str]
    subsections_total: int
    next_unit: str  # the first that is not done; "" when all are

    @property
    def subsections_done_count(self) -> int:
        """How many subsections are done."""
        return len(self.subsections_done)

    @property
    def is_complete(self) -> bool:
        """True when nothing is left to do."""
        return not self.next_unit


def advance(units: list[UnitSteps], completions: Mapping[str, Decimal]) -> Advance:
    """Return what is done: a unit when all its blocks are, a subsection when all its units are.

    A unit with nothing to complete is done when it has been opened, which its own id in `completions` says.
    """
    done, begun = set(), set()
    for unit in units:
        wanted = unit.block_usage_ids or {unit.usage_id}
        finished = {usage_id for usage_id in wanted if completions.get(usage_id, 0) >= DONE}
        if finished == set(wanted):
            done.add(unit.usage_id)
        if any(usage_id in completions for usage_id in wanted):
            begun.add(unit.usage_id)
    subsections = {unit.subsection_usage_id for unit in units}
    open_ones = {unit.subsection_usage_id for unit in units if unit.usage_id not in done}
    return Advance(
        units_done=frozenset(done),
        units_begun=frozenset(begun),
        subsections_done=frozenset(subsections - open_ones),
        subsections_total=len(subsections),
        next_unit=next((unit.usage_id for unit in units if unit.usage_id not in done), ""),
    )
