"""The ledger listens: a certified result becomes a lot, once."""

from uuid import UUID

from courses import api as courses
from courses.events import RESULT_CERTIFIED
from credits.data import Source
from credits.ledger import actions
from credits.ledger.minting import counts_in, facts_of
from edu.events.registry import Happened, subscribe
from edu.kernel.actor import SYSTEM
from edu.people import api as people


@subscribe(RESULT_CERTIFIED, name="credits.ledger.mint")
def mint_for_result(happened: Happened) -> None:
    """Mint the lot of a certified result; a second delivery finds it, a failing result brings none."""
    result = courses.result(UUID(happened.payload["result_uuid"]))
    counted = counts_in(result)
    if counted is None:
        return
    unit, amount = counted
    record = people.student_record(result.person_uuid)
    actions.mint(
        issuer_uuid=result.run.course.institution_uuid,
        activity_uuid=result.run.uuid,
        holder_uuid=result.person_uuid,
        student_record_uuid=record.uuid if record else None,
        attempt=result.attempt,
        unit=unit.value,
        amount=amount,
        source=Source("result", result.uuid),
        facts=facts_of(result),
        acting=SYSTEM,
    )
