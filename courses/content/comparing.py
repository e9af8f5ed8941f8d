"""What changed between two versions of a course: blocks by usage id, files by path. Pure.

Versions are compared by `Shape`s, which carry a fingerprint in place of a block's text, so that ten thousand blocks
cost no more than their names. Which fields of a block changed is told by `field_changes` from the two `Body`s.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lxml import etree

ASIDE_FAMILY = "xblock_asides.v1"
NAME = "display_name"
ASIDES = "asides"  # not fields, but shown as if they were
DEFINITION = "definition"
SECRETS = frozenset({"lti_passports"})  # keys of outside tools: that they changed is said, what they are is not
LONG_VALUE = 80  # a longer string is shown as a text with its lines


class Kind(StrEnum):
    """What can have happened to a block or a file."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Shape:
    """A block as comparing needs it; shapes come in preorder."""

    usage_id: str
    block_type: str
    parent_usage_id: str
    level: str
    unit_usage_id: str
    display_name: str
    fingerprint: str  # of everything its authors wrote
    size: int = 0  # characters of that


@dataclass(frozen=True, slots=True)
class Body:
    """What a block's authors wrote."""

    settings: Mapping[str, Any]
    content: Mapping[str, Any]
    olx: str
    is_container: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs; None is a field that is not set."""

    name: str
    before: Any
    after: Any

    @property
    def is_secret(self) -> bool:
        """True when only the fact may be shown."""
        return self.name in SECRETS

    @property
    def is_text(self) -> bool:
        """True for what is read as lines rather than as one value."""
        return any(
            isinstance(value, str) and ("\n" in value or "<" in value or len(value) > LONG_VALUE)
            for value in (self.before, self.after)
        )


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One block that is not what or where it was; `twin` has the same content under another id on the other side."""

    usage_id: str
    kinds: tuple[Kind, ...]
    before: Shape | None
    after: Shape | None
    twin: str = ""

    @property
    def shape(self) -> Shape:
        """The block as it is now, or as it was when it is gone."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class FileShape:
    """A file as comparing needs it."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file that is not what or where it was."""

    kind: Kind
    path: str
    size: int
    size_before: int = 0
    path_before: str = ""


def block_changes(old: Sequence[Shape], new: Sequence[Shape]) -> list[BlockChange]:
    """Return what happened to each block that differs, in the order of the new version; what is gone where it stood.

    Blocks whose fingerprints differ count as changed here; `settled` corrects that once their bodies are known.
    """
    before = {shape.usage_id: shape for shape in old}
    after = {shape.usage_id: shape for shape in new}
    moved = _moved(old, new, before, after)
    twins = _twins(old, new, before, after)
    placed: list[tuple[tuple[int, int], BlockChange]] = []
    for place, shape in enumerate(new):
        change = _change(before.get(shape.usage_id), shape, moved, twins)
        if change.kinds:
            placed.append(((place, 0), change))
    places = {shape.usage_id: place for place, shape in enumerate(new)}
    last = -1
    for rank, shape in enumerate(old, start=1):
        if shape.usage_id in after:
            last = places[shape.usage_id]
        else:
            gone = BlockChange(shape.usage_id, (Kind.REMOVED,), shape, None, twins.get(shape.usage_id, ""))
            placed.append(((last, rank), gone))
    return [change for _place, change in sorted(placed, key=lambda pair: pair[0])]


def _change(before: Shape | None, after: Shape, moved: frozenset[str], twins: Mapping[str, str]) -> BlockChange:
    if before is None:
        return BlockChange(after.usage_id, (Kind.ADDED,), None, after, twins.get(after.usage_id, ""))
    kinds = (
        *((Kind.MOVED,) if after.usage_id in moved else ()),
        *((Kind.RENAMED,) if before.display_name != after.display_name else ()),
        *((Kind.CHANGED,) if before.fingerprint != after.fingerprint else ()),
    )
    return BlockChange(after.usage_id, kinds, before, after)


def _moved(
    old: Sequence[Shape], new: Sequence[Shape], before: Mapping[str, Shape], after: Mapping[str, Shape]
) -> frozenset[str]:
    """Return what stands under another parent, or in another order than its siblings: as few as explain the order."""
    moved = {
        usage_id
        for usage_id, shape in after.items()
        if usage_id in before and before[usage_id].parent_usage_id != shape.parent_usage_id
    }
    ranks = {shape.usage_id: rank for rank, shape in enumerate(old)}
    siblings: dict[str, list[str]] = {}
    for shape in new:
        if shape.usage_id in before and shape.usage_id not in moved:
            siblings.setdefault(shape.parent_usage_id, []).append(shape.usage_id)
    for usage_ids in siblings.values():
        stayed = _longest_rising([ranks[usage_id] for usage_id in usage_ids])
        moved |= {usage_id for usage_id in usage_ids if ranks[usage_id] not in stayed}
    return frozenset(moved)


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Return the members of a longest rising subsequence of different numbers."""
    tails: list[int] = []
    previous: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(tails, number)
        previous[number] = tails[place - 1] if place else None
        tails[place : place + 1] = [number]
    found: set[int] = set()
    step: int | None = tails[-1] if tails else None
    while step is not None:
        found.add(step)
        step = previous[step]
    return found


def _twins(
    old: Sequence[Shape], new: Sequence[Shape], before: Mapping[str, Shape], after: Mapping[str, Shape]
) -> dict[str, str]:
    """Return ids of blocks that came and went with one name of one type: renewed ids, whose answers stay behind."""
    gone = _by_name(shape for shape in old if shape.usage_id not in after)
    come = _by_name(shape for shape in new if shape.usage_id not in before)
    twins: dict[str, str] = {}
    for name, usage_ids in come.items():
        if len(usage_ids) == 1 and len(gone.get(name, ())) == 1:
            twins[usage_ids[0]], twins[gone[name][0]] = gone[name][0], usage_ids[0]
    return twins


def _by_name(shapes: Iterable[Shape]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for shape in shapes:
        if shape.display_name:
            found.setdefault((shape.block_type, shape.display_name), []).append(shape.usage_id)
    return found


def settled(change: BlockChange, fields: Sequence[FieldChange]) -> BlockChange | None:
    """Return a change whose fields are known: without "changed" where only its name or its children are different."""
    if Kind.CHANGED not in change.kinds or fields:
        return change
    kinds = tuple(kind for kind in change.kinds if kind != Kind.CHANGED)
    return BlockChange(change.usage_id, kinds, change.before, change.after, change.twin) if kinds else None


def field_changes(old: Body, new: Body) -> list[FieldChange]:
    """Return the fields that differ, besides the name; a difference outside all fields is one of the definition."""
    found = []
    for before, after in ((old.settings, new.settings), (old.content, new.content)):
        for name in sorted({*before, *after} - {NAME}):
            if before.get(name) != after.get(name):
                found.append(FieldChange(name, before.get(name), after.get(name)))
    asides = (_asides(old.olx), _asides(new.olx))
    if asides[0] != asides[1]:
        found.append(FieldChange(ASIDES, *asides))
    if not found:
        rest = (_rest(old), _rest(new))
        if rest[0] != rest[1]:
            found.append(FieldChange(DEFINITION, *rest))
    return found


def _element(olx: str) -> etree._Element | None:
    """Return a stored definition as an element, or None for a broken one and one that declares entities."""
    if "<!DOCTYPE" in olx:
        return None
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(olx.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _asides(olx: str) -> str:
    if ASIDE_FAMILY not in olx:
        return ""
    element = _element(olx)
    asides = [] if element is None else [child for child in element if child.get("xblock-family") == ASIDE_FAMILY]
    return "\n".join(etree.tostring(aside, encoding="unicode", with_tail=False) for aside in asides)


def _rest(body: Body) -> str:
    """Return a definition without its name, and of a container without its children, which are blocks of their own."""
    element = _element(body.olx)
    if element is None:
        return body.olx
    element.attrib.pop(NAME, "")
    if body.is_container:
        element.text = None
        for child in list(element):
            child.tail = None
            if isinstance(child.tag, str) and set(child.attrib) == {"url_name"} and not len(child):
                element.remove(child)
    return etree.tostring(element, method="c14n").decode()


def file_changes(old: Iterable[FileShape], new: Iterable[FileShape]) -> list[FileChange]:
    """Return what happened to each file that differs, by path; the same bytes under another path are one renaming."""
    before, after = {file.path: file for file in old}, {file.path: file for file in new}
    gone = {file.sha256: file for path, file in reversed(before.items()) if path not in after}
    found = []
    for path, file in after.items():
        if path not in before:
            twin = gone.pop(file.sha256, None)
            kind = Kind.RENAMED if twin else Kind.ADDED
            found.append(FileChange(kind, path, file.size, twin.size if twin else 0, twin.path if twin else ""))
        elif before[path].sha256 != file.sha256:
            found.append(FileChange(Kind.CHANGED, path, file.size, before[path].size))
    renamed = {change.path_before for change in found}
    lost = [file for path, file in before.items() if path not in after and path not in renamed]
    found += [FileChange(Kind.REMOVED, file.path, 0, file.size) for file in lost]
    return sorted(found, key=lambda change: change.path)


def pretty(document: Mapping[str, Any]) -> str:
    """Return a document with each value on a line of its own."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2)


def in_words(value: Any) -> str:
    """Return a field's value as a person reads it: a text as it is, anything else as JSON, nothing for None."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
