"""Threads, posts, their history, and reports."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from courses.discussion.states import PostStatus
from edu.events.history import StateMove

STATUS_CHOICES = [(status.value, status.value) for status in PostStatus]


class Thread(models.Model):
    """One row per thread of a run; its first post carries its text, author and status. Order follows from posts."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="threads")
    unit_usage_id = models.CharField(max_length=255, blank=True)  # the unit it is about; "" for the run as a whole
    title = models.CharField(max_length=80)
    last_post_at = models.DateTimeField()  # kept with each post: lists are sorted by it

    class Meta:
        indexes = [models.Index(fields=["run", "-last_post_at"], name="thread_by_run")]

    def __str__(self) -> str:
        return str(self.uuid)


class Post(models.Model):
    """One row per post; the author is null and the text empty once the author was erased."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="posts")
    opens = models.BooleanField(default=False)  # the first post of its thread
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="discussion_posts"
    )
    by_teacher = models.BooleanField(default=False)  # the author taught the run when writing
    text = models.TextField(max_length=4000, blank=True)  # plain
    status = models.CharField(max_length=10, choices=STATUS_CHOICES, default=PostStatus.SHOWN.value)
    written_at = models.DateTimeField()
    answers_at = models.DateTimeField(null=True)  # when a teacher marked it as the answer
    answers_by_uuid = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread"], condition=Q(opens=True), name="thread_has_one_opening"),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in PostStatus]), name="post_status_known"
            ),
            models.CheckConstraint(
                condition=Q(answers_at__isnull=True) | Q(answers_by_uuid__isnull=False), name="post_answer_has_teacher"
            ),
            models.CheckConstraint(condition=~Q(status="removed") | Q(text=""), name="removed_post_is_empty"),
        ]
        indexes = [
            models.Index(fields=["thread", "id"], name="post_by_thread"),
            models.Index(fields=["author", "-written_at"], name="post_by_author"),
            models.Index(fields=["status"], condition=Q(status="reported"), name="post_reported"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class PostMove(StateMove):
    """One row per move of a post, with a moderator's reason; never changed."""

    subject = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="moves")


class ReportReason(models.TextChoices):
    """Why somebody reports a post."""

    HURTFUL = "hurtful"
    PRIVATE = "private"
    ADVERTISING = "advertising"
    SOLUTION = "solution"
    OTHER = "other"


class PostReport(models.Model):
    """One row per post and person who reported it; moderators see the reason and the note, not who it was."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=ReportReason)
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "reporter"], name="report_once_per_person")]
        indexes = [models.Index(fields=["reporter", "-made_at"], name="report_by_reporter")]

    def __str__(self) -> str:
        return self.reason
