"""Batches of certificates. The rows are the truth: they carry state and leases; a message is only a hint."""

import uuid

from django.db import models
from django.db.models.functions import Now

from credits.batches.rules import Scope
from credits.batches.states import BatchStatus, LineStatus
from credits.certificates.kinds import CertificateKind
from credits.certificates.models import Certificate
from credits.certificates.storage import private_storage
from edu.events.history import StateMove


class Batch(models.Model):
    """One row per order of a registrar: the certificates of a term, of a run, or of some student numbers."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, default=CertificateKind.COURSE.value)
    scope = models.CharField(max_length=20)  # rules.Scope
    scope_code = models.CharField(max_length=60, blank=True)  # the term's code, the run's uuid
    scope_zh = models.CharField(max_length=200, blank=True)  # as lists show it
    scope_en = models.CharField(max_length=200, blank=True)
    numbers = models.JSONField(default=list)  # student numbers as pasted
    limit = models.PositiveIntegerField(null=True)  # at most so many lines, for a trial
    status = models.CharField(max_length=20, default=BatchStatus.WAITING.value)
    language = models.CharField(max_length=10)  # in which its refusals speak
    requested_by_uuid = models.UUIDField(null=True)
    requested_role = models.CharField(max_length=40)
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=[scope.value for scope in Scope]), name="batch_scope_known"
            ),
            models.UniqueConstraint(
                fields=["institution", "kind", "scope", "scope_code"],
                condition=models.Q(status__in=[BatchStatus.WAITING.value, BatchStatus.RUNNING.value])
                & ~models.Q(scope=Scope.NUMBERS.value),
                name="one_batch_of_the_same_at_work",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "-id"], name="batch_by_institution"),
            models.Index(
                fields=["id"],
                condition=models.Q(status__in=[BatchStatus.WAITING.value, BatchStatus.RUNNING.value]),
                name="batch_at_work",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class BatchMove(StateMove):
    """One row per move of a batch."""

    subject = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="moves")


class BatchLine(models.Model):
    """One row per certificate that a batch is to bring, or per pasted number that nobody has."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    person_uuid = models.UUIDField(null=True)
    lot_uuid = models.UUIDField(null=True)  # None for a transcript
    number = models.CharField(max_length=60, blank=True)  # the student number, where it was pasted
    status = models.CharField(max_length=20, default=LineStatus.WAITING.value)
    certificate = models.ForeignKey(Certificate, null=True, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error = models.CharField(max_length=500, blank=True)  # in the batch's language, without names

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="batch_line_once"),
            models.UniqueConstraint(
                fields=["batch", "lot_uuid"], condition=models.Q(lot_uuid__isnull=False), name="batch_lot_once"
            ),
            models.UniqueConstraint(
                fields=["batch", "person_uuid"],
                condition=models.Q(lot_uuid__isnull=True, person_uuid__isnull=False),
                name="batch_person_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=LineStatus.ISSUED.value) | models.Q(certificate__isnull=False),
                name="issued_line_has_its_certificate",
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "status", "position"], name="batch_line_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.status}"


class BatchArchive(models.Model):
    """One row per ZIP of a batch's papers: at most PAPERS_MAX each, built in the background, deleted after a while."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="archives")
    number = models.PositiveSmallIntegerField()
    from_position = models.PositiveIntegerField()
    to_position = models.PositiveIntegerField()
    papers = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="batches", storage=private_storage, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="batch_archive_once")]

    def __str__(self) -> str:
        return f"{self.number}"
