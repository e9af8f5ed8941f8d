"""What the tutoring screens show, in a fixed number of queries."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Prefetch, Q
from django.utils.translation import get_language

from courses.enrolment.participants import Participant
from courses.tutoring.models import TutoringBooking, TutoringSlot
from edu.kernel import clock

PAST_SHOWN_MAX = 20  # of a teacher's earlier hours
BOOKED = Count("seats__bookings", filter=Q(seats__bookings__cancelled_at__isnull=True), distinct=True)
SEATS = Count("seats", distinct=True)


@dataclass(frozen=True, slots=True)
class SlotLine:
    """An hour as a learner sees it; the place only to those who have a seat."""

    uuid: UUID
    teacher: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    topic: str
    place: str
    seats_left: int
    seats: int
    mine: bool
    cancelled_reason: str


@dataclass(frozen=True, slots=True)
class DeskLine:
    """An hour as teachers of the run see it, with who has booked."""

    uuid: UUID
    teacher: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    topic: str
    place: str
    seats: int
    bookings: tuple[tuple[str, str], ...]  # name, question
    cancelled_reason: str
    over: bool


def slots_for_learner(one: Participant) -> tuple[SlotLine, ...]:
    """Return the hours still to come; those called off only where the learner had a seat."""
    mine = TutoringBooking.objects.filter(learner_id=one.person_id, seat__slot__run=one.run)
    held = set(mine.filter(cancelled_at__isnull=True).values_list("seat__slot_id", flat=True))
    lost = set(mine.filter(cancelled_by_teacher=True).values_list("seat__slot_id", flat=True))
    rows = TutoringSlot.objects.filter(run=one.run, ends_at__gt=clock.now()).select_related("teacher")
    rows = rows.filter(Q(cancelled_at__isnull=True) | Q(pk__in=lost)).annotate(booked=BOOKED, seat_count=SEATS)
    return tuple(
        SlotLine(
            uuid=row.uuid,
            teacher=_name(row),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            topic=row.topic,
            place=row.place if row.pk in held else "",
            seats_left=row.seat_count - row.booked,
            seats=row.seat_count,
            mine=row.pk in held,
            cancelled_reason=row.cancelled_reason,
        )
        for row in rows.order_by("starts_at", "pk")
    )


def slots_for_teacher(one: Participant) -> tuple[DeskLine, ...]:
    """Return the run's hours with who booked them: those to come first, then the latest that are over."""
    living = TutoringBooking.objects.filter(cancelled_at__isnull=True).select_related("learner")
    rows = TutoringSlot.objects.filter(run=one.run).select_related("teacher")
    rows = rows.prefetch_related("seats", Prefetch("seats__bookings", queryset=living, to_attr="living"))
    now = clock.now()
    ahead = rows.filter(ends_at__gt=now).order_by("starts_at", "pk")
    over = rows.filter(ends_at__lte=now).order_by("-starts_at", "-pk")[:PAST_SHOWN_MAX]
    return tuple(_desk_line(row, over=row.ends_at <= now) for row in (*ahead, *over))


def _desk_line(row: TutoringSlot, *, over: bool) -> DeskLine:
    seats = sorted(row.seats.all(), key=lambda seat: seat.number)
    living = [booking for seat in seats for booking in seat.living]  # type: ignore[attr-defined]  # prefetched above
    return DeskLine(
        uuid=row.uuid,
        teacher=_name(row),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        topic=row.topic,
        place=row.place,
        seats=len(seats),
        bookings=tuple((one.learner.name if one.learner else "", one.question) for one in living),
        cancelled_reason=row.cancelled_reason,
        over=over,
    )


def _name(row: TutoringSlot) -> str:
    chinese = (get_language() or "zh-hans").startswith("zh")
    if row.teacher is None:
        return ""
    return row.teacher.name if chinese or not row.teacher.name_latin else row.teacher.name_latin
