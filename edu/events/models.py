"""The outbox: what happened, and how far each subscriber has got with it."""

import uuid

from django.db import models
from django.db.models.functions import Now


class Event(models.Model):
    """One row per thing that happened, written in the transaction of the deed; never changed."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)  # "courses.result.certified"
    payload = models.JSONField()  # strings and lists of strings: uuids, amounts, times; no names of people
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor_person_uuid = models.UUIDField(null=True)
    actor_institution_uuid = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="event_by_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.uuid}"


class DeliveryStatus(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class Delivery(models.Model):
    """One row per event and subscriber: waiting until the subscriber has done its part, dead after too many tries."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=DeliveryStatus, default=DeliveryStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="delivery_once_per_subscriber")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(status=DeliveryStatus.WAITING), name="delivery_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.status}"
