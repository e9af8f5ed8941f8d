"""What becomes of notices when a person is erased: they go, with preferences and waiting messages."""

from uuid import UUID

from edu.notices.models import Notice, NoticePreference
from edu.people.erasing import register_eraser
from edu.people.models import Person


def erase(person_uuid: UUID) -> None:
    """Delete what the person was told, how they wanted to be told, and the count in the header."""
    Notice.objects.filter(person__uuid=person_uuid).delete()
    NoticePreference.objects.filter(person__uuid=person_uuid).delete()
    Person.objects.filter(uuid=person_uuid).update(unread_notices=0)


register_eraser("notices", erase)
