"""Signing keys, certificate numbers and certificates.

What the database forbids beyond the constraints here stands in the migration `certificate_guards`: what was signed
never changes, nothing is deleted, history only grows.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from credits.certificates.kinds import CertificateKind
from credits.certificates.states import CertificateStatus
from credits.certificates.storage import private_storage
from edu.events.history import StateMove
from edu.kernel.identifiers import new_token


class SigningKey(models.Model):
    """One row per Ed25519 key of an institution and purpose; the private half is a file in KEYS_DIR."""

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="signing_keys")
    purpose = models.CharField(max_length=20)  # "certificate"
    key_id = models.CharField(max_length=40, unique=True)  # "10593-certificate-2026-1f3a9c5e"
    public_key = models.CharField(max_length=44)  # the 32 raw bytes in base64
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)  # None: still signing
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "purpose"],
                condition=models.Q(to_at__isnull=True),
                name="one_signing_key_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(to_at__isnull=True) | models.Q(to_at__gte=models.F("from_at")),
                name="signing_key_period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id


class NumberSeries(models.Model):
    """One row per issuer and year: the last serial given out. Taken under a row lock, so numbers are dense."""

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last_serial = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"
        constraints = [models.UniqueConstraint(fields=["institution", "year"], name="one_series_per_issuer_and_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last_serial}"


class Certificate(models.Model):
    """One row per numbered certificate; its statement is frozen and signed when the row is made."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=19, unique=True)
    token = models.CharField(max_length=22, unique=True, default=new_token)
    kind = models.CharField(max_length=20, db_default=CertificateKind.COURSE.value)
    lot_uuid = models.UUIDField(null=True)  # the one credit of a course certificate; None for a transcript
    issuer = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="certificates")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    status = models.CharField(max_length=20, default=CertificateStatus.REQUESTED.value)
    statement = models.JSONField()  # canonical document of strings, see statement.py
    signature = models.CharField(max_length=88)  # Ed25519 over the canonical bytes, base64
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="certificates")
    design = models.ForeignKey("credits.PaperDesign", null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.FileField(upload_to="certificates", storage=private_storage, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    leased_until = models.DateTimeField(null=True)  # a worker is drawing it until then
    attempts = models.PositiveSmallIntegerField(default=0)  # how often a worker began to draw it
    last_error = models.CharField(max_length=500, blank=True)
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="successors")
    reissue_reason = models.CharField(max_length=500, blank=True)
    requested_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            # Two of them, because the old one stays good until the paper of its successor is there.
            models.UniqueConstraint(
                fields=["lot_uuid"],
                condition=models.Q(status__in=[CertificateStatus.ISSUED.value, CertificateStatus.SUSPENDED.value]),
                name="one_issued_certificate_per_lot",
            ),
            models.UniqueConstraint(
                fields=["lot_uuid"],
                condition=models.Q(status=CertificateStatus.REQUESTED.value),
                name="one_requested_certificate_per_lot",
            ),
            models.UniqueConstraint(
                fields=["holder", "issuer"],
                condition=models.Q(
                    status__in=[CertificateStatus.ISSUED.value, CertificateStatus.SUSPENDED.value],
                    kind=CertificateKind.TRANSCRIPT.value,
                ),
                name="one_issued_transcript_per_holder_and_issuer",
            ),
            models.UniqueConstraint(
                fields=["holder", "issuer"],
                condition=models.Q(status=CertificateStatus.REQUESTED.value, kind=CertificateKind.TRANSCRIPT.value),
                name="one_requested_transcript_per_holder_and_issuer",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=CertificateKind.COURSE.value, lot_uuid__isnull=False)
                | models.Q(kind=CertificateKind.TRANSCRIPT.value, lot_uuid__isnull=True),
                name="certificate_kind_fits_its_lot",
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=~models.Q(status=CertificateStatus.REVOKED.value),
                name="one_successor_per_certificate",
            ),
            models.CheckConstraint(
                condition=models.Q(status=CertificateStatus.REQUESTED.value)
                | models.Q(status=CertificateStatus.REVOKED.value)
                | ~models.Q(pdf_sha256=""),
                name="issued_certificate_has_its_paper",
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "-requested_at"], name="certificate_by_holder"),
            models.Index(fields=["issuer", "-requested_at"], name="certificate_by_issuer"),
            models.Index(
                fields=["requested_at"],
                condition=models.Q(status=CertificateStatus.REQUESTED.value),
                name="certificate_to_draw",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CertificateLot(models.Model):
    """One row per credit that a certificate attests: one for a course, several for a transcript. Never changed."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="lots")
    lot_uuid = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "lot_uuid"], name="certificate_lot_once")]
        indexes = [models.Index(fields=["lot_uuid"], name="certificate_by_lot")]

    def __str__(self) -> str:
        return str(self.lot_uuid)


class Paper(models.Model):
    """One row per PDF of a certificate: the first, and one more when the witnesses came only after it went out."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="papers")
    pdf = models.FileField(upload_to="certificates", storage=private_storage)
    pdf_sha256 = models.CharField(max_length=64)
    quorum_met = models.BooleanField()  # whether enough witnesses had cosigned the proof inside
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "quorum_met"], name="one_paper_before_and_after_witnesses")
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=models.Q(quorum_met=False), name="paper_without_witnesses")
        ]

    def __str__(self) -> str:
        return self.pdf.name or ""


class StatusIndex(models.Model):
    """One row per certificate: its place in the issuer's published status lists, drawn at random."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="status_index")
    issuer = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    list_number = models.PositiveIntegerField()
    index = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "status indexes"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "list_number", "index"], name="one_certificate_per_status_index"),
            models.CheckConstraint(condition=models.Q(index__lt=131_072), name="status_index_in_its_list"),
        ]

    def __str__(self) -> str:
        return f"{self.list_number}:{self.index}"


class CertificateMove(StateMove):
    """One row per move of a certificate."""

    subject = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="moves")


class PrintedName(models.Model):
    """One row per institution's names as some printed code refers to them, by the row's number; never changed.

    Codes on paper have no room for names (docs/formats.md §5), so what a number means has to stay for ever.
    """

    number = models.PositiveIntegerField(primary_key=True)
    code = models.CharField(max_length=10)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=300, blank=True)
    former_name_zh = models.CharField(max_length=200, blank=True)
    former_name_en = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "name_zh", "name_en", "former_name_zh", "former_name_en"], name="printed_name_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.name_zh}"
