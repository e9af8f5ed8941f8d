"""Celery entry points of learning records."""

from celery import shared_task

from courses.xapi import sending
from edu.events.tasks import HintTask


@shared_task(base=HintTask, name="courses.xapi.announce_waiting")
def announce_waiting() -> int:
    """Hand waiting learning records to the outbox; returns how many."""
    return sending.announce_waiting()


@shared_task(base=HintTask, name="courses.xapi.forget_sent")
def forget_sent() -> int:
    """Delete learning records that were sent a month ago; returns how many."""
    return sending.forget_sent()
