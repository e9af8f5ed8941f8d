"""What events of the ledger rest on: the rows that say why credit was opened, exported, released, redeemed or expired.

Gathered into `models.py`. Rows are only ever added; a posting of these events names its row, and the
database checks it.
"""

import uuid

from django.db import models
from django.db.models.functions import Now

from credits.ledger.rules import Unit

REASON_LENGTH_MAX = 500
NAME_LENGTH_MAX = 200
CODE_LENGTH_MAX = 60


class Deed(models.Model):
    """Base of every ground: who did it, for which institution, and when."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    actor_person_uuid = models.UUIDField(null=True)
    actor_institution_uuid = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.uuid)


class RuleKind(models.TextChoices):
    """What an institution's dated rule of the ledger says."""

    EXPIRY_MONTHS = "expiry_months"  # unused credit expires so many months after it was earned
    CORRECTION_DAYS = "correction_days"  # so many days after a term ends its balances may be sealed


class LedgerRule(Deed):
    """One row per rule, institution and first day; the latest that has begun is in force. Its source is quoted."""

    institution_uuid = models.UUIDField()
    kind = models.CharField(max_length=20, choices=RuleKind)
    number = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    source_text = models.CharField(max_length=REASON_LENGTH_MAX)
    source_url = models.CharField(max_length=NAME_LENGTH_MAX, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution_uuid", "kind", "from_on"], name="ledger_rule_once_a_day"),
            models.CheckConstraint(condition=models.Q(kind__in=list(RuleKind)), name="ledger_rule_kind_known"),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="ledger_rule_number_positive"),
            models.CheckConstraint(condition=~models.Q(source_text=""), name="ledger_rule_has_its_source"),
        ]


class ForeignParty(Deed):
    """One row per institution outside this system that sends or receives credit."""

    code = models.CharField(max_length=CODE_LENGTH_MAX, unique=True)
    name_zh = models.CharField(max_length=NAME_LENGTH_MAX)
    name_en = models.CharField(max_length=NAME_LENGTH_MAX, blank=True)


class ForeignPartyKey(Deed):
    """One row per Ed25519 key a party ever had; the one that began last is in force."""

    party = models.ForeignKey(ForeignParty, on_delete=models.PROTECT, related_name="keys")
    key_id = models.CharField(max_length=CODE_LENGTH_MAX, unique=True)
    public_key = models.CharField(max_length=44)  # the 32 raw bytes in base64
    from_at = models.DateTimeField()


class LotExport(Deed):
    """One row per time credit was handed to a party for recognition elsewhere; the document is what the party gets."""

    lot = models.ForeignKey("credits.Lot", on_delete=models.PROTECT, related_name="exports")
    party = models.ForeignKey(ForeignParty, on_delete=models.PROTECT, related_name="exports")
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    reason = models.CharField(max_length=REASON_LENGTH_MAX)
    document = models.JSONField()
    document_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="lot_export_amount_positive")]


class LotExportRelease(Deed):
    """One row per export that its recipient gave back: the document the recipient signed, verified before."""

    export = models.OneToOneField(LotExport, on_delete=models.PROTECT, related_name="release")
    key = models.ForeignKey(ForeignPartyKey, on_delete=models.PROTECT, related_name="releases")
    document = models.JSONField()
    signature = models.CharField(max_length=88)  # Ed25519 over the canonical bytes, base64


class OpeningList(Deed):
    """One row per uploaded list of credit that was recognised before this system came; the actor uploaded it."""

    institution_uuid = models.UUIDField()
    file_name = models.CharField(max_length=NAME_LENGTH_MAX)
    file_hash = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["institution_uuid", "-id"], name="opening_list_by_institution")]


class OpeningRow(models.Model):
    """One row per line of such a list, as it was read; `number` as the spreadsheet counts."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    opening = models.ForeignKey(OpeningList, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    holder_uuid = models.UUIDField()
    student_record_uuid = models.UUIDField(null=True)
    programme_uuid = models.UUIDField(null=True)  # None for contact hours, which no programme asks for
    slot_uuid = models.UUIDField(null=True)
    unit = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    course_code = models.CharField(max_length=CODE_LENGTH_MAX, blank=True)
    course_name = models.CharField(max_length=NAME_LENGTH_MAX)
    grade = models.CharField(max_length=20, blank=True)
    earned_on = models.DateField()
    evidence = models.CharField(max_length=NAME_LENGTH_MAX)  # where the paper is: file number, page, decision
    activity_uuid = models.UUIDField()  # from evidence, course and day: the same line twice is one achievement

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["opening", "number"], name="opening_row_once"),
            models.UniqueConstraint(
                fields=["opening", "holder_uuid", "activity_uuid"], name="opening_row_says_something_new"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="opening_row_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(unit=Unit.CREDIT_POINTS.value, programme_uuid__isnull=False, slot_uuid__isnull=False)
                | models.Q(unit=Unit.CONTACT_HOURS.value, programme_uuid__isnull=True, slot_uuid__isnull=True),
                name="opening_row_has_its_place",
            ),
            models.CheckConstraint(condition=~models.Q(evidence=""), name="opening_row_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class OpeningVerdict(Deed):
    """One row per list that was confirmed or discarded; who confirms is somebody else than who uploaded."""

    opening = models.OneToOneField(OpeningList, on_delete=models.PROTECT, related_name="verdict")
    confirmed = models.BooleanField()
    reason = models.CharField(max_length=REASON_LENGTH_MAX, blank=True)


class DegreeAward(Deed):
    """One row per degree for which recognised credit was used."""

    institution_uuid = models.UUIDField()
    holder_uuid = models.UUIDField()
    programme_uuid = models.UUIDField()
    number = models.CharField(max_length=CODE_LENGTH_MAX)  # of the degree certificate, 学位证书编号
    awarded_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution_uuid", "number"], name="award_number_once"),
            models.UniqueConstraint(
                fields=["institution_uuid", "holder_uuid", "programme_uuid"], name="award_once_per_programme"
            ),
        ]


class LotFlag(Deed):
    """One row per correction that came too late, because a degree uses the credit: both registrars must see it."""

    lot = models.ForeignKey("credits.Lot", on_delete=models.PROTECT, related_name="flags")
    host_uuid = models.UUIDField()
    home_uuid = models.UUIDField()
    reason = models.CharField(max_length=REASON_LENGTH_MAX)
    source_kind = models.CharField(max_length=40)
    source_uuid = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "source_kind", "source_uuid"], name="lot_flagged_once_by_a_cause")
        ]


class LotFlagAnswer(Deed):
    """One row per institution that said what it decided about a flag."""

    flag = models.ForeignKey(LotFlag, on_delete=models.PROTECT, related_name="answers")
    institution_uuid = models.UUIDField()
    text = models.CharField(max_length=REASON_LENGTH_MAX)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flag", "institution_uuid"], name="flag_answered_once_by_each")]


__all__ = [
    "DegreeAward",
    "ForeignParty",
    "ForeignPartyKey",
    "LedgerRule",
    "LotExport",
    "LotExportRelease",
    "LotFlag",
    "LotFlagAnswer",
    "OpeningList",
    "OpeningRow",
    "OpeningVerdict",
    "RuleKind",
]
