"""The tables of sealed terms. Rows are only ever added; what a seal says follows from postings and the log alone.

What the database forbids beyond the constraints here stands in migration `0076_seal_guards`: rows never change, and
which correction came after which seal is written by the owner's trigger on postings, by nobody else.
"""

import uuid

from django.db import models
from django.db.models.functions import Now

from credits.seals.tree import HASH_SIZE


class TermSeal(models.Model):
    """One row per sealed term, over the whole ledger: credit earned up to the term's end, as the log had it then.

    `log_size` is the cut: the postings whose entries the log's first `log_size` hold, and no others.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    term_code = models.CharField(max_length=20, unique=True)
    ends_on = models.DateField()  # the last day of the term where it ended last; for issuers without a window
    log_size = models.BigIntegerField()
    root = models.BinaryField(max_length=HASH_SIZE)
    entered = models.DecimalField(max_digits=14, decimal_places=2)
    recognised = models.DecimalField(max_digits=14, decimal_places=2)
    contact_hours = models.DecimalField(max_digits=14, decimal_places=2)
    person_count = models.PositiveIntegerField()
    lot_count = models.PositiveIntegerField()
    crown = models.BinaryField()  # tree.Crown.packed: follows from the rows of people, read instead of them
    sealed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(log_size__gt=0), name="term_seal_of_something"),
            models.CheckConstraint(condition=models.Q(lot_count__gt=0), name="term_seal_has_lots"),
        ]

    def __str__(self) -> str:
        return self.term_code


class TermSealWindow(models.Model):
    """One row per institution whose term a seal closes: its last day, and the rule by which corrections ended."""

    seal = models.ForeignKey(TermSeal, on_delete=models.PROTECT, related_name="windows")
    institution_uuid = models.UUIDField()
    ends_on = models.DateField()
    closed_on = models.DateField()
    rule = models.ForeignKey("credits.LedgerRule", on_delete=models.PROTECT, related_name="sealed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seal", "institution_uuid"], name="term_seal_window_once"),
            models.CheckConstraint(condition=models.Q(closed_on__gte=models.F("ends_on")), name="term_seal_after_end"),
        ]

    def __str__(self) -> str:
        return str(self.institution_uuid)


class SealedPerson(models.Model):
    """One row per person in a seal, under a key that only the person's salt leads to: erased, it is nobody's."""

    seal = models.ForeignKey(TermSeal, on_delete=models.PROTECT, related_name="people", db_index=False)  # see unique
    key = models.BinaryField(max_length=HASH_SIZE)
    lots_root = models.BinaryField(max_length=HASH_SIZE)
    sums = models.BinaryField(max_length=64)  # tree.packed

    class Meta:
        verbose_name_plural = "sealed people"
        constraints = [models.UniqueConstraint(fields=["seal", "key"], name="sealed_person_once")]

    def __str__(self) -> str:
        return bytes(self.key).hex()


class LateCorrection(models.Model):
    """One row per reversal and seal that holds what it undoes: written by the database, named in the log's document."""

    posting = models.ForeignKey("credits.Posting", on_delete=models.PROTECT, related_name="late")
    seal = models.ForeignKey(TermSeal, on_delete=models.PROTECT, related_name="corrections")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["posting", "seal"], name="late_correction_once")]

    def __str__(self) -> str:
        return f"{self.posting_id} {self.seal_id}"
