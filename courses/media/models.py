"""Films of courses by what they hold, and their lighter copies with the jobs that make them."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from courses.media.states import RenditionStatus
from edu.events.history import StateMove


class MediaFile(models.Model):
    """One row per film by its hash: shown in ten versions, it is made lighter once."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    name = models.CharField(max_length=500)  # the path it was first seen under
    # What the file says of itself; empty until it was looked at.
    duration_ms = models.PositiveBigIntegerField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Rendition(models.Model):
    """One row per copy of a film that was asked for; the truth about it, whatever the broker says."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    media = models.ForeignKey(MediaFile, on_delete=models.PROTECT, related_name="renditions")
    quality = models.CharField(max_length=10)  # rules.QualityName
    rank = models.PositiveSmallIntegerField()  # what helps the weakest lines is made first
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in RenditionStatus], default=RenditionStatus.WAITING
    )
    code = models.CharField(max_length=40, blank=True)  # of wording.REASONS: why needless, refused or failed
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)  # who may write; a worker that lost its lease finds another token
    leased_until = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the copy
    size = models.BigIntegerField(default=0)
    media_type = models.CharField(max_length=100, blank=True)
    requested_by_uuid = models.UUIDField(null=True)
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["media", "quality"], name="rendition_once"),
            models.CheckConstraint(
                condition=Q(status=RenditionStatus.DONE.value, size__gt=0) & ~Q(sha256="")
                | ~Q(status=RenditionStatus.DONE.value) & Q(sha256="", size=0),
                name="rendition_done_has_file",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="rendition_progress_percent"),
        ]
        indexes = [
            models.Index(
                fields=["rank", "id"],
                condition=Q(status__in=[RenditionStatus.WAITING.value, RenditionStatus.RUNNING.value]),
                name="rendition_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.media_id} {self.quality} {self.status}"


class RenditionMove(StateMove):
    """One row per move of a copy."""

    subject = models.ForeignKey(Rendition, on_delete=models.PROTECT, related_name="moves")
