"""The working copy of a course's content, what was done in it, and what was published from it."""

import uuid

from django.db import models
from django.db.models.functions import Now

from courses.content.models import BlockSupport


class ContentDraft(models.Model):
    """One row per course that is edited on screen: what its authors work on until they save it as a version.

    `revision` grows with every deed; the row is locked by each, so that two authors follow one another.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # names its files in a preview
    course = models.OneToOneField("courses.Course", on_delete=models.PROTECT, related_name="content_draft")
    base = models.ForeignKey("courses.ContentVersion", null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    base_revision = models.PositiveIntegerField(default=0)  # the revision at which it held the same as `base`
    source_run = models.CharField(max_length=255)  # the three as in ContentVersion: they name files of an export
    source_org = models.CharField(max_length=255, blank=True)
    source_course = models.CharField(max_length=255, blank=True)
    course_policy = models.JSONField(default=dict)
    grading_policy = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.course_id} r{self.revision}"

    @property
    def is_saved(self) -> bool:
        """True when a version holds what the draft holds."""
        return self.base_id is not None and self.revision == self.base_revision


class DraftBlock(models.Model):
    """One row per block of a draft, read already: what a version's row holds, but for what follows from its place.

    `olx` names the children as pointers, as in a version; which they are and in which order say the rows.
    """

    draft = models.ForeignKey(ContentDraft, on_delete=models.PROTECT, related_name="blocks")
    usage_id = models.CharField(max_length=300)
    block_type = models.CharField(max_length=100)
    url_name = models.CharField(max_length=200)
    parent_usage_id = models.CharField(max_length=300, blank=True)  # "" for the course itself
    position = models.PositiveIntegerField()  # among the children of its parent
    display_name = models.CharField(max_length=500, blank=True)
    fields = models.JSONField(default=dict)
    has_score = models.BooleanField(default=False)
    support = models.CharField(max_length=12, choices=BlockSupport)
    reason = models.CharField(max_length=500, blank=True)
    needs_sandbox = models.BooleanField(default=False)
    olx = models.TextField()
    revision = models.PositiveIntegerField(default=0)  # of the draft, when this block's own text last changed
    place_revision = models.PositiveIntegerField(default=0)  # of the draft, when its place last changed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "usage_id"], name="draft_block_once"),
            models.UniqueConstraint(
                fields=["draft", "parent_usage_id", "position"],
                name="draft_block_place_once",
                deferrable=models.Deferrable.DEFERRED,  # two neighbours change places in two statements
            ),
            models.CheckConstraint(
                condition=~models.Q(parent_usage_id=models.F("usage_id")), name="draft_block_not_in_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.usage_id


class DraftFile(models.Model):
    """One row per file of a draft; the bytes lie under their hash, with those of all versions."""

    draft = models.ForeignKey(ContentDraft, on_delete=models.PROTECT, related_name="files")
    path = models.CharField(max_length=500)  # "static/fig.png"
    key = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "path"], name="draft_file_once")]
        indexes = [models.Index(fields=["draft", "key"], name="draft_file_by_key")]

    def __str__(self) -> str:
        return self.path


class DraftDeed(models.Model):
    """One row per deed in a draft: who did what, at which revision. Never changed."""

    draft = models.ForeignKey(ContentDraft, on_delete=models.PROTECT, related_name="deeds")
    revision = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)  # wording.DEEDS
    usage_id = models.CharField(max_length=500, blank=True)  # of the block, or the path of the file
    name = models.CharField(max_length=500, blank=True)  # what it was called then
    actor_person_uuid = models.UUIDField(null=True)
    actor_institution_uuid = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["draft", "revision"], name="draft_deed_once")]

    def __str__(self) -> str:
        return f"r{self.revision} {self.verb} {self.usage_id}"


class Publication(models.Model):
    """One row per publication of a course's content; the last one says what is published. Never changed.

    Which runs show it is in their pins; `runs` keeps which ones this publication gave it to.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="content_publications")
    version = models.ForeignKey("courses.ContentVersion", on_delete=models.PROTECT, related_name="publications")
    previous = models.ForeignKey("courses.ContentVersion", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500)
    runs = models.JSONField(default=list)  # [{"uuid": "…", "code": "2026A"}]
    actor_person_uuid = models.UUIDField(null=True)
    actor_institution_uuid = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.course_id} v{self.version_id}"
