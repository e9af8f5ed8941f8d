"""What becomes of answers that wait for a teacher when the person is erased: their words go."""

from uuid import UUID

from courses.offline.models import OfflineAnswer
from edu.people.erasing import register_eraser


def erase(person_uuid: UUID) -> None:
    """Empty what the person's device handed in; that something came, and when, stays with the enrolment."""
    OfflineAnswer.objects.filter(enrolment__person__uuid=person_uuid).update(request={})


register_eraser("courses.offline", erase)
