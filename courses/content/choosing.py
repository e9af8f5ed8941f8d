"""Blocks that show each learner some of their children: a draw, a group, a condition. Pure.

The choice follows from who learns what and from nothing that is stored: the same learner always meets the same
blocks, and a child that an author adds later displaces one at most.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DRAWING = frozenset({"library_content", "legacy_library_content", "itembank", "randomize"})
GROUPING = frozenset({"split_test"})
CONDITIONAL = "conditional"
WHOLE = frozenset({"problem-builder", "step-builder"})  # completed as one, whatever they are made of
# What a condition may ask about another block (edX's conditional block), and what that means here.
ATTEMPTED = frozenset({"attempted", "submitted", "voted", "is_attempted", "is_submitted"})
COMPLETED = frozenset({"completed", "is_completed"})
CORRECT = frozenset({"correct", "is_correct"})
ASKED = ATTEMPTED | COMPLETED | CORRECT


@dataclass(frozen=True, slots=True)
class Item:
    """What choosing has to know of a block."""

    usage_id: str
    parent_usage_id: str
    block_type: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chooser:
    """A block that shows `count` of its children, each with all that stands below it."""

    usage_id: str
    children: tuple[str, ...]
    count: int
    below: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Condition:
    """A block whose children are shown once something holds for all its sources."""

    usage_id: str
    sources: tuple[str, ...]
    asked: str
    wanted: bool
    message: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a learner has done in one block."""

    earned: Any = 0
    possible: Any = 0
    completion: Any = 0
    scored: bool = False


def choosers(items: Iterable[Item]) -> tuple[Chooser, ...]:
    """Return the choosers among a version's or a unit's blocks, which come parents first."""
    items = list(items)
    below = _below(items)
    children: dict[str, list[Item]] = {}
    for item in items:
        children.setdefault(item.parent_usage_id, []).append(item)
    found = []
    for item in items:
        if item.block_type in DRAWING | GROUPING:
            wanted = _candidates(item, tuple(child.usage_id for child in children.get(item.usage_id, ())))
            count = 1 if item.block_type in GROUPING else _count(item, len(wanted))
            found.append(Chooser(item.usage_id, wanted, count, {child: below[child] for child in wanted}))
    return tuple(found)


def learner(run_id: int, person_id: int) -> str:
    """Return by what a learner is known to a choice."""
    return f"{run_id}:{person_id}"


def chosen(chooser: Chooser, who: str) -> frozenset[str]:
    """Return the children that a learner meets: those whose hash with the learner is smallest."""
    ranked = sorted(chooser.children, key=lambda child: _rank(chooser.usage_id, child, who))
    return frozenset(ranked[: chooser.count])


def left_out(found: Sequence[Chooser], who: str) -> frozenset[str]:
    """Return every block that a learner does not meet."""
    return frozenset(
        usage_id
        for chooser in found
        for child in frozenset(chooser.children) - chosen(chooser, who)
        for usage_id in chooser.below[child]
    )


def conditioned(items: Iterable[Item]) -> frozenset[str]:
    """Return the blocks that nobody must complete: those below a condition, and the parts of a whole."""
    items = list(items)
    below = _below(items)
    above = {item.usage_id for item in items if item.block_type == CONDITIONAL or item.block_type in WHOLE}
    return frozenset(child for usage_id in above for child in below[usage_id] if child != usage_id)


def condition(item: Item, known: Mapping[str, str]) -> Condition | None:
    """Return the condition of a block, or None where it asks what nobody here can answer.

    `known` leads from url_name to usage id: sources are written "problem/x", "i4x://…/problem/x" or as block keys.
    """
    asked = next((name for name in item.settings if name in ASKED), str(item.settings.get("conditional_attr") or ""))
    wanted = item.settings.get(asked, item.settings.get("conditional_value", True))
    sources = tuple(known.get(_name(text), "") for text in _sources(item))
    if asked not in ASKED or not sources or not all(sources):
        return None
    message = str(item.settings.get("message") or item.settings.get("conditional_message") or "")
    return Condition(item.usage_id, sources, asked, str(wanted).lower() not in {"false", "0", ""}, message)


def holds(asked: Condition, standing: Mapping[str, Standing]) -> bool:
    """True when what the condition asks holds for every source; a block never opened has no standing."""
    return all(_fits(asked.asked, standing.get(source, Standing())) is asked.wanted for source in asked.sources)


def _fits(asked: str, standing: Standing) -> bool:
    if asked in CORRECT:
        return standing.scored and standing.earned == standing.possible
    if asked in COMPLETED:
        return bool(standing.completion >= 1)
    return standing.scored or standing.completion > 0


def _candidates(item: Item, children: tuple[str, ...]) -> tuple[str, ...]:
    """Return the children of which some are shown; an experiment names them by group."""
    named = item.settings.get("group_id_to_child")
    if item.block_type not in GROUPING or not isinstance(named, Mapping):
        return children
    names = {_name(str(value)) for value in named.values()}
    return tuple(child for child in children if child.partition("@")[2] in names) or children


def _count(item: Item, there: int) -> int:
    if item.block_type == "randomize":
        return 1
    wanted = item.settings.get("max_count", 1)
    try:
        count = int(wanted)
    except (TypeError, ValueError):
        return there
    return there if count < 0 else min(count, there)  # -1 is edX's word for all


def _sources(item: Item) -> list[str]:
    given = item.settings.get("sources_list") or item.settings.get("sources") or ""
    return [str(part).strip() for part in (given if isinstance(given, list) else str(given).split(";")) if part]


def _name(text: str) -> str:
    """Return the url_name at the end of a reference, in any of its spellings."""
    return text.rsplit("@", 1)[-1].rsplit("/", 1)[-1].strip()


def _rank(usage_id: str, child: str, who: str) -> bytes:
    return hashlib.sha256(f"{who}\n{usage_id}\n{child}".encode()).digest()


def _below(items: list[Item]) -> dict[str, frozenset[str]]:
    """Return each block with all below it; children come after their parents."""
    found: dict[str, set[str]] = {item.usage_id: {item.usage_id} for item in items}
    for item in reversed(items):
        if item.parent_usage_id in found:
            found[item.parent_usage_id] |= found[item.usage_id]
    return {usage_id: frozenset(ids) for usage_id, ids in found.items()}
