"""Platforms of partners that open our runs by LTI 1.3, logins on their way, linked learners, scores to send back."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from courses.lti.models import STATUS_CHOICES, URL_LENGTH_MAX, RegistrationChange
from courses.lti.states import RegistrationStatus
from edu.events.history import StateMove


class Platform(models.Model):
    """One row per platform that may open an institution's runs; what became of it is kept in `changes` and `moves`."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="lti_platforms")
    name = models.CharField(max_length=80)
    issuer = models.CharField(max_length=URL_LENGTH_MAX)
    client_id = models.CharField(max_length=200)
    deployment_ids = models.JSONField()  # what is launched from another deployment is refused
    auth_url = models.CharField(max_length=URL_LENGTH_MAX)
    token_url = models.CharField(max_length=URL_LENGTH_MAX)
    jwks_url = models.CharField(max_length=URL_LENGTH_MAX)
    status = models.CharField(max_length=10, choices=STATUS_CHOICES, default=RegistrationStatus.ACTIVE.value)
    revision = models.PositiveIntegerField(default=1)  # grows with each change: who saw an older one changes nothing
    registered_by_person_uuid = models.UUIDField()
    registered_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "client_id"],
                condition=models.Q(status=RegistrationStatus.ACTIVE.value),
                name="lti_platform_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """One row per secret by which a platform or a tool may register itself: good once, for a while."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=[("platform", "platform"), ("tool", "tool")])  # who may use it
    secret_digest = models.CharField(max_length=64, unique=True)  # the secret itself is shown once, and not kept
    invited_by_person_uuid = models.UUIDField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.uuid)


class PlatformMove(StateMove):
    """One row per move of a platform's registration; never changed."""

    subject = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="moves")


class PlatformChange(RegistrationChange):
    """One row per change of a platform's registration; never changed."""

    subject = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="changes")


class PlatformLogin(models.Model):
    """One row per login that a platform began: one browser, one nonce, one launch; swept a day later.

    `launch` holds what the signed launch said of the place and the learner's name there; no names of people.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="logins")
    state_digest = models.CharField(max_length=64, unique=True)
    cookie_digest = models.CharField(max_length=64)  # the browser that began has the secret
    nonce = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)
    launched_at = models.DateTimeField(null=True)
    launch = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.uuid)


class PlatformAccount(models.Model):
    """One row per learner of a platform who said here which account is theirs; `ended_at` when they took it back."""

    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="accounts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=255)  # the learner's name on the platform, as long as the standard lets it be
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "subject"],
                condition=models.Q(ended_at__isnull=True),
                name="lti_one_person_a_subject",
            ),
            models.UniqueConstraint(
                fields=["platform", "person"],
                condition=models.Q(ended_at__isnull=True),
                name="lti_one_subject_a_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Passback(models.Model):
    """One row per linked learner and line item: where a score goes, and whether a newer one waits.

    A trigger on the scores sets `changed_at`, so that no writer of scores knows of platforms.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(PlatformAccount, on_delete=models.PROTECT, related_name="passbacks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="+")
    unit_usage_id = models.CharField(max_length=300, blank=True)  # "": the whole run
    line_item = models.CharField(max_length=1000)
    changed_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)  # the change that was last handed to the outbox
    sent_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "run", "unit_usage_id", "line_item"], name="lti_passback_once"),
        ]
        indexes = [models.Index(fields=["run", "person"], name="lti_passback_by_learner")]

    def __str__(self) -> str:
        return str(self.uuid)
