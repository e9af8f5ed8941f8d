"""Celery entry points of textbooks."""

from celery import shared_task

from courses.textbooks import jobs, storage
from courses.textbooks.by_uuid import make_textbook_packs
from edu.events.tasks import HintTask


@shared_task(base=HintTask, name="courses.textbooks.make_packs")
def make_packs() -> int:
    """Make the packs that wait, one after the other; safe to run twice and at once. Returns how many were taken."""
    return make_textbook_packs()


@shared_task(base=HintTask, name="courses.textbooks.take_up_stalled_packs")
def take_up_stalled_packs() -> int:
    """Give back packs whose worker died, and make those that wait; returns how many were given back."""
    taken = jobs.take_up_stalled()
    make_packs()
    return taken


@shared_task(base=HintTask, name="courses.textbooks.sweep_packs")
def sweep_packs() -> int:
    """Remove the files of packs that newer ones replaced, and what killed workers left; returns how many."""
    return jobs.forget_old_files() + storage.sweep()
