"""What holders share of their certificates, and when somebody looked.

What the database forbids beyond the constraints here stands in migration `0041_share_guards`: a share never says
another thing than when it was made, it can only be ended, once; looks only grow.
"""

import uuid

from django.db import models
from django.db.models.functions import Now

from edu.kernel.identifiers import new_token

NOTE_LENGTH_MAX = 100


class Share(models.Model):
    """One row per link that a holder made; it holds until `expires_at` or until the holder ends it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=22, unique=True, default=new_token)
    certificate = models.ForeignKey("credits.Certificate", on_delete=models.PROTECT, related_name="shares")
    scope = models.JSONField()  # keys of rules.GROUPS, in their order
    note = models.CharField(max_length=NOTE_LENGTH_MAX, blank=True)  # to whom, as the holder wrote it
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="share_expires_after_it_is_made"
            ),
        ]
        indexes = [models.Index(fields=["certificate", "-made_at"], name="share_by_certificate")]

    def __str__(self) -> str:
        return str(self.uuid)


class ShareLook(models.Model):
    """One row per look at a share: when and in which way; nothing about who, since nobody signs in to look."""

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="looks")
    kind = models.CharField(max_length=10)  # "page", "file"
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["share", "-happened_at"], name="look_by_share")]

    def __str__(self) -> str:
        return f"{self.share_id} {self.kind}"
