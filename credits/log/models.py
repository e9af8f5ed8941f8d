"""The log's tables: entries, checkpoints, cosignatures, witnesses, keys, salts.

What the database forbids beyond the constraints here stands in migration `0011_log_guards`: rows are only added, an
entry gets its index once and without a gap, a salt can only be destroyed, a key's period ends once.
"""

import uuid

from django.db import models
from django.db.models.functions import Now

from credits.log.commitments import KINDS


class LogEntry(models.Model):
    """One row per entry, pending until the sequencer gives it its index.

    After a restore, entries that only the tiles still hold come back without subject and owner.
    """

    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])
    subject_uuid = models.UUIDField(null=True)
    owner_uuid = models.UUIDField(null=True)  # whose salt opens it
    entry = models.BinaryField()  # the canonical bytes of docs/formats.md §1
    index = models.BigIntegerField(null=True, unique=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "log entries"
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_uuid"], name="log_entry_once"),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="log_entry_kind_known"),
            models.CheckConstraint(
                condition=models.Q(subject_uuid__isnull=True, owner_uuid__isnull=True, index__isnull=False)
                | models.Q(subject_uuid__isnull=False, owner_uuid__isnull=False),
                name="log_entry_has_subject",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(index__isnull=True), name="log_entry_pending")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_uuid}"


class Checkpoint(models.Model):
    """One row per signed tree; its note has the log's own signatures, cosignatures are rows beside it."""

    origin = models.CharField(max_length=255)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    signed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["size"], name="log_checkpoint_once"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="log_checkpoint_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"


class Witness(models.Model):
    """One row per key of somebody who cosigns our checkpoints; without a period's end it is asked."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=255)
    public_key = models.TextField(unique=True)  # name+hash+base64
    address = models.CharField(max_length=500)  # the prefix before /add-checkpoint
    operator = models.CharField(max_length=200, blank=True)  # who runs it, for people
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "witnesses"
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(to_at__isnull=True), name="log_witness_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Cosignature(models.Model):
    """One row per checkpoint and witness: the first cosignature that was good."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, related_name="cosignatures")
    line = models.TextField()  # the signature line of the note
    cosigned_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="log_cosignature_once")]
        indexes = [models.Index(fields=["witness", "-cosigned_at"], name="log_cosignature_by_witness")]

    def __str__(self) -> str:
        return f"{self.witness_id} {self.checkpoint_id}"


class LogKey(models.Model):
    """One row per key with which the log signs checkpoints; the private half is a file in KEYS_DIR.

    Several may sign at once, so that witnesses learn of a new key before the old one ends.
    """

    key_id = models.CharField(max_length=60, unique=True)  # "log-ed25519-2026-1f3a9c5e", the file's name
    algorithm = models.CharField(max_length=20, choices=[(name, name) for name in ("ed25519", "ml-dsa-44")])
    public_key = models.TextField(unique=True)  # name+hash+base64; the name is the log's origin
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_at__isnull=True) | models.Q(to_at__gte=models.F("from_at")),
                name="log_key_period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id


class OwnerSalt(models.Model):
    """One row per owner of entries: the 32 bytes from which the salts of the owner's entries follow.

    Left out of the database's long backups (docs/log.md), so that what is erased here is erased there.
    """

    owner_uuid = models.UUIDField(primary_key=True)
    salt = models.BinaryField(max_length=32)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.owner_uuid)


class SaltRecord(models.Model):
    """One row per owner who ever had a salt; it stays when the salt is destroyed, and then says when.

    It tells an erased owner from one whose salt is missing after a restore. The list of erasures that counts after a
    restore is a file (erasures.py).
    """

    owner_uuid = models.UUIDField(primary_key=True)
    made_at = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.owner_uuid)
