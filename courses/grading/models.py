"""Grading policies as dated data, results with the two signatures they need, and corrections of certified ones."""

import uuid

from django.db import models
from django.db.models.functions import Now

from courses.grading.states import CorrectionStatus, PolicyStatus, ResultStatus
from edu.events.history import StateMove

STATUS_CHOICES = [(status.value, status.value) for status in ResultStatus]
POLICY_CHOICES = [(status.value, status.value) for status in PolicyStatus]
CORRECTION_CHOICES = [(status.value, status.value) for status in CorrectionStatus]


class GradingPolicy(models.Model):
    """One row per version of how a run is graded, for all learners or those of one home institution.

    Of the approved ones whose day has come the newest holds; a home institution's beats the general one. Older ones
    explain older results. Who proposed a version (`actor_person_uuid`) cannot approve it; the system's come from
    the pinned content and need no approval.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="grading_policies")
    number = models.PositiveIntegerField()
    home_uuid = models.UUIDField(null=True)  # the institution whose learners it is for; None: everybody
    status = models.CharField(max_length=10, choices=POLICY_CHOICES, default=PolicyStatus.APPROVED.value)
    from_on = models.DateField(null=True)  # None: from the beginning of the run
    document = models.JSONField()  # canonical, see documents.policy_document
    content_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=500)
    actor_person_uuid = models.UUIDField(null=True)
    decided_at = models.DateTimeField()  # when it was proposed
    approved_by_uuid = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "grading policies"
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="grading_policy_number_once"),
            models.CheckConstraint(
                condition=models.Q(actor_person_uuid__isnull=True)
                | models.Q(approved_by_uuid__isnull=True)
                | ~models.Q(approved_by_uuid=models.F("actor_person_uuid")),
                name="grading_policy_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.content_hash[:8]}"


class PolicyMove(StateMove):
    """One row per move of a policy; never changed."""

    subject = models.ForeignKey(GradingPolicy, on_delete=models.PROTECT, related_name="moves")


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


class Correction(models.Model):
    """One row per proposal to change a certified result; `before` keeps what was signed before it.

    Once another person approves it, the result carries the new document and these two persons' signatures.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="corrections")
    status = models.CharField(max_length=10, choices=CORRECTION_CHOICES, default=CorrectionStatus.PROPOSED.value)
    reason = models.CharField(max_length=500)
    before = models.JSONField()
    before_hash = models.CharField(max_length=64)
    document = models.JSONField()
    document_hash = models.CharField(max_length=64)
    regrade = models.ForeignKey(
        "courses.RegradeJob", null=True, on_delete=models.PROTECT, related_name="corrections"
    )  # None: a person proposed it by hand
    proposed_by_uuid = models.UUIDField()
    proposed_at = models.DateTimeField()
    decided_by_uuid = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by_uuid__isnull=True)
                | ~models.Q(decided_by_uuid=models.F("proposed_by_uuid")),
                name="correction_decided_by_another",
            ),
            models.UniqueConstraint(
                fields=["result"],
                condition=models.Q(status=CorrectionStatus.PROPOSED.value),
                name="correction_one_open_per_result",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class CorrectionMove(StateMove):
    """One row per move of a correction; never changed."""

    subject = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="moves")
