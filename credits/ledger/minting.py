"""What of a certified result becomes a lot: its unit, amount and facts. Values only."""

from decimal import Decimal

from courses.data import ResultInfo
from credits.ledger.rules import Unit
from edu.kernel import clock
from edu.kernel.credit import canonical


def counts_in(result: ResultInfo) -> tuple[Unit, Decimal] | None:
    """Return unit and amount of the lot for a result, or None when it earns nothing: failed, or a run without credit.

    A run that gives credit points counts in them; a training course without any counts its contact hours.
    """
    if not result.passed:
        return None
    if result.run.credit_points > 0:
        return Unit.CREDIT_POINTS, result.run.credit_points
    if result.run.contact_hours > 0:
        return Unit.CONTACT_HOURS, result.run.contact_hours
    return None


def facts_of(result: ResultInfo) -> dict[str, str]:
    """Return what the lot keeps of the result as it was on the day, so that it can be read without the course."""
    run, course = result.run, result.run.course
    return {
        "course_uuid": str(course.uuid),
        "course_code": course.code,
        "course_name_zh": course.name_zh,
        "course_name_en": course.name_en,
        "run_code": run.code,
        "starts_on": run.starts_on.isoformat(),
        "ends_on": run.ends_on.isoformat(),
        "credit_points": canonical(run.credit_points),
        "contact_hours": str(run.contact_hours),
        "score": str(result.score),
        "grade": result.grade,
        "scale": result.scale,
        "certified_at": clock.rfc3339(result.certified_at) if result.certified_at else "",
        "content_version_uuid": str(result.content_version_uuid or ""),
        "policy_hash": result.policy_hash,
    }
