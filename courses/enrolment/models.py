"""Who has a place in which run."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from courses.enrolment.states import EnrolmentStatus
from edu.events.history import StateMove

STATUS_CHOICES = [(status.value, status.value) for status in EnrolmentStatus]


class Enrolment(models.Model):
    """One row per person and run, however often the person left and came back; the history stands in `moves`."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="enrolments")
    status = models.CharField(max_length=10, choices=STATUS_CHOICES, default=EnrolmentStatus.ACTIVE.value)
    cross_enrolment_uuid = models.UUIDField(
        null=True, blank=True, unique=True
    )  # credits' row: a place with home approval
    enrolled_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "run"], name="enrolment_once_per_run"),
            models.CheckConstraint(
                condition=models.Q(status__in=[status.value for status in EnrolmentStatus]),
                name="enrolment_status_known",
            ),
        ]
        indexes = [models.Index(fields=["run", "status"], name="enrolment_by_run")]

    def __str__(self) -> str:
        return str(self.uuid)


class EnrolmentMove(StateMove):
    """One row per move of an enrolment; never changed."""

    subject = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="moves")
