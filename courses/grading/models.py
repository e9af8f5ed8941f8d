"""Grading policies as dated data, and results with the two signatures they need."""

import uuid

from django.db import models
from django.db.models.functions import Now

from courses.grading.states import ResultStatus
from edu.events.history import StateMove

STATUS_CHOICES = [(status.value, status.value) for status in ResultStatus]


class GradingPolicy(models.Model):
    """One row per version of how a run is graded; the newest holds, the older ones explain older results."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="grading_policies")
    number = models.PositiveIntegerField()
    document = models.JSONField()  # canonical, see rules.policy_document
    content_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=500)
    actor_person_uuid = models.UUIDField(null=True)
    decided_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "grading policies"
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="grading_policy_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.content_hash[:8]}"


class Result(models.Model):
    """One row per learner's attempt at a run, from its submission on. `document` is what both persons signed."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey("courses.Enrolment", on_delete=models.PROTECT, related_name="results")
    attempt = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=STATUS_CHOICES, default=ResultStatus.SUBMITTED.value)
    policy = models.ForeignKey(GradingPolicy, on_delete=models.PROTECT, related_name="results")
    content_version = models.ForeignKey("courses.ContentVersion", on_delete=models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=5, decimal_places=2)
    grade = models.CharField(max_length=10)  # a decimal as text, with the scale it belongs to
    scale = models.CharField(max_length=20)
    passed = models.BooleanField()
    document = models.JSONField()
    document_hash = models.CharField(max_length=64)
    submitted_by_uuid = models.UUIDField()
    submitted_at = models.DateTimeField()
    certified_by_uuid = models.UUIDField(null=True)
    certified_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "attempt"], name="result_once_per_attempt"),
            models.CheckConstraint(
                condition=models.Q(score__gte=0) & models.Q(score__lte=100), name="result_score_is_percent"
            ),
            # R7: two persons for every grade, held by the database too.
            models.CheckConstraint(
                condition=models.Q(certified_by_uuid__isnull=True)
                | ~models.Q(certified_by_uuid=models.F("submitted_by_uuid")),
                name="result_certified_by_another_person",
            ),
            models.CheckConstraint(
                condition=models.Q(status=ResultStatus.CERTIFIED.value)
                & models.Q(certified_by_uuid__isnull=False)
                & models.Q(certified_at__isnull=False)
                | ~models.Q(status=ResultStatus.CERTIFIED.value) & models.Q(certified_by_uuid__isnull=True),
                name="result_certified_means_signed",
            ),
        ]
        indexes = [models.Index(fields=["status", "submitted_at"], name="result_queue")]

    def __str__(self) -> str:
        return str(self.uuid)


class ResultMove(StateMove):
    """One row per move of a result; never changed."""

    subject = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="moves")
