"""What learners of a run have at stake when another version takes the place of the one they see.

State and scores belong to applets above; the one that keeps them registers how they are counted (courses/startup.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BlockStake:
    """A block that the other version lacks, and how many learners have worked in it."""

    usage_id: str
    name: str
    learners: int
    graded: bool


@dataclass(frozen=True, slots=True)
class Stake:
    """What would no longer be shown or count. Nothing of it is deleted."""

    learners: int = 0  # with answers, scores or marks of completion in blocks that the other version lacks
    learners_with_points: int = 0  # of these, with points in blocks that count
    blocks: tuple[BlockStake, ...] = field(default=())  # those with the most learners
    blocks_more: int = 0


Counting = Callable[[int, int, int], Stake]  # run, version shown, version wanted: row ids
_counting: list[Counting] = []


def register(counting: Counting) -> None:
    """Offer how a run's stakes are counted; the last one offered counts."""
    _counting[:] = [counting]


def at_stake(run_id: int, shown_id: int, wanted_id: int) -> Stake:
    """Return what learners have in blocks of the version they see that another version lacks."""
    return _counting[0](run_id, shown_id, wanted_id) if _counting else Stake()
