"""Keys that sign textbooks, and the packs that were made. What was packed is never changed: a migration guards it."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from courses.catalogue.models import Textbook
from courses.content.models import ContentVersion
from courses.textbooks.states import OPEN, PackStatus
from edu.events.history import StateMove


class TextbookKey(models.Model):
    """One row per Ed25519 key with which an institution signs textbooks; the private half is a file in KEYS_DIR."""

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="textbook_keys")
    key_id = models.CharField(max_length=60, unique=True)  # "4145010593-textbook-2026-1f3a9c5e"; names the file
    public_key = models.CharField(max_length=44)  # the 32 raw bytes in base64
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)  # None: still signing
    revoked_at = models.DateTimeField(null=True)  # somebody else may hold it: of its packs only those in rows count
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution"], condition=Q(to_at__isnull=True), name="one_textbook_key_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gte=models.F("from_at")),
                name="textbook_key_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(to_at__isnull=False), name="revoked_textbook_key_signs_no_more"
            ),
        ]

    def __str__(self) -> str:
        return self.key_id


class TextbookPack(models.Model):
    """One row per pack that was asked for; the truth about it, whatever the broker says.

    Rows stay when the file is gone, so that a copy on a stick can still be checked.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    textbook = models.ForeignKey(Textbook, on_delete=models.PROTECT, related_name="packs")
    version = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="textbook_packs")
    # What the textbook said of itself when the pack was asked for.
    edition = models.CharField(max_length=40)
    approval_number = models.CharField(max_length=60, blank=True)
    licence = models.CharField(max_length=300)
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in PackStatus], default=PackStatus.WAITING
    )
    code = models.CharField(max_length=40, blank=True)  # of wording.REASONS: why there is none
    detail = models.CharField(max_length=500, blank=True)  # the file or unit that is meant
    progress = models.PositiveSmallIntegerField(default=0)  # percent of the bytes
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)  # who may write; a worker that lost its lease finds another token
    leased_until = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the whole file
    size = models.BigIntegerField(default=0)
    file_count = models.PositiveIntegerField(default=0)
    contents = models.JSONField(default=dict)  # chapters with units, and what is left out: collecting.Book.told
    key = models.ForeignKey(TextbookKey, null=True, on_delete=models.PROTECT, related_name="packs")
    file_gone_at = models.DateTimeField(null=True)  # rules.kept: newer packs took its place
    requested_by_uuid = models.UUIDField(null=True)
    requested_role = models.CharField(max_length=40)
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["textbook", "version"],
                condition=Q(status__in=[status.value for status in OPEN]),
                name="one_open_pack_per_version",
            ),
            models.UniqueConstraint(
                fields=["textbook", "sha256"], condition=Q(status=PackStatus.DONE.value), name="textbook_pack_once"
            ),
            models.CheckConstraint(
                condition=Q(status=PackStatus.DONE.value, size__gt=0, key__isnull=False) & ~Q(sha256="")
                | ~Q(status=PackStatus.DONE.value) & Q(sha256="", size=0, key__isnull=True, file_gone_at__isnull=True),
                name="textbook_pack_done_has_file",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="textbook_pack_progress_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.textbook_id} {self.version_id} {self.status}"


class TextbookPackMove(StateMove):
    """One row per move of a pack."""

    subject = models.ForeignKey(TextbookPack, on_delete=models.PROTECT, related_name="moves")
