"""Celery entry points of content."""

from celery import shared_task

from courses.content import jobs, storage
from edu.events.tasks import HintTask


@shared_task(base=HintTask, name="courses.content.run_import")
def run_import(job_id: int) -> str:
    """Carry out one import; safe to run twice. Returns where the job stands."""
    return str(jobs.run_import(job_id).status)


@shared_task(base=HintTask, name="courses.content.take_up_stalled_imports")
def take_up_stalled_imports() -> int:
    """Give back imports whose worker died, and run all that wait; returns how many were run."""
    waiting = jobs.take_up_stalled()
    for job_id in waiting:
        jobs.run_import(job_id)
    return len(waiting)


@shared_task(base=HintTask, name="courses.content.sweep")
def sweep() -> int:
    """Remove files that interrupted imports left; returns how many."""
    return storage.sweep()
