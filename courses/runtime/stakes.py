"""Counts what learners left in blocks that another version of the content lacks."""

from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from courses.content.models import ContentBlock
from courses.content.stakes import BlockStake, Stake
from courses.runtime.models import BlockCompletion, BlockScore, BlockState, StateScope
from edu.people.models import Person

BLOCKS_LISTED = 10


def at_stake(run_id: int, shown_id: int, wanted_id: int) -> Stake:
    """Return what is at stake when a run shows `wanted_id` in place of `shown_id`, in three queries."""
    kept = ContentBlock.objects.filter(version_id=wanted_id, usage_id=OuterRef("usage_id"))
    lacking = ContentBlock.objects.filter(~Exists(kept), version_id=shown_id)
    rows = [source.filter(usage_id__in=lacking.values("usage_id")) for source in _sources(run_id)]
    touched = lacking.annotate(learners=Greatest(*(_learners_in_block(source) for source in _sources(run_id))))
    blocks = list(
        touched.filter(learners__gt=0)
        .order_by("-learners", "ordinal")
        .values_list("usage_id", "display_name", "learners", "graded")
    )
    if not blocks:
        return Stake()
    scored = BlockScore.objects.filter(
        run_id=run_id, earned__gt=0, usage_id__in=lacking.filter(graded=True).values("usage_id")
    )
    anywhere = Exists(rows[0].filter(person=OuterRef("pk")))
    for source in rows[1:]:
        anywhere = anywhere | Exists(source.filter(person=OuterRef("pk")))  # type: ignore[assignment]  # a Q of both
    return Stake(
        learners=Person.objects.filter(anywhere).count(),
        learners_with_points=scored.aggregate(people=Count("person", distinct=True))["people"],
        blocks=tuple(
            BlockStake(usage_id, name, count, graded) for usage_id, name, count, graded in blocks[:BLOCKS_LISTED]
        ),
        blocks_more=max(len(blocks) - BLOCKS_LISTED, 0),
    )


def _sources(run_id: int) -> tuple[QuerySet[Any], ...]:
    """Return the tables in which one row is one learner in one block."""
    return (
        BlockState.objects.filter(run_id=run_id, scope=StateScope.USER_STATE, person__isnull=False),
        BlockScore.objects.filter(run_id=run_id),
        BlockCompletion.objects.filter(run_id=run_id),
    )


def _learners_in_block(source: QuerySet[Any]) -> Coalesce:
    counted = source.filter(usage_id=OuterRef("usage_id")).order_by().values("usage_id").annotate(people=Count(F("pk")))
    return Coalesce(Subquery(counted.values("people"), output_field=IntegerField()), Value(0))
