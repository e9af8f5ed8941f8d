"""What a learner has earned in one unit."""

from decimal import Decimal

from courses.content.models import ContentBlock
from courses.content.queries import left_out
from courses.runtime import queries as runtime


def unit_score(run_id: int, person_id: int, version_id: int, unit_usage_id: str) -> tuple[Decimal, Decimal]:
    """Return points earned and possible in a unit's scored blocks, without those that others were drawn instead of."""
    rows = ContentBlock.objects.asked_of_learners().filter(version_id=version_id, unit_usage_id=unit_usage_id)
    asked = set(rows.filter(level="block").values_list("usage_id", flat=True))
    wanted = asked - left_out(version_id, run_id, person_id)
    worth = runtime.points_possible(version_id, sorted(wanted))
    scores = {info.usage_id: info for info in runtime.scores_of(run_id, [person_id]) if info.usage_id in wanted}
    earned = sum((info.earned for info in scores.values()), Decimal(0))
    possible = sum(
        (scores[name].possible if name in scores else worth.get(name, Decimal(0)) for name in wanted), Decimal(0)
    )
    return earned, possible
