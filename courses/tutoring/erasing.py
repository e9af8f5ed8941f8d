"""What becomes of tutoring hours when a person is erased: seats go back, hours to come are called off."""

from uuid import UUID

from courses.tutoring.models import TutoringBooking, TutoringSlot
from edu.kernel import clock
from edu.people.erasing import register_eraser

GONE = "教师已离开 The teacher has left"  # kept in a row, so in both languages


def erase(person_uuid: UUID) -> None:
    """Give the person's seats back without name and question, and call their hours to come off without a name."""
    now = clock.now()
    own = TutoringBooking.objects.filter(learner__uuid=person_uuid)
    own.filter(cancelled_at__isnull=True).update(cancelled_at=now)
    own.update(learner=None, question="")
    taught = TutoringSlot.objects.filter(teacher__uuid=person_uuid)
    ahead = taught.filter(starts_at__gt=now, cancelled_at__isnull=True)
    TutoringBooking.objects.filter(seat__slot__in=ahead, cancelled_at__isnull=True).update(
        cancelled_at=now, cancelled_by_teacher=True, question=""
    )
    ahead.update(cancelled_at=now, cancelled_reason=GONE)
    taught.update(teacher=None)


register_eraser("courses.tutoring", erase)
