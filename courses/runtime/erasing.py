"""What becomes of a learner's work when a person is erased: answers and texts go, scores and completion stay."""

from uuid import UUID

from courses.runtime.models import BlockState, WatchClock
from edu.people.erasing import register_eraser


def erase(person_uuid: UUID) -> None:
    """Delete what the person typed and chose in blocks; a score is a figure of the result and stays with it."""
    BlockState.objects.filter(person__uuid=person_uuid).delete()
    WatchClock.objects.filter(person__uuid=person_uuid).delete()


register_eraser("courses.runtime", erase)
