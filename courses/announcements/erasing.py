"""What becomes of announcements when a teacher is erased: they stay what the run was told, without a name."""

from uuid import UUID

from courses.announcements.models import Announcement
from edu.people.erasing import register_eraser


def erase(person_uuid: UUID) -> None:
    """Take the author's name off announcements."""
    Announcement.objects.filter(author__uuid=person_uuid).update(author=None)


register_eraser("courses.announcements", erase)
