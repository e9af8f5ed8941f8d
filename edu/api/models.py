"""Keys by which an institution's programs identify themselves."""

import uuid

from django.db import models
from django.db.models.functions import Now


class MachineKey(models.Model):
    """One row per key that an institution gave one of its programs; only its digest is kept, and it ends by itself.

    A key is never changed but for its end (`revoked_at`) and the day of its last use.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="machine_keys")
    name = models.CharField(max_length=80)  # which program has it, "Student information system"
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the key, hex: it has 256 random bits
    scopes = models.JSONField(default=list)  # ["enrolments", "grades"]
    made_by_person_uuid = models.UUIDField()
    made_at = models.DateTimeField()
    expires_on = models.DateField()  # the last day on which it is good
    revoked_at = models.DateTimeField(null=True)
    revoked_by_person_uuid = models.UUIDField(null=True)
    last_used_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by_person_uuid__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by_person_uuid__isnull=False),
                name="machine_key_revoked_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.name
