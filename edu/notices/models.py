"""Notices, how each person wants them, and short messages on their way."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from edu.notices.rules import MailChoice


class Notice(models.Model):
    """One row per thing that a person is told; repeated news about the same thing count up while it is unread.

    It holds a kind, names of courses and an address; never what somebody wrote and never a name of a person.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=60)  # a key of kinds.py: "courses.reply"
    about = models.UUIDField()  # the thread, the slot, the announcement
    params = models.JSONField(default=dict)  # texts in both languages: {"course_zh": …, "course_en": …}
    url_name = models.CharField(max_length=80)
    url_args = models.JSONField(default=list)
    times = models.PositiveIntegerField(default=1)
    happened_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "about"], condition=Q(read_at__isnull=True), name="notice_once_while_unread"
            ),
            models.CheckConstraint(condition=Q(times__gte=1), name="notice_at_least_once"),
        ]
        indexes = [
            models.Index(fields=["person", "-happened_at"], name="notice_by_person"),
            models.Index(
                fields=["person"], condition=Q(read_at__isnull=True, mailed_at__isnull=True), name="notice_to_mail"
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class NoticePreference(models.Model):
    """One row per person who was ever told something: which way, and how mail fared."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_preference")
    mail = models.CharField(
        max_length=10, choices=[(choice.value, choice.value) for choice in MailChoice], default=MailChoice.DAILY.value
    )
    sms = models.BooleanField(default=False)  # urgent kinds only
    wechat = models.BooleanField(default=False)  # urgent kinds only
    digest_on = models.DateField(null=True)  # the day of the last digest
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mail__in=[choice.value for choice in MailChoice]), name="notice_mail_choice_known"
            )
        ]

    def __str__(self) -> str:
        return self.mail


class SendingStatus(models.TextChoices):
    """Where a short message stands."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"


class Sending(models.Model):
    """One row per notice and channel: waiting until the driver has taken it, dropped when it cannot or may not."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # the gateway knows a repeat by it
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="sendings")
    channel = models.CharField(max_length=10)  # "sms", "wechat"
    status = models.CharField(max_length=10, choices=SendingStatus, default=SendingStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=60, blank=True)  # a code, never an answer's text
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="sending_once_per_channel")]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(status="waiting"), name="sending_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.status}"
