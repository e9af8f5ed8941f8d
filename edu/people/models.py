"""People, and what they are to institutions."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager["Person"]):
    """Makes people; an account needs a name and nothing else."""

    def create_user(self, *, name: str, password: str | None = None, **fields: Any) -> "Person":
        """Create a person; without a password the account cannot sign in until it is activated."""
        person = self.model(name=name, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, *, name: str, password: str | None = None, **fields: Any) -> "Person":
        """Create an operator of this installation, who may use both admins."""
        return self.create_user(name=name, password=password, is_staff=True, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """One row per person, whatever number of institutions they belong to. None of e-mail and phone is mandatory."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)  # editable, or Wagtail cannot build its account form
    name = models.CharField(max_length=100)  # 姓名, NFC, U+00B7 as the separator; one field
    name_latin = models.CharField(max_length=100, blank=True)  # pinyin as the person writes it
    email = models.EmailField(unique=True, null=True, blank=True)
    phone = models.CharField(max_length=20, unique=True, null=True, blank=True)  # E.164
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(db_default=Now())
    unread_notices = models.PositiveIntegerField(
        default=0
    )  # edu.notices keeps it: every page shows it, and every request reads this row

    objects = PersonManager()

    USERNAME_FIELD = "uuid"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    def get_username(self) -> str:
        """Return the uuid as text: Wagtail packs it into its menus, which cannot hold a UUID."""
        return str(self.uuid)

    def get_full_name(self) -> str:
        """Return the name as the person writes it."""
        return self.name


class Role(models.TextChoices):
    """What a person is to an institution."""

    STUDENT = "student", _("Student")
    TEACHER = "teacher", _("Teacher")
    AUTHOR = "author", _("Course author")
    EDITOR = "editor", _("Editor")
    REGISTRAR = "registrar", _("Registrar")
    SCHOOL_COORDINATOR = "school_coordinator", _("School coordinator")
    ASSISTANT_TEACHER = "assistant_teacher", _("Assistant teacher")
    SUPERVISOR = "supervisor", _("Supervisor")
    OPERATOR = "operator", _("Operator")


class Affiliation(models.Model):
    """One row per person, institution, role and period; a student's carries the student number and programme."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="affiliations")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="affiliations")
    role = models.CharField(max_length=20, choices=Role)
    number = models.CharField(max_length=30, blank=True)  # student or staff number
    programme = models.ForeignKey(
        "institutions.Programme", null=True, blank=True, on_delete=models.PROTECT, related_name="students"
    )
    department = models.ForeignKey(
        "institutions.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "role", "number"],
                condition=~models.Q(number=""),
                name="number_once_per_institution_and_role",
            ),
            models.UniqueConstraint(
                fields=["person", "institution", "role", "from_on"], name="affiliation_once_per_start"
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="affiliation_period_in_order",
            ),
        ]
        indexes = [models.Index(fields=["institution", "role", "from_on"], name="affiliation_by_role")]

    def __str__(self) -> str:
        return f"{self.role} {self.number}".strip()


class CodePurpose(models.TextChoices):
    """What a one-time code is good for."""

    ACTIVATION = "activation"
    RESET = "reset"


class OneTimeCode(models.Model):
    """One row per code that an institution gave a person on paper; only its digest is kept, and it works once.

    A newer code for the same person and purpose ends the older ones (`ended_at`).
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="one_time_codes")
    purpose = models.CharField(max_length=12, choices=CodePurpose)
    digest = models.CharField(max_length=64)  # HMAC-SHA-256 of the code with the site's secret, hex
    issued_at = models.DateTimeField()
    issued_by_person_uuid = models.UUIDField(null=True)
    issued_by_institution_uuid = models.UUIDField(null=True)
    issued_by_role = models.CharField(max_length=40)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # used, replaced, or spent by wrong tries
    used = models.BooleanField(default=False)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=models.Q(ended_at__isnull=True),
                name="one_living_code_per_purpose",
            ),
            models.CheckConstraint(
                condition=models.Q(used=False) | models.Q(ended_at__isnull=False), name="used_code_has_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.issued_at:%Y-%m-%d}"


class FailedAttempt(models.Model):
    """One row per failed sign-in, activation or reset; `key` is a digest of what was typed, so it names nobody."""

    key = models.CharField(max_length=64)
    happened_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["key", "happened_at"], name="failed_attempt_by_key")]

    def __str__(self) -> str:
        return str(self.pk)


class AccessNote(models.Model):
    """One row per look at a person's record by somebody else; the person may read it, nobody can change it."""

    subject = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="access_notes")
    what = models.CharField(max_length=40)  # a key of rules.RECORDS: "study-record", "certificates"
    viewer_person_uuid = models.UUIDField(null=True)
    viewer_institution_uuid = models.UUIDField(null=True)
    viewer_role = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["subject", "-happened_at"], name="access_note_by_subject")]

    def __str__(self) -> str:
        return f"{self.what} {self.happened_at:%Y-%m-%d}"


class Erasure(models.Model):
    """One row per person who was erased: on what ground and by whom, so that it can be shown; it names nobody."""

    person_uuid = models.UUIDField(unique=True)
    basis = models.CharField(max_length=200)  # "申请 2026-017", never a name
    actor_person_uuid = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.person_uuid)
