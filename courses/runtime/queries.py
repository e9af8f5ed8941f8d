"""Reads of what learners left in blocks, and of the blocks themselves."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from courses.content import choosing
from courses.content import queries as content
from courses.content.blocktypes import CONTAINERS
from courses.content.data import BlockInfo
from courses.runtime import rules
from courses.runtime.access import Place
from courses.runtime.grants import Grant
from courses.runtime.models import BlockCompletion, BlockScore
from courses.runtime.runtime import UnitRuntime

log = logging.getLogger(__name__)

UNITS_MAX = 512  # units kept by a process: a few dozen KB each, and versions never change
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ScoreInfo:
    """One person's score in one block."""

    person_id: int
    usage_id: str
    earned: Decimal
    possible: Decimal


def blocks_of_unit(place: Place, unit_id: str) -> dict[str, BlockInfo]:
    """Return a unit's blocks by usage id in order, the unit first; one query, or none when it was read before."""
    return _blocks_of_unit(place.version_uuid, place.version_id, unit_id)


@lru_cache(maxsize=UNITS_MAX)
def _blocks_of_unit(version_uuid: UUID, version_id: int, unit_id: str) -> dict[str, BlockInfo]:
    return {info.usage_id: info for info in content.unit_blocks(version_id, unit_id)}


def hidden(grant: Grant, blocks: Mapping[str, BlockInfo]) -> frozenset[str]:
    """Return the blocks of a unit that this learner does not meet now.

    What others were chosen for stays hidden; what waits for a condition appears once it holds, which takes two
    queries where there is one, and none else.
    """
    items = [
        choosing.Item(info.usage_id, info.parent_usage_id, info.block_type, info.fields.get("settings", {}))
        for info in blocks.values()
    ]
    who = choosing.learner(grant.run_id, grant.person_id)
    return choosing.left_out(choosing.choosers(items), who) | _unmet(grant, blocks, items)


def _unmet(grant: Grant, blocks: Mapping[str, BlockInfo], items: list[choosing.Item]) -> frozenset[str]:
    asking = [item for item in items if item.block_type == choosing.CONDITIONAL]
    if not asking:
        return frozenset()
    known = content.usage_ids_by_name(grant.version_id)
    conditions = {item.usage_id: choosing.condition(item, known) for item in asking}
    wanted = {source for found in conditions.values() if found for source in found.sources}
    standing = standing_of(grant.run_id, grant.person_id, wanted)
    return frozenset(
        child
        for usage_id, found in conditions.items()
        if found is not None and not choosing.holds(found, standing)
        for child in blocks[usage_id].children
    )


def standing_of(run_id: int, person_id: int, usage_ids: Iterable[str]) -> dict[str, choosing.Standing]:
    """Return what a learner has done in some blocks, in two queries; blocks never touched are left out."""
    wanted = list(usage_ids)
    own = {"run_id": run_id, "person_id": person_id, "usage_id__in": wanted}
    scores = {row.usage_id: row for row in BlockScore.objects.filter(**own)}
    done = dict(BlockCompletion.objects.filter(**own).values_list("usage_id", "completion"))
    return {
        usage_id: choosing.Standing(
            earned=scores[usage_id].earned if usage_id in scores else ZERO,
            possible=scores[usage_id].possible if usage_id in scores else ZERO,
            completion=done.get(usage_id, ZERO),
            scored=usage_id in scores,
        )
        for usage_id in {*scores, *done}
    }


def scores_of(run_id: int, person_ids: Iterable[int]) -> list[ScoreInfo]:
    """Return all scores of some people in a run, in one query."""
    rows = BlockScore.objects.filter(run_id=run_id, person_id__in=list(person_ids))
    return [ScoreInfo(*row) for row in rows.values_list("person_id", "usage_id", "earned", "possible")]


def completions_of(run_id: int, person_id: int) -> dict[str, Decimal]:
    """Return the completion of a person's blocks in a run by usage id, in one query."""
    rows = BlockCompletion.objects.filter(run_id=run_id, person_id=person_id)
    return dict(rows.values_list("usage_id", "completion"))


def points_possible(version_id: int, usage_ids: Iterable[str]) -> dict[str, Decimal]:
    """Return how many points blocks are worth when answered fully, in one query; blocks that cannot tell are left out.

    A weight decides where authors set one; otherwise the block is asked, which for a problem means reading its parts.
    """
    infos = content.blocks_by_ids(version_id, list(usage_ids))
    return {usage_id: points for usage_id, info in infos.items() if (points := worth(version_id, info)) is not None}


def worth(version_id: int, info: BlockInfo) -> Decimal | None:
    """Return how many points one block is worth, or None when it has no score, cannot be done here or cannot tell."""
    if not info.has_score or not info.is_supported or info.needs_sandbox or info.block_type in CONTAINERS:
        return None
    weight: Any = info.fields.get("settings", {}).get("weight")
    if weight is not None:
        score = rules.score_of({"value": 0, "max_value": 1}, float(weight))
        return score.possible if score else None
    if info.block_type == "done":
        return Decimal(1)
    return _parts(version_id, info)


def _parts(version_id: int, info: BlockInfo) -> Decimal | None:
    # Asking a block needs no person, so a grant of nobody will do.
    place = Place("course", 0, version_id, UUID(int=0))
    grant = Grant(0, 0, version_id, info.usage_id, info.usage_id, False, "zh-hans")
    try:
        block = UnitRuntime(grant, place, {info.usage_id: info}).block(info.usage_id)
        score = rules.score_of({"value": 0, "max_value": block.max_score()}, None)
    except Exception:  # a block's own code may raise anything, and one broken problem must not stop a gradebook
        log.exception("block %s of version %s cannot say what it is worth", info.usage_id, version_id)
        return None
    return score.possible if score else None
