"""Announcements of a run."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Announcement(models.Model):
    """One row per announcement; it is not edited: what was told was told. Withdrawn ones are kept, with the reason."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="announcements")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=4000)  # plain
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_uuid = models.UUIDField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | (Q(withdrawn_by_uuid__isnull=False) & ~Q(withdrawn_reason="")),
                name="announcement_withdrawn_with_reason",
            )
        ]
        indexes = [models.Index(fields=["run", "-made_at"], name="announcement_by_run")]

    def __str__(self) -> str:
        return self.title
