"""Study plans: the promise of three parties for one student, before study begins.

An accepted plan is the cross-enrolment: its uuid stands in the enrolment. People, institutions, programmes, runs and
courses belong to apps below and are named by their uuids.
"""

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now

from credits.agreements.models import AgreementVersion, Equivalence
from credits.exchange.states import LIVE, PlanStatus
from edu.events.history import StateMove


class StudyPlan(models.Model):
    """One row per student and course run that the student wants to count at home."""

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)  # 受理编号, "XK20261123-0007"
    status = models.CharField(max_length=20, default=PlanStatus.DRAFTED)
    round = models.PositiveIntegerField(default=0)  # counts signatures of the student: approvals hold for one round
    person_uuid = models.UUIDField()
    student_record_uuid = models.UUIDField()
    home_uuid = models.UUIDField()
    host_uuid = models.UUIDField()
    programme_uuid = models.UUIDField()
    slot_uuid = models.UUIDField()
    run_uuid = models.UUIDField()
    course_uuid = models.UUIDField()
    run_starts_on = models.DateField()
    agreement_version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="plans")
    equivalence = models.ForeignKey(Equivalence, on_delete=models.PROTECT, related_name="plans")
    credit_points_host = models.DecimalField(max_digits=8, decimal_places=2)
    credit_points_home = models.DecimalField(max_digits=8, decimal_places=2)
    minimum_grade = models.DecimalField(max_digits=5, decimal_places=2)
    note = models.CharField(max_length=500, blank=True)
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    due_on = models.DateField(null=True)  # by when the one who has to act should have acted
    waiting_since_at = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=40, blank=True)
    reason_text = models.CharField(max_length=1000, blank=True)
    enrolment_uuid = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["home_uuid", "status"], name="plan_by_home"),
            models.Index(fields=["host_uuid", "status"], name="plan_by_host"),
            models.Index(fields=["person_uuid"], name="plan_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person_uuid", "run_uuid"],
                condition=models.Q(status__in=sorted(LIVE)),
                name="one_live_plan_per_person_and_run",
            ),
            models.CheckConstraint(condition=models.Q(status__in=list(PlanStatus)), name="plan_status_known"),
        ]

    def __str__(self) -> str:
        return self.number


class StudyPlanText(models.Model):
    """One row per text a plan ever had, so that a stale approval can be told what changed; never changed."""

    subject = models.ForeignKey(StudyPlan, on_delete=models.PROTECT, related_name="texts")
    content_hash = models.CharField(max_length=64)
    document = models.JSONField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "content_hash"], name="plan_text_once")]

    def __str__(self) -> str:
        return self.content_hash[:12]


class PlanParty(models.TextChoices):
    """The three who sign a plan."""

    STUDENT = "student"
    HOME = "home"
    HOST = "host"


class StudyPlanApproval(models.Model):
    """One row per signature under a plan: who, for which party, the hash of exactly what was seen; never changed."""

    plan = models.ForeignKey(StudyPlan, on_delete=models.PROTECT, related_name="approvals")
    round = models.PositiveIntegerField()
    party = models.CharField(max_length=10, choices=PlanParty)
    content_hash = models.CharField(max_length=64)
    actor_person_uuid = models.UUIDField()
    actor_institution_uuid = models.UUIDField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["plan", "round", "party"], name="plan_signed_once_a_party")]

    def __str__(self) -> str:
        return f"{self.party} {self.content_hash[:12]}"


class StudyPlanMove(StateMove):
    """One row per move of a study plan."""

    subject = models.ForeignKey(StudyPlan, on_delete=models.PROTECT, related_name="moves")
