"""Answers that were given without a network and handed in later."""

import uuid

from django.db import models
from django.db.models.functions import Now

from courses.offline.states import AnswerStatus
from edu.events.history import StateMove


class OfflineAnswer(models.Model):
    """One row per answer that a device handed in; its key makes it count once, however often it is sent.

    What was answered is kept only while a teacher has to decide; afterwards the block's own state holds it.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField()  # made by the device
    enrolment = models.ForeignKey("courses.Enrolment", on_delete=models.PROTECT, related_name="offline_answers")
    content_version = models.ForeignKey("courses.ContentVersion", on_delete=models.PROTECT, related_name="+")
    unit_usage_id = models.CharField(max_length=300)
    usage_id = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)  # SHA-256 of what was answered: the same key with other words is refused
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in AnswerStatus])
    doubt = models.CharField(max_length=30, blank=True)  # rules: why the claimed time was not believed
    claimed_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)  # the signed moment
    due_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)  # the time that counts; None while a person has to decide, or declined
    received_at = models.DateTimeField()
    request = models.JSONField(default=dict)  # {"handler", "suffix", "type", "body"} while waiting, else {}
    language = models.CharField(max_length=10, default="zh-hans")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "key"], name="offline_answer_once")]
        indexes = [
            models.Index(
                fields=["enrolment"], condition=models.Q(status=AnswerStatus.WAITING.value), name="offline_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.usage_id} {self.status}"


class OfflineAnswerMove(StateMove):
    """One row per decision about an answer."""

    subject = models.ForeignKey(OfflineAnswer, on_delete=models.PROTECT, related_name="moves")
