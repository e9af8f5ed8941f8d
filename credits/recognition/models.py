"""Recognition: one case per lot that is to count at home, and the decisions in it."""

from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models.functions import Now

from credits.exchange.models import StudyPlan
from credits.recognition.states import OPEN, POSTED, CaseStatus, Outcome
from edu.events.history import StateMove


class CaseOrigin(models.TextChoices):
    """How a case began."""

    PLAN = "plan"  # a lot was minted for an accepted plan
    APPLICATION = "application"  # a student without a plan applied


class RecognitionCase(models.Model):
    """One row per lot that a student (or an accepted plan) asks the home institution to count."""

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)  # 受理编号, "RD20261123-0007"
    status = models.CharField(max_length=20, default=CaseStatus.DRAFTED)
    origin = models.CharField(max_length=12, choices=CaseOrigin)
    plan = models.ForeignKey(StudyPlan, null=True, on_delete=models.PROTECT, related_name="cases")
    person_uuid = models.UUIDField()
    student_record_uuid = models.UUIDField()
    home_uuid = models.UUIDField()
    host_uuid = models.UUIDField()
    programme_uuid = models.UUIDField()
    slot_uuid = models.UUIDField()
    lot_uuid = models.UUIDField()
    result_uuid = models.UUIDField()
    run_uuid = models.UUIDField()
    credit_points_host = models.DecimalField(max_digits=8, decimal_places=2)
    reserved = models.BooleanField(default=False)  # the lot's credit waits for this case in the ledger
    request_text = models.TextField(blank=True)
    findings = models.JSONField(default=list)  # why a plan was not met, as codes with their values
    due_on = models.DateField(null=True)
    waiting_since_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["home_uuid", "status"], name="case_by_home"),
            models.Index(fields=["person_uuid"], name="case_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lot_uuid", "home_uuid"],
                condition=models.Q(status__in=sorted(OPEN | POSTED)),
                name="one_open_or_posted_case_per_lot",
            ),
            models.CheckConstraint(condition=models.Q(status__in=list(CaseStatus)), name="case_status_known"),
        ]

    def __str__(self) -> str:
        return self.number


class RecognitionCaseMove(StateMove):
    """One row per move of a recognition case."""

    subject = models.ForeignKey(RecognitionCase, on_delete=models.PROTECT, related_name="moves")


def evidence_storage() -> FileSystemStorage:
    """Return the folder for applicants' files: outside MEDIA_ROOT, because only people of the case may read them."""
    return FileSystemStorage(location=Path(settings.DATA_DIR) / "evidence")


class RecognitionEvidence(models.Model):
    """One row per file that an applicant put beside a case."""

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    case = models.ForeignKey(RecognitionCase, on_delete=models.PROTECT, related_name="evidence")
    file = models.FileField(storage=evidence_storage, upload_to="recognition/%Y/%m", max_length=200)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=60)
    size_bytes = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "content_hash"], name="evidence_once_per_case")]

    def __str__(self) -> str:
        return str(self.uuid)


class RecognitionDecision(models.Model):
    """One row per decision in a case: what, by whom, under which rules; original and converted side by side.

    Never changed. `rule_document` is the snapshot of every rule used and `rule_hash` its content hash.
    """

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    case = models.ForeignKey(RecognitionCase, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=12)
    automatic = models.BooleanField()
    reason_code = models.CharField(max_length=40)
    reason_text = models.CharField(max_length=1000, blank=True)
    lot_uuid = models.UUIDField()
    recognised_lot_uuid = models.UUIDField(null=True)
    person_uuid = models.UUIDField()
    home_uuid = models.UUIDField()
    programme_uuid = models.UUIDField()
    slot_uuid = models.UUIDField()
    credit_points_original = models.DecimalField(max_digits=8, decimal_places=2)
    credit_points_recognised = models.DecimalField(max_digits=8, decimal_places=2)
    credit_points_unusable = models.DecimalField(max_digits=8, decimal_places=2)  # of the host's credit
    score = models.CharField(max_length=20)
    grade_original = models.CharField(max_length=20)
    scale_original = models.CharField(max_length=40)
    grade_converted = models.CharField(max_length=20, blank=True)
    scale_converted = models.CharField(max_length=40, blank=True)
    rule_document = models.JSONField()
    rule_hash = models.CharField(max_length=64)
    actor_person_uuid = models.UUIDField(null=True)
    actor_institution_uuid = models.UUIDField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["person_uuid"], name="decision_by_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["lot_uuid", "home_uuid"],
                condition=models.Q(outcome__in=[Outcome.RECOGNISE, Outcome.PARTIAL]),
                name="lot_recognised_once",
            ),
            models.CheckConstraint(condition=models.Q(outcome__in=list(Outcome)), name="decision_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.uuid}"
