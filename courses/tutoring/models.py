"""Tutoring hours, their seats, and who booked one."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

PERSON_STRIDE = 2**32  # minutes since 1970 stay below it for 8,000 years


def busy(person: str) -> Func:
    """Return the range of minutes in which a person is busy, shifted to a stretch of numbers that is theirs alone.

    So hours of one person exclude each other by a plain range index: no extension of PostgreSQL is needed.
    """
    base = F(person) * Value(PERSON_STRIDE, output_field=models.BigIntegerField())
    return Func(
        base + F("starts_minute"), base + F("ends_minute"), function="int8range", output_field=BigIntegerRangeField()
    )


class TutoringSlot(models.Model):
    """One row per hour that a teacher offers; it is called off rather than changed, since people have planned on it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey("courses.CourseRun", on_delete=models.PROTECT, related_name="tutoring_slots")
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="tutoring_slots"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    starts_minute = models.BigIntegerField()  # the same in whole minutes since 1970, for `busy`
    ends_minute = models.BigIntegerField()
    place = models.CharField(max_length=200)
    topic = models.CharField(max_length=80, blank=True)
    offered_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_minute__gt=F("starts_minute")), name="slot_in_order"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancelled_reason=""), name="slot_cancelled_with_reason"
            ),
            ExclusionConstraint(
                name="teacher_in_one_slot_at_a_time",
                expressions=[(busy("teacher_id"), "&&")],
                condition=Q(cancelled_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["run", "starts_at"], name="slot_by_run")]

    def __str__(self) -> str:
        return str(self.uuid)


class TutoringSeat(models.Model):
    """One row per seat of an hour, made with it: the capacity is the number of rows, so it cannot be exceeded."""

    slot = models.ForeignKey(TutoringSlot, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "number"], name="seat_once_per_slot")]

    def __str__(self) -> str:
        return str(self.number)


class TutoringBooking(models.Model):
    """One row per seat and learner who booked it; a booking that was given back stays, without its question."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(TutoringSeat, on_delete=models.PROTECT, related_name="bookings")
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="tutoring_bookings"
    )
    starts_minute = models.BigIntegerField()  # the slot's, for `busy`
    ends_minute = models.BigIntegerField()
    question = models.CharField(max_length=300, blank=True)  # what the learner wants to speak about
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by_teacher = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(cancelled_at__isnull=True), name="seat_taken_once"),
            ExclusionConstraint(
                name="learner_in_one_slot_at_a_time",
                expressions=[(busy("learner_id"), "&&")],
                condition=Q(cancelled_at__isnull=True, learner__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["learner", "starts_minute"], name="booking_by_learner")]

    def __str__(self) -> str:
        return str(self.uuid)
