"""Course runs: dated deliveries of a course."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from courses.data import RunPhase


class CourseRunQuerySet(models.QuerySet["CourseRun"]):
    """Named questions about runs."""

    def in_phase(self, phase: RunPhase, *, now: dt.datetime, today: dt.date) -> "CourseRunQuerySet":
        """Return the runs that rules.phase puts into this phase at that moment; a test holds the two together."""
        going_on = Q(ends_on__gte=today)
        over = going_on & Q(enrolment_closes_at__lte=now)
        return self.filter(
            {
                RunPhase.NOT_YET_OPEN: going_on & Q(enrolment_opens_at__gt=now),
                RunPhase.OPEN: going_on & Q(enrolment_opens_at__lte=now, enrolment_closes_at__gt=now),
                RunPhase.CLOSED: over & Q(starts_on__gt=today),
                RunPhase.RUNNING: over & Q(starts_on__lte=today),
                RunPhase.ENDED: Q(ends_on__lt=today),
            }[phase]
        )


class CourseRun(models.Model):
    """One row per delivery of a course (ELMO LOI); whether it is open follows from its dates, never from a column."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="runs")
    code = models.CharField(max_length=40)  # "2026A"
    enrolment_opens_at = models.DateTimeField()
    enrolment_closes_at = models.DateTimeField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    seats = models.PositiveIntegerField(null=True, blank=True)  # None: no limit
    credit_points = models.DecimalField(max_digits=8, decimal_places=2)
    contact_hours = models.DecimalField(max_digits=6, decimal_places=1)
    open_to_others = models.BooleanField(default=False)  # an offering: its host opens it to other institutions
    content = models.ForeignKey(
        "courses.ContentVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="runs"
    )  # the pinned version that learners see
    changed_at = models.DateTimeField(db_default=Now(), editable=False)  # kept by a trigger
    teachers = models.ManyToManyField(settings.AUTH_USER_MODEL, through="courses.RunTeacher", related_name="+")

    objects = CourseRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "code"], name="run_code_once"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="run_dates_in_order"),
            models.CheckConstraint(
                condition=models.Q(enrolment_closes_at__gt=models.F("enrolment_opens_at")),
                name="run_enrolment_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RunTeacher(models.Model):
    """One row per teacher of a run."""

    run = models.ForeignKey(CourseRun, on_delete=models.CASCADE, related_name="run_teachers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="taught_runs")
    leads = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "person"], name="teacher_once_per_run")]

    def __str__(self) -> str:
        return str(self.pk)
