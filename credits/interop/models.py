"""What left the house as a file, which columns a school wants, and what came in as a file. Rows are only ever added.

What the database forbids beyond the constraints here stands in the migrations `0071_record_export_guards` and
`0073_credit_import_guards`.
"""

from django.db import models

from credits.interop.record import Format, Kind
from credits.ledger.grounds import CODE_LENGTH_MAX, NAME_LENGTH_MAX, Deed

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


__all__ = ["RecordExport", "SheetLayout"]
