"""What recognition listens to."""

from uuid import UUID

from credits import events
from credits.recognition.actions import recognise_by_plan
from edu.events.registry import Happened, subscribe


@subscribe(events.LOT_MINTED, name="credits.recognition.by_plan")
def recognise_fresh_lot(happened: Happened) -> None:
    """Recognise a lot whose student has an accepted plan; safe to call twice."""
    recognise_by_plan(
        lot_uuid=UUID(happened.payload["lot_uuid"]),
        run_uuid=UUID(happened.payload["run_uuid"]),
        person_uuid=UUID(happened.payload["person_uuid"]),
    )
