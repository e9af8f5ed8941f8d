"""Grading a learner's stored answer again by the content that a run shows now. Nothing but the score changes."""

from dataclasses import dataclass
from decimal import Decimal

from courses.content.data import BlockInfo
from courses.content.models import ContentVersion
from courses.content.queries import block
from courses.runtime.access import Place
from courses.runtime.actions import store_published
from courses.runtime.grants import Grant
from courses.runtime.models import BlockScore
from courses.runtime.runtime import UnitRuntime

LANGUAGE = "zh-hans"
TYPE = "problem"  # the one kind of block that keeps answers and can grade them again


@dataclass(frozen=True, slots=True)
class Rescored:
    """The points of one learner in one block before and after."""

    earned_before: Decimal
    possible_before: Decimal
    earned_after: Decimal
    possible_after: Decimal

    @property
    def changed(self) -> bool:
        """True when the points differ."""
        return (self.earned_before, self.possible_before) != (self.earned_after, self.possible_after)


def rescore(version: ContentVersion, *, run_id: int, person_id: int, usage_id: str) -> Rescored | None:
    """Grade a stored answer again; None when the learner has no score in the block. Call it inside a transaction.

    The learner's rows are locked first, as in a handler. The time of the score stays that of the answer, or a late
    correction of the key would make the learner late. Whatever the block's code raises comes through.
    """
    before = (
        BlockScore.objects.select_for_update().filter(run_id=run_id, person_id=person_id, usage_id=usage_id).first()
    )
    if before is None:
        return None
    info = block(version.pk, usage_id)
    _grade_again(version, info, run_id=run_id, person_id=person_id)
    BlockScore.objects.filter(pk=before.pk).update(scored_at=before.scored_at)
    after = BlockScore.objects.get(pk=before.pk)
    return Rescored(before.earned, before.possible, after.earned, after.possible)


def _grade_again(version: ContentVersion, info: BlockInfo, *, run_id: int, person_id: int) -> None:
    grant = Grant(person_id, run_id, version.pk, info.unit_usage_id, info.usage_id, True, LANGUAGE)
    place = Place(version.course.label, run_id, version.pk, version.uuid)
    runtime = UnitRuntime(grant, place, {info.usage_id: info})
    runtime.rows.lock(runtime.row_keys([info.usage_id]))
    problem = runtime.block(info.usage_id)
    problem.rescore(only_if_higher=False)
    problem.save()
    runtime.rows.write()
    store_published(runtime, {info.usage_id: info})
