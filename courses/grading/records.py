"""What people enter beside the content: meetings, exams and their marks, scores that somebody set, uploaded sheets,
wishes to grade again, and cases to look at.

Django finds these models through courses/models.py.
"""

import uuid

from django.db import models
from django.db.models.functions import Now

from courses.grading.policy import EXAM, MEETINGS
from courses.grading.rules import ABSENT, DEFERRED, EXCUSED, LATE, POSTPONED, PRESENT, REGULAR, RESIT
from courses.grading.states import CaseStatus, RegradeStatus, SheetStatus
from edu.events.history import StateMove

KINDS = [(kind, kind) for kind in (MEETINGS, EXAM)]
ROUNDS = [(name, name) for name in (REGULAR, DEFERRED, RESIT)]
MARKS = [(name, name) for name in (PRESENT, LATE, ABSENT, EXCUSED, POSTPONED)]
SHEET_CHOICES = [(status.value, status.value) for status in SheetStatus]
REGRADE_CHOICES = [(status.value, status.value) for status in RegradeStatus]
CASE_CHOICES = [(status.value, status.value) for status in CaseStatus]


class Deed(models.Model):
    """Base of rows that are written once: who, for whom, in which role, when, why."""

    reason = models.CharField(max_length=500, blank=True)
    actor_person_uuid = models.UUIDField(null=True)
    actor_institution_uuid = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class Session(models.Model):
    """One row per meeting in person or sitting of an exam. A cancelled one counts for nobody and stays."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="grade_sessions")
    kind = models.CharField(max_length=10, choices=KINDS)
    component = models.CharField(max_length=100)  # name of the policy's component for which it counts
    round = models.CharField(max_length=10, choices=ROUNDS, default=REGULAR)
    title = models.CharField(max_length=100)
    starts_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    room = models.CharField(max_length=100)
    invigilator_uuid = models.UUIDField(null=True)  # who supervises an exam, or leads a meeting
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=500, blank=True)
    created_by_uuid = models.UUIDField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["starts_at", "id"]

    def __str__(self) -> str:
        return self.title


class SessionMark(models.Model):
    """One row per learner and session: the sign-in list of a meeting, the scores of an exam. Its past stands beside."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="marks")
    enrolment = models.ForeignKey("courses.Enrolment", on_delete=models.PROTECT, related_name="session_marks")
    status = models.CharField(max_length=10, choices=MARKS)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # of a sitting, 0 to 100

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="session_mark_once"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=0, score__lte=100),
                name="session_score_is_percent",
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(status__in=[PRESENT, LATE]),
                name="session_score_needs_presence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.score or ''}".strip()


class SessionMarkChange(Deed):
    """One row per change of a mark; never changed itself. Empty `was_status`: there was no mark before."""

    mark = models.ForeignKey(SessionMark, on_delete=models.PROTECT, related_name="changes")
    was_status = models.CharField(max_length=10, blank=True)
    was_score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    status = models.CharField(max_length=10)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)


class ScoreDecision(Deed):
    """One row per score that somebody set instead of the computed one, or took back (None). The newest holds."""

    enrolment = models.ForeignKey("courses.Enrolment", on_delete=models.PROTECT, related_name="score_decisions")
    line = models.CharField(max_length=100, blank=True)  # name of a part of the grade; "" is the whole
    was = models.DecimalField(max_digits=5, decimal_places=2)  # what counted before
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta(Deed.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=0, score__lte=100),
                name="decided_score_is_percent",
            ),
        ]
        indexes = [models.Index(fields=["enrolment", "line"], name="score_decision_by_line")]


class GradeSheet(models.Model):
    """One row per uploaded gradebook: what it would change, said before anything is written."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="grade_sheets")
    status = models.CharField(max_length=10, choices=SHEET_CHOICES, default=SheetStatus.PREVIEWED.value)
    name = models.CharField(max_length=200)
    changes = models.JSONField(default=list)  # see sheets.Change
    problems = models.JSONField(default=list)  # [{row, code, message}]
    rows_total = models.PositiveIntegerField()
    uploaded_by_uuid = models.UUIDField()
    uploaded_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class GradeSheetMove(StateMove):
    """One row per move of an uploaded sheet; never changed."""

    subject = models.ForeignKey(GradeSheet, on_delete=models.PROTECT, related_name="moves")


class IntegrityCase(models.Model):
    """One row per signal that a person should look at. It changes no score; `facts` are figures, never answers."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey("courses.Enrolment", on_delete=models.PROTECT, related_name="integrity_cases")
    signal = models.CharField(max_length=20)  # see integrity_rules.SIGNALS
    status = models.CharField(max_length=10, choices=CASE_CHOICES, default=CaseStatus.OPEN.value)
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "signal"], name="integrity_case_once")]

    def __str__(self) -> str:
        return self.signal


class IntegrityMove(StateMove):
    """One row per move of a case; never changed."""

    subject = models.ForeignKey(IntegrityCase, on_delete=models.PROTECT, related_name="moves")


class RegradeJob(models.Model):
    """One row per wish to grade a problem again by the pinned content. `done` learners have their line already."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="regrades")
    version = models.ForeignKey("courses.ContentVersion", on_delete=models.PROTECT, related_name="+")
    usage_id = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)
    status = models.CharField(max_length=10, choices=REGRADE_CHOICES, default=RegradeStatus.WAITING.value)
    progress_total = models.PositiveIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    requested_by_uuid = models.UUIDField()
    requested_for_uuid = models.UUIDField(null=True)
    requested_role = models.CharField(max_length=40)
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.usage_id} {self.status}"


class RegradeMove(StateMove):
    """One row per move of a regrade; never changed."""

    subject = models.ForeignKey(RegradeJob, on_delete=models.PROTECT, related_name="moves")


class RegradeLine(models.Model):
    """One row per learner of a regrade: the points before and after. Written once, so that no repeat counts twice."""

    job = models.ForeignKey(RegradeJob, on_delete=models.PROTECT, related_name="lines")
    enrolment = models.ForeignKey("courses.Enrolment", on_delete=models.PROTECT, related_name="regrade_lines")
    outcome = models.CharField(max_length=10)  # "changed", "same", "failed"
    earned_before = models.DecimalField(max_digits=12, decimal_places=6)
    possible_before = models.DecimalField(max_digits=12, decimal_places=6)
    earned_after = models.DecimalField(max_digits=12, decimal_places=6)
    possible_after = models.DecimalField(max_digits=12, decimal_places=6)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "enrolment"], name="regrade_line_once")]

    def __str__(self) -> str:
        return self.outcome
