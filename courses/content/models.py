"""Course content: immutable versions of a tree of blocks, the files they show, and the imports that made them."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from courses.content import sandbox
from courses.content.states import ImportStatus, SubmissionStatus
from edu.events.history import StateMove


class ContentVersion(models.Model):
    """One row per imported or published state of a course's content; never changed afterwards."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="content_versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 over blocks, policies and files: rules.digest
    title = models.CharField(max_length=200)
    source_name = models.CharField(max_length=200)  # the name of the archive or folder it came from
    source_run = models.CharField(max_length=255)  # url_name of the OLX root, "DemoCourse"; names the policies' folder
    source_org = models.CharField(max_length=255, blank=True)
    source_course = models.CharField(max_length=255, blank=True)
    grading_policy = models.JSONField(default=dict)  # grading_policy.json: GRADER, GRADE_CUTOFFS
    course_policy = models.JSONField(
        default=dict
    )  # policies/<run>/policy.json, whole; may hold LTI secrets, staff only
    report = models.JSONField(default=dict)  # see courses/content/reports.py
    block_count = models.PositiveIntegerField(default=0)
    recorded_by_uuid = models.UUIDField(null=True)  # None: the system
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="content_number_once"),
            # The same archive imported twice is the same version: nothing to compare, nothing to pin anew.
            models.UniqueConstraint(fields=["course", "digest"], name="content_digest_once"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class BlockSupport(models.TextChoices):
    """What this installation can do with a block."""

    SUPPORTED = "supported"
    PLACEHOLDER = "placeholder"  # kept whole and exported again; learners see that something is here
    REFUSED = "refused"  # kept as text; its content is broken or unsafe, the reason says how


class ContentBlockQuerySet(models.QuerySet["ContentBlock"]):
    """Named questions about blocks."""

    def met_by_learners(self) -> "ContentBlockQuerySet":
        """Leave out what authors hide from learners, by itself or by what it stands in: nobody can do it."""
        hidden = {"visible_to_staff_only": True}
        return self.exclude(Q(fields__contains={"settings": hidden}) | Q(inherited__contains=hidden))

    def run_here(self) -> "ContentBlockQuerySet":
        """Leave out placeholders, broken ones, and scripts where no sandbox runs them."""
        rows = self.filter(support=BlockSupport.SUPPORTED)
        return rows if sandbox.is_there() else rows.filter(needs_sandbox=False)

    def asked_of_learners(self) -> "ContentBlockQuerySet":
        """Leave out what learners do not see or cannot do: it would be a zero that nobody can help."""
        return self.met_by_learners().run_here()


class ContentBlock(models.Model):
    """One row per block of a version, in preorder; a unit and all below it carry the unit's id: one query reads it."""

    version = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="blocks")
    ordinal = models.PositiveIntegerField()  # preorder: parents before children, siblings in order
    usage_id = models.CharField(max_length=300)  # "problem@4a0070d6", the same in every version of the course
    block_type = models.CharField(max_length=100)  # the OLX tag
    url_name = models.CharField(max_length=200)
    parent_usage_id = models.CharField(max_length=300, blank=True)  # "" for the course itself
    level = models.CharField(max_length=12)  # course, section, subsection, unit, block
    unit_usage_id = models.CharField(max_length=300, blank=True)  # the unit it is or stands in; "" above units
    subsection_usage_id = models.CharField(max_length=300, blank=True)
    display_name = models.CharField(max_length=500, blank=True)
    fields = models.JSONField(default=dict)  # {"settings": {...}, "content": {...}}: name -> field.to_json(value)
    inherited = models.JSONField(
        default=dict
    )  # what ancestors give: graded, format, start, due, visible_to_staff_only…
    graded = models.BooleanField(default=False)  # it counts: it has a score and stands in a graded subsection
    has_score = models.BooleanField(default=False)
    assignment_type = models.CharField(max_length=200, blank=True)  # `format`: the GRADER it counts in
    support = models.CharField(max_length=12, choices=BlockSupport)
    reason = models.CharField(max_length=500, blank=True)  # why not supported
    needs_sandbox = models.BooleanField(default=False)  # a problem with a script
    olx = models.TextField()  # its own element with its definition, children as pointers, asides kept: what is exported

    objects = ContentBlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "ordinal"], name="block_ordinal_once"),
            models.UniqueConstraint(fields=["version", "usage_id"], name="block_usage_once"),
        ]
        indexes = [models.Index(fields=["version", "unit_usage_id", "ordinal"], name="block_by_unit")]

    def __str__(self) -> str:
        return self.usage_id


class ContentAsset(models.Model):
    """One row per file of a version; the bytes are stored once per hash, whatever number of versions show them."""

    version = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="assets")
    path = models.CharField(max_length=500)  # inside the course's folder: "static/fig.png", "about/overview.html"
    key = models.CharField(max_length=500)  # the path as Studio's addresses spell it: rules.asset_key
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "path"], name="asset_path_once")]
        indexes = [models.Index(fields=["version", "key"], name="asset_by_key")]

    def __str__(self) -> str:
        return self.path


class ContentCheck(models.Model):
    """One row per version and edition of the rules of linting.py: what a check found. It follows from the version.

    Whoever asks first has it written; it is never changed, since neither the version nor the edition is.
    """

    version = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="checks")
    edition = models.CharField(max_length=40)  # linting.EDITION
    must = models.PositiveIntegerField()
    look = models.PositiveIntegerField()
    info = models.PositiveIntegerField()
    findings = models.JSONField(default=list)  # see courses/content/checking.py
    units = models.JSONField(default=list)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "edition"], name="content_check_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.edition}"


class ImportJob(models.Model):
    """One row per import that somebody asked for; the truth about it, whatever the broker says."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="import_jobs")
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in ImportStatus], default=ImportStatus.WAITING
    )
    source_name = models.CharField(max_length=200)
    upload = models.CharField(max_length=300)  # name in the storage of uploads; emptied when the job has ended
    upload_size = models.BigIntegerField()
    stage = models.CharField(max_length=20, blank=True)  # check, parse, files, write
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)  # who may write; a worker that lost its lease finds another token
    leased_until = models.DateTimeField(null=True)
    refusal_code = models.CharField(max_length=60, blank=True)
    refusal_message = models.CharField(max_length=1000, blank=True)
    refusal_details = models.JSONField(default=dict)
    version = models.ForeignKey(
        ContentVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="import_jobs"
    )
    requested_by_uuid = models.UUIDField(null=True)
    requested_for_uuid = models.UUIDField(null=True)  # the institution the person acts for
    requested_role = models.CharField(max_length=40)
    language = models.CharField(max_length=10, default="zh-hans")  # of the person who asked: refusals are said in it
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                fields=["leased_until"],
                condition=models.Q(status__in=[ImportStatus.WAITING.value, ImportStatus.RUNNING.value]),
                name="import_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_name} {self.status}"


class ImportMove(StateMove):
    """One row per move of an import."""

    subject = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="moves")


class ContentSubmission(models.Model):
    """One row per version that an author sent for approval: what for, with which findings, and the page's workflow."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="content_submissions")
    version = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="submissions")
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in SubmissionStatus], default=SubmissionStatus.WAITING
    )
    runs = models.JSONField(default=list)  # whose learners shall see it: [{"uuid": …, "code": …}]
    note = models.CharField(max_length=500)
    workflow = models.ForeignKey("wagtailcore.WorkflowState", null=True, on_delete=models.SET_NULL, related_name="+")
    submitted_by_uuid = models.UUIDField()
    submitted_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["course"],
                condition=models.Q(status=SubmissionStatus.WAITING.value),
                name="one_submission_waits",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.status}"


class SubmissionMove(StateMove):
    """One row per move of a submission: who decided, and why."""

    subject = models.ForeignKey(ContentSubmission, on_delete=models.CASCADE, related_name="moves")


class ContentPin(models.Model):
    """One row per decision which version the learners of a run see; the last one holds. Never changed."""

    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="content_pins")
    version = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="pins")
    previous = models.ForeignKey(ContentVersion, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    # Findings that must be fixed and in spite of which it was published: [{"code": "foreign-frame", "count": 2}].
    overridden = models.JSONField(default=list)
    submission = models.ForeignKey(ContentSubmission, null=True, on_delete=models.PROTECT, related_name="pins")
    actor_person_uuid = models.UUIDField(null=True)
    actor_institution_uuid = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.run_id} → {self.version_id}"

    @property
    def is_rollback(self) -> bool:
        """True when an older version took the place of a newer one."""
        return self.previous is not None and self.version.number < self.previous.number
