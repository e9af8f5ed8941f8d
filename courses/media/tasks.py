"""Celery entry points of films. They have a queue of their own: a copy takes minutes."""

from celery import shared_task

from courses.media import jobs, storage
from edu.events.tasks import HintTask


@shared_task(base=HintTask, name="courses.media.make_renditions")
def make_renditions() -> bool:
    """Make one copy that waits, and hint at the next; safe to run twice and at once. Returns whether one was made."""
    made = jobs.run_next() is not None
    if made and jobs.waits():
        make_renditions.delay_hint()
    return made


@shared_task(base=HintTask, name="courses.media.take_up_stalled_renditions")
def take_up_stalled_renditions() -> int:
    """Give back copies whose worker died, and make one that waits; returns how many were given back."""
    taken = jobs.take_up_stalled()
    make_renditions()
    return taken


@shared_task(base=HintTask, name="courses.media.sweep_renditions")
def sweep_renditions() -> int:
    """Remove files that killed workers left; returns how many."""
    return storage.sweep()
