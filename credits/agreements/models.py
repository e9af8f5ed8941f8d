"""Agreements between two institutions, and the rules by which a host course counts at home.

Institutions, programmes, slots and courses belong to apps below and are named by their uuids.
"""

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now

from credits.agreements.states import AgreementStatus, EquivalenceStatus
from edu.events.history import StateMove

OPEN_AGREEMENT = [AgreementStatus.DRAFT, AgreementStatus.PROPOSED, AgreementStatus.APPROVED_BY_ONE]


class Agreement(models.Model):
    """One row per pair of institutions that recognise each other's credit; its versions hold the terms."""

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    number = models.CharField(max_length=30, unique=True)  # "HY2026-0001"
    party_a_uuid = models.UUIDField()  # the smaller of the two, so that a pair has one agreement
    party_b_uuid = models.UUIDField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(party_a_uuid__lt=models.F("party_b_uuid")), name="agreement_pair_ordered"
            ),
            models.UniqueConstraint(fields=["party_a_uuid", "party_b_uuid"], name="one_agreement_per_pair"),
        ]

    def __str__(self) -> str:
        return self.number


class AgreementVersion(models.Model):
    """One row per version of an agreement; `document` is what both registrars approve, by its hash."""

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    edition = models.PositiveIntegerField()
    status = models.CharField(max_length=20, default=AgreementStatus.DRAFT)
    drafted_by_uuid = models.UUIDField()  # the institution
    round = models.PositiveIntegerField(default=0)  # counts proposals: an approval holds for the round it was given in
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    valid_from_on = models.DateField()  # from the document, so that the database can look for it
    valid_to_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["agreement", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "edition"], name="agreement_edition_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=models.Q(status=AgreementStatus.IN_FORCE), name="one_version_in_force"
            ),
            models.UniqueConstraint(
                fields=["agreement"], condition=models.Q(status__in=OPEN_AGREEMENT), name="one_open_version"
            ),
            models.CheckConstraint(condition=models.Q(status__in=list(AgreementStatus)), name="agreement_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.edition}"


class AgreementText(models.Model):
    """One row per text a version ever had, so that a stale approval can be told what changed; never changed."""

    subject = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="texts")
    content_hash = models.CharField(max_length=64)
    document = models.JSONField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "content_hash"], name="agreement_text_once")]

    def __str__(self) -> str:
        return self.content_hash[:12]


class AgreementApproval(models.Model):
    """One row per approval that one side's registrar gave to one text in one round; never changed."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="approvals")
    round = models.PositiveIntegerField()
    institution_uuid = models.UUIDField()
    content_hash = models.CharField(max_length=64)  # of exactly what was seen
    actor_person_uuid = models.UUIDField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "round", "institution_uuid"], name="agreement_approved_once_a_side"
            )
        ]

    def __str__(self) -> str:
        return self.content_hash[:12]


class AgreementMove(StateMove):
    """One row per move of an agreement version."""

    subject = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="moves")


class Equivalence(models.Model):
    """One row per version of a rule "this host course counts in this slot of a home programme's plan"."""

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    family = models.UUIDField(default=uuid4, editable=False)  # the same for every version of one rule
    edition = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=20, default=EquivalenceStatus.DRAFT)
    home_uuid = models.UUIDField()
    host_uuid = models.UUIDField()
    host_course_uuid = models.UUIDField()
    programme_uuid = models.UUIDField()  # a programme in one version of its plan
    slot_uuid = models.UUIDField()
    kind = models.CharField(max_length=12)
    ratio = models.DecimalField(max_digits=6, decimal_places=3)
    minimum_grade = models.DecimalField(max_digits=5, decimal_places=2)  # percent at the host
    valid_from_on = models.DateField()  # of the first day of the term in which the course is taken
    valid_to_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    evidence = models.TextField()
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    author_person_uuid = models.UUIDField()
    approved_by_person_uuid = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["host_course_uuid", "programme_uuid"], name="equivalence_by_course")]
        constraints = [
            models.UniqueConstraint(fields=["family", "edition"], name="equivalence_edition_once"),
            models.UniqueConstraint(
                fields=["family"], condition=models.Q(status=EquivalenceStatus.DRAFT), name="one_equivalence_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=list(EquivalenceStatus)), name="equivalence_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to_on__isnull=True) | models.Q(valid_to_on__gte=models.F("valid_from_on")),
                name="equivalence_period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} v{self.edition}"


class EquivalenceMove(StateMove):
    """One row per move of an equivalence rule."""

    subject = models.ForeignKey(Equivalence, on_delete=models.PROTECT, related_name="moves")
