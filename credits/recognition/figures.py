"""How much waits for a registrar's office: for home pages."""

from uuid import UUID

from credits.exchange.queries import waiting_for
from credits.recognition.queries import cases_at
from credits.recognition.states import CaseStatus


def plans_waiting(institution_uuid: UUID) -> int:
    """Return how many study plans the office has to act on, as home or as host."""
    return waiting_for(institution_uuid).count()


def cases_waiting(institution_uuid: UUID) -> int:
    """Return how many recognition cases the office has to decide."""
    return cases_at(institution_uuid).filter(status=CaseStatus.IN_REVIEW).count()
