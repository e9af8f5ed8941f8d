"""What learners leave in blocks: state, scores and completion."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class StateScope(models.TextChoices):
    """Whose state a row holds, in the words of XBlock."""

    USER_STATE = "user_state"  # one person in one block of one run
    PREFERENCES = "preferences"  # one person in all blocks of a type; `usage_id` is the block type
    USER_INFO = "user_info"  # one person everywhere; `usage_id` is empty
    SUMMARY = "user_state_summary"  # all learners of a run in one block (votes, words), or in all of a type, or in all


class BlockState(models.Model):
    """One row per scope, person, run and block: the fields of that scope as one JSON object.

    `revision` grows with every write, so that a page that was read before a handler wrote cannot overwrite it.
    """

    scope = models.CharField(max_length=20, choices=StateScope)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("courses.CourseRun", null=True, on_delete=models.PROTECT, related_name="+")
    usage_id = models.CharField(max_length=300, blank=True)
    state = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "person", "run", "usage_id"], name="block_state_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.usage_id}"


class BlockScore(models.Model):
    """One row per person, run and scored block: the score that stands, and the content version that gave it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="block_scores")
    usage_id = models.CharField(max_length=300)
    earned = models.DecimalField(max_digits=12, decimal_places=6)
    possible = models.DecimalField(max_digits=12, decimal_places=6)
    content_version = models.ForeignKey("courses.ContentVersion", on_delete=models.PROTECT, related_name="+")
    scored_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "person", "usage_id"], name="block_score_once"),
            models.CheckConstraint(
                condition=models.Q(earned__gte=0) & models.Q(possible__gte=0), name="block_score_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.usage_id} {self.earned}/{self.possible}"


class BlockCompletion(models.Model):
    """One row per person, run and block that the person has begun to complete; 1 is done and stays done."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="block_completions")
    usage_id = models.CharField(max_length=300)
    unit_usage_id = models.CharField(max_length=300)
    completion = models.DecimalField(max_digits=4, decimal_places=3)  # 0.000 to 1.000
    completed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "person", "usage_id"], name="block_completion_once"),
            models.CheckConstraint(
                condition=models.Q(completion__gte=0) & models.Q(completion__lte=1), name="block_completion_is_a_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.usage_id} {self.completion}"


class AnswerFile(models.Model):
    """One row per file that a learner has put beside an answer in own words; taken out or erased, it is gone."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="answer_files")
    usage_id = models.CharField(max_length=300)
    number = models.PositiveSmallIntegerField()  # as the package counts them; never used twice
    name = models.CharField(max_length=200)
    description = models.CharField(max_length=250)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)  # by what is in it
    stored = models.CharField(max_length=200, unique=True)  # its name in the private storage
    submission_uuid = models.CharField(max_length=36, blank=True, db_index=True)  # "": the answer is being written
    uploaded_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "person", "usage_id", "number"], name="answer_file_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.usage_id} {self.number}"


class WatchedVideo(models.Model):
    """One row per person, run and video: which seconds of it were played, each once however often it was seen."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="watched_videos")
    usage_id = models.CharField(max_length=300)
    ranges = models.JSONField(default=list)  # [[0, 95], [120, 240]]: in order, without overlaps
    watched_s = models.PositiveIntegerField(default=0)  # what the ranges have together
    watched_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "person", "usage_id"], name="watched_video_once")]

    def __str__(self) -> str:
        return f"{self.usage_id} {self.watched_s} s"


class WatchDay(models.Model):
    """One row per person, run and day with playing: what a study day is follows from it by the policy."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="watch_days")
    day_on = models.DateField()
    fresh_s = models.PositiveIntegerField(default=0)  # seconds of video that the person had not seen before
    played_s = models.PositiveIntegerField(default=0)  # with repeats
    refused_s = models.PositiveIntegerField(default=0)  # claimed beyond what the clock allows
    parallel_s = models.PositiveIntegerField(default=0)  # reported by another page while one was playing
    night_s = models.PositiveIntegerField(default=0)  # played between 0:00 and 4:59

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "person", "day_on"], name="watch_day_once")]

    def __str__(self) -> str:
        return f"{self.day_on} {self.fresh_s} s"


class WatchClock(models.Model):
    """One row per person: when a player last reported, and which page it was. All videos share it."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    beat_at = models.DateTimeField(null=True)
    page = models.CharField(max_length=36, blank=True)

    def __str__(self) -> str:
        return str(self.beat_at)
