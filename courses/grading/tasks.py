"""Celery entry points of grading."""

from celery import shared_task

from courses.grading import integrity, regrading
from edu.events.tasks import HintTask


@shared_task(base=HintTask, name="courses.grading.run_regrade")
def run_regrade(job_id: int) -> str:
    """Carry out one regrade; safe to run twice. Returns where the job stands."""
    return str(regrading.run_regrade(job_id).status)


@shared_task(base=HintTask, name="courses.grading.take_up_stalled_regrades")
def take_up_stalled_regrades() -> int:
    """Give back regrades whose worker died, and run all that wait; returns how many were run."""
    waiting = regrading.take_up_stalled()
    for job_id in waiting:
        regrading.run_regrade(job_id)
    return len(waiting)


@shared_task(base=HintTask, name="courses.grading.look_for_signals")
def look_for_signals() -> int:
    """Open a case for each new signal in the runs that go on; returns how many were opened."""
    return integrity.look_everywhere()
