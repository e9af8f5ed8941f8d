"""Lots and actors with valid defaults."""

from decimal import Decimal
from uuid import UUID, uuid4

from credits.data import LotInfo, Source
from credits.ledger import actions
from edu.kernel.actor import Actor

REGISTRAR = Actor(
    person_uuid=UUID("00000000-0000-4000-8000-000000000001"),
    institution_uuid=UUID("00000000-0000-4000-8000-000000000002"),
    role="registrar",
)


def minted_lot(
    *,
    amount: str = "2.00",
    issuer_uuid: UUID | None = None,
    activity_uuid: UUID | None = None,
    holder_uuid: UUID | None = None,
    attempt: int = 1,
    unit: str = "credit_points",
    source: Source | None = None,
) -> LotInfo:
    """A lot of 2.00 credit points, minted for somebody by some university."""
    return actions.mint(
        issuer_uuid=issuer_uuid or uuid4(),
        activity_uuid=activity_uuid or uuid4(),
        holder_uuid=holder_uuid or uuid4(),
        student_record_uuid=None,
        attempt=attempt,
        unit=unit,
        amount=Decimal(amount),
        source=source or Source("result", uuid4()),
        facts={"course_code": "STAT101", "score": "86"},
        acting=REGISTRAR,
    )
