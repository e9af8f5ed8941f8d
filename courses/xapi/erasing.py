"""What becomes of learning records when a person is erased: what waits and what was sent goes here.

What a store has received stands there under a pseudonym that leads nowhere once the person is gone.
"""

from uuid import UUID

from courses.xapi.models import Trace
from edu.people.erasing import register_eraser


def erase(person_uuid: UUID) -> None:
    """Delete the person's traces."""
    Trace.objects.filter(person__uuid=person_uuid).delete()


register_eraser("courses.xapi", erase)
