"""The ledger's tables. Rows are only ever added; balances move by the database's own trigger on posting lines.

What the database forbids beyond the constraints here stands in the migrations `0002_ledger_guards` and
`0021_ledger_event_guards`: append-only tables, balanced postings, the sign of balances, one reversal, exact mirrors,
events that name the row they rest on.
"""

import uuid

from django.db import models
from django.db.models.functions import Now

from credits.ledger.rules import FOREIGN_ID_LENGTH_MAX, OWNER_LENGTH_MAX, SOURCE_KINDS, AccountKind, PostingEvent, Unit


class Lot(models.Model):
    """One row per certified achievement, or per credit that a home institution recognised from one; never mixed.

    The holder is a person, with or without a student record. A lot that was recognised from another names it.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    issuer_uuid = models.UUIDField()  # the institution that certified or recognised
    activity_uuid = models.UUIDField()  # the course run, or the decision of a recognition
    holder_uuid = models.UUIDField()
    student_record_uuid = models.UUIDField(null=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=20, choices=[(unit.value, unit.value) for unit in Unit])
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    derived_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="derived")
    rule_hash = models.CharField(max_length=64, blank=True)  # the rules of the recognition, by content
    foreign_id = models.CharField(
        max_length=FOREIGN_ID_LENGTH_MAX, blank=True, default="", db_default=""
    )  # its number outside
    source_kind = models.CharField(max_length=40)  # "result", "recognition", "opening", "import"
    source_uuid = models.UUIDField()
    facts = models.JSONField(
        default=dict
    )  # strings as they were that day: course, run, grade, scale; no names of people
    minted_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer_uuid", "activity_uuid", "holder_uuid", "attempt"], name="lot_minted_once"
            ),
            models.UniqueConstraint(
                fields=["issuer_uuid", "foreign_id"],
                condition=~models.Q(foreign_id=""),
                name="lot_foreign_id_once_per_issuer",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="lot_amount_positive"),
            models.CheckConstraint(condition=models.Q(unit__in=[unit.value for unit in Unit]), name="lot_unit_known"),
        ]
        indexes = [
            models.Index(fields=["holder_uuid", "id"], name="lot_by_holder"),
            models.Index(fields=["source_uuid"], name="lot_by_source"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Account(models.Model):
    """One row per place where credit can be: a kind and whose it is; made when first used."""

    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in AccountKind])
    owner = models.CharField(max_length=OWNER_LENGTH_MAX)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "owner"], name="account_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in AccountKind]), name="account_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.owner}"


class Posting(models.Model):
    """One row per balanced event of the ledger; a reversal names the posting it undoes."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    event = models.CharField(max_length=20, choices=[(event.value, event.value) for event in PostingEvent])
    idempotency_key = models.CharField(max_length=120, unique=True)
    line_count = models.PositiveSmallIntegerField()  # said at the start, so that no line can be added later
    source_kind = models.CharField(max_length=40)  # what caused it: "result", "recognition", "application"
    source_uuid = models.UUIDField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    actor_person_uuid = models.UUIDField(null=True)
    actor_institution_uuid = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40)
    event_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())  # set by the database's trigger, whatever is written

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event_at__lte=models.F("recorded_at")), name="posting_event_before_record"
            ),
            models.CheckConstraint(
                condition=models.Q(event__in=[event.value for event in PostingEvent]), name="posting_event_known"
            ),
            models.CheckConstraint(condition=models.Q(line_count__gte=2), name="posting_has_lines"),
            models.CheckConstraint(
                condition=models.Q(event=PostingEvent.REVERSED.value, reverses__isnull=False)
                | (~models.Q(event=PostingEvent.REVERSED.value) & models.Q(reverses__isnull=True)),
                name="posting_reversal_names_another",
            ),
        ]
        indexes = [models.Index(fields=["source_uuid"], name="posting_by_source")]

    def __str__(self) -> str:
        return f"{self.event} {self.uuid}"


class PostingLine(models.Model):
    """One row per amount of one lot that a posting brings into an account, or takes out of it when negative."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="lines", db_index=False)  # see unique
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="lines")
    amount = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["posting", "account", "lot"], name="posting_line_once"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="posting_line_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class Balance(models.Model):
    """One row per account and lot: the sum of its posting lines. Only the owner's trigger writes here."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="balances")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="balances", db_index=False)  # see unique
    is_source = models.BooleanField()  # copied from the account's kind, so that a CHECK can see it
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    version = models.PositiveIntegerField(default=1)  # how many posting statements have moved it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "account"], name="balance_once"),
            models.CheckConstraint(
                condition=models.Q(is_source=True, amount__lte=0) | models.Q(is_source=False, amount__gte=0),
                name="balance_has_its_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


SOURCE_KIND_VALUES = sorted(
    kind.value for kind in SOURCE_KINDS
)  # repeated in 0021_ledger_event_guards; a test compares
