"""The tree of a draft on values: order, levels, what stands below what, what may stand where. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from courses.content import sandbox
from courses.content.blocktypes import COMPOSITES, STRUCTURE, WRAPPERS
from courses.content.rules import level_below

TYPE_OF_LEVEL = {"section": "chapter", "subsection": "sequential", "unit": "vertical"}
LEVEL_OF_TYPE = {name: level for level, name in TYPE_OF_LEVEL.items()}


@dataclass(frozen=True, slots=True)
class Spot:
    """A block as far as its place goes."""

    usage_id: str
    block_type: str
    parent_usage_id: str
    display_name: str = ""
    support: str = "supported"
    place_revision: int = 0
    revision: int = 0
    needs_sandbox: bool = False

    @property
    def is_kept_only(self) -> bool:
        """True for a block in whose place learners read that it is not available here."""
        return self.support != "supported" or (self.needs_sandbox and not sandbox.is_there())


@dataclass(slots=True)
class Tree:
    """All blocks of a draft by id, and the children of each in order."""

    spots: dict[str, Spot]
    children: dict[str, list[str]] = field(default_factory=dict)

    @property
    def root(self) -> Spot:
        """Return the course itself."""
        return self.spots[self.children[""][0]]

    def below(self, usage_id: str) -> Iterator[Spot]:
        """Yield a block and all below it, parents first."""
        yield self.spots[usage_id]
        for child in self.children.get(usage_id, ()):
            yield from self.below(child)

    def above(self, usage_id: str) -> list[Spot]:
        """Return what a block stands in, the course first."""
        found: list[Spot] = []
        parent = self.spots[usage_id].parent_usage_id
        while parent:
            found.append(self.spots[parent])
            parent = self.spots[parent].parent_usage_id
        return found[::-1]

    def level(self, usage_id: str) -> str:
        """Return course, section, subsection, unit or block."""
        level = "course"
        for _spot in self.above(usage_id):
            level = level_below(level)
        return level

    def unit_of(self, usage_id: str) -> str:
        """Return the unit that a block is or stands in, "" above units."""
        line = [*self.above(usage_id), self.spots[usage_id]]
        return line[3].usage_id if len(line) > 3 else ""


def tree_of(spots: Iterable[Spot]) -> Tree:
    """Return the tree of blocks that come ordered by their position."""
    tree = Tree({})
    for spot in spots:
        tree.spots[spot.usage_id] = spot
        tree.children.setdefault(spot.parent_usage_id, []).append(spot.usage_id)
    return tree


def may_hold(parent_type: str, parent_level: str, child_type: str) -> bool:
    """True when a block of the one type may be put into a block of the other at that level.

    Sections hold subsections, those hold units, and units hold whatever is no part of the structure. The parts of a
    composite block belong to its text and are written there.
    """
    if parent_level in ("course", "section", "subsection"):
        return child_type == TYPE_OF_LEVEL[level_below(parent_level)]
    return (parent_type == "vertical" or parent_type in WRAPPERS) and child_type not in STRUCTURE


def homes(tree: Tree, usage_id: str) -> list[Spot]:
    """Return the blocks into which a block may be moved, in the order of the outline: never into itself."""
    kind = tree.spots[usage_id].block_type
    own = {spot.usage_id for spot in tree.below(usage_id)}
    return [
        spot
        for spot in tree.below(tree.root.usage_id)
        if spot.usage_id not in own and may_hold(spot.block_type, tree.level(spot.usage_id), kind)
    ]


def counted(tree: Tree, usage_id: str) -> Mapping[str, int]:
    """Return how many subsections, units and blocks stand below a block, and how many of them learners do not get."""
    counts = {"section": 0, "subsection": 0, "unit": 0, "block": 0, "kept_only": int(tree.spots[usage_id].is_kept_only)}
    level = tree.level(usage_id)
    _count(tree, usage_id, level, counts)
    return counts


def _count(tree: Tree, usage_id: str, level: str, counts: dict[str, int]) -> None:
    below = level_below(level)
    for child in tree.children.get(usage_id, ()):
        counts[below] += 1
        counts["kept_only"] += tree.spots[child].is_kept_only
        _count(tree, child, below, counts)


def is_part(tree: Tree, usage_id: str) -> bool:
    """True for a part of a composite block, which is moved and deleted with the whole."""
    return any(spot.block_type in COMPOSITES for spot in tree.above(usage_id))
