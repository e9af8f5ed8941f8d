"""What the screens of an outline show: lines of parts and blocks, made from the tree."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from courses.authoring import limits, wording
from courses.authoring.tree import LEVEL_OF_TYPE, TYPE_OF_LEVEL, Spot, Tree, counted, is_part
from courses.content.blocktypes import COMPOSITES, WRAPPERS
from courses.content.rules import level_below


@dataclass(frozen=True, slots=True)
class Line:
    """A part of a course or a block, with what can be done to it from here."""

    spot: Spot
    level: str
    depth: int
    name: str
    kind: str  # what its type is called
    is_open: bool
    is_first: bool
    is_last: bool
    is_part: bool
    is_holder: bool  # it stands above units, or holds blocks in a unit
    adds: str  # the level of what can be added in it, "" where nothing can
    adds_word: str
    subsections: int
    units: int
    blocks: int
    kept_only: int  # how many of them learners do not get: placeholders, broken ones, scripts without a sandbox


def lines(tree: Tree, opened: str) -> list[Line]:
    """Return the outline down to units; of a long one only the sections and what stands in the one that is open."""
    root = tree.root.usage_id
    above_blocks = sum(1 for spot in tree.spots.values() if spot.block_type in LEVEL_OF_TYPE)
    everything = above_blocks <= limits.OPEN_NODES_MAX
    found: list[Line] = []
    for section in tree.children.get(root, ()):
        is_open = everything or section == opened
        found.append(_line(tree, section, 0, is_open=is_open))
        if is_open:
            for subsection in tree.children.get(section, ()):
                found.append(_line(tree, subsection, 1, is_open=True))
                found += [_line(tree, unit, 2, is_open=False) for unit in tree.children.get(subsection, ())]
    return found


@dataclass(frozen=True, slots=True)
class Next:
    """What a course without units needs next: a part, and the one it goes into."""

    parent: str
    word: str
    where: str  # "" in the course itself


def next_part(tree: Tree) -> Next | None:
    """Return the part to make next on the way to the first unit; None once there is one."""
    at, level = tree.root.usage_id, "course"
    while children := tree.children.get(at, ()):
        at, level = children[-1], level_below(level)
        if level == "unit":
            return None
    if any(spot.block_type == "vertical" for spot in tree.spots.values()):
        return None
    where = tree.spots[at].display_name if level != "course" else ""
    return Next(at, str(wording.NEW[level_below(level)]), where)


def unit_lines(tree: Tree, unit: str) -> list[Line]:
    """Return the blocks of a unit, those inside others indented."""
    return list(_below(tree, unit, 0))


def _below(tree: Tree, usage_id: str, depth: int) -> Iterator[Line]:
    for child in tree.children.get(usage_id, ()):
        yield _line(tree, child, depth, is_open=True)
        yield from _below(tree, child, depth + 1)


def _line(tree: Tree, usage_id: str, depth: int, *, is_open: bool) -> Line:
    spot = tree.spots[usage_id]
    siblings = tree.children[spot.parent_usage_id]
    level = tree.level(usage_id)
    counts = counted(tree, usage_id)
    below = level_below(level)
    return Line(
        spot=spot,
        level=level,
        depth=depth,
        name=spot.display_name or wording.type_name(spot.block_type),
        kind=wording.type_name(spot.block_type) if level in ("unit", "block") else str(wording.LEVELS[level]),
        is_open=is_open,
        is_first=siblings[0] == usage_id,
        is_last=siblings[-1] == usage_id,
        is_part=is_part(tree, usage_id),
        is_holder=spot.block_type in WRAPPERS | COMPOSITES,
        adds=below if below in TYPE_OF_LEVEL else "",
        adds_word=str(wording.NEW.get(below, "")),
        subsections=counts["subsection"],
        units=counts["unit"],
        blocks=counts["block"],
        kept_only=counts["kept_only"],
    )


def way(tree: Tree, usage_id: str) -> str:
    """Return the way from the course to a block in words, the block last."""
    spots = [*tree.above(usage_id)[1:], tree.spots[usage_id]]
    return " › ".join(spot.display_name or wording.type_name(spot.block_type) for spot in spots)


def with_words(labelled: Iterable[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    """Return those (id, label) whose label has every word of a text, whatever its capitals."""
    words = text.casefold().split()
    return [(key, label) for key, label in labelled if all(word in label.casefold() for word in words)]


def home_labels(tree: Tree, homes: list[Spot]) -> list[tuple[str, str]]:
    """Return (usage id, the way to it in words) for each place to which a block can be moved."""
    return [(home.usage_id, way(tree, home.usage_id)) for home in homes]


def nearest(tree: Tree, usage_id: str, homes: Iterable[Spot]) -> list[Spot]:
    """Return places for a block but the one where it stands, those that share most of the way with it first."""
    own = [spot.usage_id for spot in tree.above(usage_id)]

    def shared(home: Spot) -> int:
        way = [*(spot.usage_id for spot in tree.above(home.usage_id)), home.usage_id]
        return sum(one == other for one, other in zip(own, way, strict=False))

    there = [home for home in homes if not own or home.usage_id != own[-1]]
    return sorted(there, key=shared, reverse=True)  # a stable sort: otherwise in the order of the outline


def unit_labels(tree: Tree) -> list[tuple[str, str]]:
    """Return (usage id, the way to it in words) for each unit, in the order of the outline."""
    found = []
    for section in tree.children.get(tree.root.usage_id, ()):
        for subsection in tree.children.get(section, ()):
            found += [(unit, way(tree, unit)) for unit in tree.children.get(subsection, ())]
    return found
