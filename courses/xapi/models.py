"""Learning record stores of institutions, and what waits to be sent to them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from courses.xapi.states import StoreStatus
from edu.events.history import StateMove

STATUS_CHOICES = [(status.value, status.value) for status in StoreStatus]


class TraceKind(models.TextChoices):
    """What a learner did, before it becomes a statement."""

    SCORE = "score"  # a block gave points
    COMPLETION = "completion"  # a block is done
    PASSED = "passed"  # a certified result
    FAILED = "failed"


class RecordStore(models.Model):
    """One row per record store that an institution named for its runs; its password is a file in KEYS_DIR."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="record_stores")
    endpoint = models.CharField(max_length=500)  # statements go to <endpoint>/statements
    username = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)  # why learning records leave the site
    status = models.CharField(max_length=10, choices=STATUS_CHOICES, default=StoreStatus.ACTIVE.value)
    named_by_person_uuid = models.UUIDField()
    named_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution"],
                condition=models.Q(status=StoreStatus.ACTIVE.value),
                name="record_store_one_an_institution",
            ),
        ]

    def __str__(self) -> str:
        return self.endpoint


class RecordStoreMove(StateMove):
    """One row per move of a record store; never changed."""

    subject = models.ForeignKey(RecordStore, on_delete=models.PROTECT, related_name="moves")


class Trace(models.Model):
    """One row per thing that a learner did while the host had a store; swept a month after it was sent.

    Triggers on scores and completions write it, so that no writer of those knows of stores.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # the statement's id
    store = models.ForeignKey(RecordStore, on_delete=models.PROTECT, related_name="traces")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="+")
    usage_id = models.CharField(max_length=300, blank=True)  # "": the whole run
    kind = models.CharField(max_length=12, choices=TraceKind)
    earned = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    possible = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    happened_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["store", "id"], condition=models.Q(announced_at__isnull=True), name="trace_waiting")
        ]

    def __str__(self) -> str:
        return str(self.uuid)
