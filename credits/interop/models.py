"""What left the house as a file, which columns a school wants, and what came in as a file. Rows are only ever added.

When a holder is erased, the columns that may name somebody are emptied; nothing else of a row changes.

What the database forbids beyond the constraints here stands in the migrations `0071_record_export_guards` and
`0072_incoming_credit`.
"""

import uuid

from django.db import models

from credits.interop.record import Format, Kind
from credits.ledger.grounds import CODE_LENGTH_MAX, NAME_LENGTH_MAX, REASON_LENGTH_MAX, Deed, ForeignParty
from credits.ledger.rules import FOREIGN_ID_LENGTH_MAX

HOME_COUNTRY = "CN"


class RecordExport(Deed):
    """One row per file that was made of a person's record: for whom, on which ground, what it left out. Not the file.

    The actor is the holder or a registrar of the holder's institution. `columns` are those of a sheet.
    """

    holder_uuid = models.UUIDField()
    kind = models.CharField(max_length=20)
    format = models.CharField(max_length=20)
    recipient = models.CharField(max_length=NAME_LENGTH_MAX, blank=True)  # "" when the holder keeps it
    recipient_country = models.CharField(max_length=2, default=HOME_COUNTRY)
    legal_basis = models.CharField(max_length=CODE_LENGTH_MAX, blank=True)
    legal_document = models.JSONField(default=dict)  # the basis as it was that day: articles, source, first day
    legal_reference = models.CharField(max_length=NAME_LENGTH_MAX, blank=True)  # where the consent or contract is kept
    columns = models.JSONField(default=list)
    loss_report = models.JSONField()
    row_count = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["holder_uuid", "-id"], name="record_export_by_holder")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=list(Kind)), name="record_export_kind_known"),
            models.CheckConstraint(condition=models.Q(format__in=list(Format)), name="record_export_format_known"),
            models.CheckConstraint(
                condition=models.Q(recipient_country=HOME_COUNTRY) | ~models.Q(legal_basis=""),
                name="record_export_abroad_has_its_ground",
            ),
            models.CheckConstraint(
                condition=models.Q(content_hash__regex="^[0-9a-f]{64}$"), name="record_export_hash_is_one"
            ),
            models.CheckConstraint(condition=models.Q(row_count__gt=0), name="record_export_says_something"),
        ]


class SheetLayout(Deed):
    """One row per choice of an institution's columns; the latest is in force. `columns` is [{"path", "head"}]."""

    institution_uuid = models.UUIDField()
    columns = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["institution_uuid", "-id"], name="sheet_layout_by_institution")]


class IncomingFile(Deed):
    """One row per file of credit from outside that a registrar read in for a student; the file itself is not kept.

    The actor uploaded it. What to take over is proposed by one registrar and decided by another.
    """

    institution_uuid = models.UUIDField()
    holder_uuid = models.UUIDField()
    format = models.CharField(max_length=20)
    file_name = models.CharField(max_length=NAME_LENGTH_MAX)
    file_hash = models.CharField(max_length=64)
    learner_name = models.CharField(max_length=NAME_LENGTH_MAX)  # as the file says it, for two people to compare
    without_credit = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["institution_uuid", "-id"], name="incoming_by_institution")]
        constraints = [
            models.CheckConstraint(condition=models.Q(format=Format.ELMO), name="incoming_format_known"),
            models.CheckConstraint(condition=models.Q(file_hash__regex="^[0-9a-f]{64}$"), name="incoming_hash_is_one"),
        ]


class IncomingRow(models.Model):
    """One row per node of the file that carries credit; with a fault it can never be taken over."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(IncomingFile, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    party = models.ForeignKey(ForeignParty, null=True, on_delete=models.PROTECT, related_name="+")
    issuer_name = models.CharField(max_length=NAME_LENGTH_MAX)
    foreign_id = models.CharField(max_length=FOREIGN_ID_LENGTH_MAX, blank=True)
    course_code = models.CharField(max_length=CODE_LENGTH_MAX, blank=True)
    course_name_zh = models.CharField(max_length=NAME_LENGTH_MAX, blank=True)
    course_name_en = models.CharField(max_length=NAME_LENGTH_MAX, blank=True)
    kind = models.CharField(max_length=CODE_LENGTH_MAX, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    credit = models.CharField(max_length=NAME_LENGTH_MAX)  # as the file says it: "6 ects"
    grade = models.CharField(max_length=CODE_LENGTH_MAX, blank=True)
    scale = models.CharField(max_length=NAME_LENGTH_MAX, blank=True)
    fault = models.CharField(max_length=CODE_LENGTH_MAX, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="incoming_row_once"),
            models.CheckConstraint(
                condition=~models.Q(fault="") | (models.Q(party__isnull=False) & ~models.Q(foreign_id="")),
                name="incoming_row_has_issuer_and_id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class IncomingProposal(Deed):
    """One row per file for which somebody said what each line is worth here."""

    file = models.OneToOneField(IncomingFile, on_delete=models.PROTECT, related_name="proposal")


class IncomingChoice(models.Model):
    """One row per line that is to be taken over: how much it is worth here and why. Lines without one stay out."""

    proposal = models.ForeignKey(IncomingProposal, on_delete=models.PROTECT, related_name="choices")
    row = models.OneToOneField(IncomingRow, on_delete=models.PROTECT, related_name="choice")
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    reason = models.CharField(max_length=REASON_LENGTH_MAX)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="incoming_choice_amount_positive"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="incoming_choice_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class IncomingVerdict(Deed):
    """One row per file that was taken over or put aside; who takes over is neither who uploaded nor who proposed."""

    file = models.OneToOneField(IncomingFile, on_delete=models.PROTECT, related_name="verdict")
    confirmed = models.BooleanField()
    reason = models.CharField(max_length=REASON_LENGTH_MAX, blank=True)


__all__ = [
    "IncomingChoice",
    "IncomingFile",
    "IncomingProposal",
    "IncomingRow",
    "IncomingVerdict",
    "RecordExport",
    "SheetLayout",
]
