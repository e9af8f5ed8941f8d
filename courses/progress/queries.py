"""Reads of a learner's progress in a run."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from courses.content import sandbox
from courses.content.data import GradedSubsection, OutlineNode
from courses.content.models import ContentBlock
from courses.content.queries import conditioned, graded_subsections, left_out, outline
from courses.progress import rules
from courses.progress.rules import Advance, UnitSteps
from courses.runtime import queries as runtime
from courses.runtime.rules import is_completable

VERSIONS_MAX = 256  # a few KB each; versions never change
PERCENT = 100


@dataclass(frozen=True, slots=True)
class SubsectionScore:
    """What a learner has earned in one subsection that counts."""

    usage_id: str
    display_name: str
    assignment_type: str
    due: str
    earned: Decimal
    possible: Decimal

    @property
    def percent(self) -> int | None:
        """Whole per cent earned, or None where nothing could be earned."""
        return round(PERCENT * self.earned / self.possible) if self.possible else None


def advance_of(run_id: int, person_id: int, version_id: int, version_uuid: UUID) -> Advance:
    """Return how far a person has come in a run; one query, and two more the first time a process sees the version."""
    without = left_out(version_id, run_id, person_id)
    wanted = [unit.without(without) for unit in steps(version_id, version_uuid)]
    return rules.advance(wanted, runtime.completions_of(run_id, person_id))


@lru_cache(maxsize=VERSIONS_MAX)
def steps(version_id: int, version_uuid: UUID) -> tuple[UnitSteps, ...]:
    """Return the units that learners see, in order, with what can be completed in them."""
    rows = ContentBlock.objects.met_by_learners().filter(version_id=version_id).exclude(unit_usage_id="")
    blocks: dict[str, set[str]] = {}
    optional = conditioned(version_id)
    for unit, usage_id, block_type, support, scripted in rows.values_list(
        "unit_usage_id", "usage_id", "block_type", "support", "needs_sandbox"
    ):
        runs = support == "supported" and (sandbox.is_there() or not scripted) and usage_id not in optional
        if is_completable(block_type, supported=runs):
            blocks.setdefault(unit, set()).add(usage_id)
    return tuple(
        UnitSteps(unit.usage_id, subsection.usage_id, frozenset(blocks.get(unit.usage_id, ())))
        for subsection in visible_subsections(outline(version_id))
        for unit in subsection.children
        if not unit.staff_only
    )


def visible_subsections(node: OutlineNode) -> Iterable[OutlineNode]:
    """Return the subsections that learners see, in order."""
    for section in node.children:
        if not section.staff_only:
            yield from (subsection for subsection in section.children if not subsection.staff_only)


def scores_by_subsection(run_id: int, person_id: int, version_id: int, version_uuid: UUID) -> list[SubsectionScore]:
    """Return earned and possible points of each subsection that counts; one query when the version is known."""
    earned = {score.usage_id: score for score in runtime.scores_of(run_id, [person_id])}
    result = []
    without = left_out(version_id, run_id, person_id)
    for subsection in _graded(version_id, version_uuid):
        usage_ids = [usage_id for usage_id in subsection.block_usage_ids if usage_id not in without]
        worth = _worth(version_id, version_uuid)
        result.append(
            SubsectionScore(
                subsection.usage_id,
                subsection.display_name,
                subsection.assignment_type,
                subsection.due,
                sum((earned[usage_id].earned for usage_id in usage_ids if usage_id in earned), Decimal(0)),
                sum((_possible(usage_id, earned, worth) for usage_id in usage_ids), Decimal(0)),
            )
        )
    return result


def _possible(usage_id: str, earned: dict[str, runtime.ScoreInfo], worth: dict[str, Decimal]) -> Decimal:
    return earned[usage_id].possible if usage_id in earned else worth.get(usage_id, Decimal(0))


@lru_cache(maxsize=VERSIONS_MAX)
def _graded(version_id: int, version_uuid: UUID) -> tuple[GradedSubsection, ...]:
    return graded_subsections(version_id)


@lru_cache(maxsize=VERSIONS_MAX)
def _worth(version_id: int, version_uuid: UUID) -> dict[str, Decimal]:
    wanted = [usage_id for subsection in _graded(version_id, version_uuid) for usage_id in subsection.block_usage_ids]
    return runtime.points_possible(version_id, wanted)
