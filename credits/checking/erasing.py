"""What becomes of links when their maker is erased: they end, since nobody is left who could end them."""

from uuid import UUID

from credits.checking.models import Share
from edu.kernel import clock
from edu.people import api as people


def erase(person_uuid: UUID) -> None:
    """End the person's links that still hold."""
    Share.objects.filter(certificate__holder__uuid=person_uuid, ended_at__isnull=True).update(ended_at=clock.now())


people.register_eraser("credits.checking", erase)
