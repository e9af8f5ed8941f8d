"""Celery entry points of the outbox."""

import logging
from typing import Any

from celery import Task, shared_task
from django.conf import settings

from edu.events.actions import BATCH, deliver_due

log = logging.getLogger(__name__)


class HintTask(Task):  # type: ignore[type-arg]  # celery's stubs want parameters that the class does not take
    """A task whose message is only a hint: when the broker is away the deed still stands and beat picks it up."""

    def delay_hint(self, *args: Any) -> None:
        """Send the message if the broker takes it; say so in the log if not."""
        if getattr(settings, "GUIXUE_TASKS_BY_HAND", False):  # tests deliver by hand
            return
        try:
            self.apply_async(args=args, ignore_result=True, retry=False)
        except Exception:  # the broker's own error classes differ by transport
            log.warning("the broker did not take a hint for %s; beat will find the work", self.name)


@shared_task(base=HintTask, name="events.deliver_waiting")
def deliver_waiting() -> int:
    """Deliver what waits; safe to run twice, the rows are claimed. Returns how many were tried."""
    total = 0
    while tried := deliver_due():
        total += tried
        if tried < BATCH:
            break
    return total
