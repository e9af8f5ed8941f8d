"""Reads of institutions outside, and of credit that was handed to them."""

from django.db.models import Count, QuerySet

from credits.ledger.grounds import ForeignParty, LotExport
from edu.kernel.actor import Actor


def parties_known() -> QuerySet[ForeignParty]:
    """Return every institution outside with the number of its keys, by name."""
    return ForeignParty.objects.annotate(key_count=Count("keys")).order_by("name_zh", "id")


def parties_with_keys() -> QuerySet[ForeignParty]:
    """Return the institutions to which credit can be handed."""
    return ForeignParty.objects.filter(keys__isnull=False).distinct().order_by("name_zh", "id")


def handed_over(actor: Actor) -> QuerySet[LotExport]:
    """Return what the actor's institution handed to institutions outside, newest first."""
    found = LotExport.objects.filter(actor_institution_uuid=actor.institution_uuid)
    return found.select_related("lot", "party", "release").order_by("-id")
