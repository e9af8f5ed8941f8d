"""Reads for the screen of a record store."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q

from courses.xapi.models import RecordStoreMove, Trace


def numbers_of(store_id: int) -> dict[str, Any]:
    """Return how many learning records wait and were sent in the last month, and when the last went."""
    waiting = Count("pk", filter=Q(sent_at__isnull=True))
    rows = Trace.objects.filter(store_id=store_id)
    return rows.aggregate(waiting=waiting, sent=Count("sent_at"), last=Max("sent_at"))


def closed_before(institution_uuid: UUID) -> list[RecordStoreMove]:
    """Return which stores of the institution were closed, the latest first."""
    rows = RecordStoreMove.objects.select_related("subject").filter(subject__institution__uuid=institution_uuid)
    return list(rows.order_by("-pk"))
