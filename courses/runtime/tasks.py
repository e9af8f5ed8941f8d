"""Celery entry points of the runtime."""

from celery import shared_task

from courses.runtime import answerfiles
from edu.events.tasks import HintTask


@shared_task(base=HintTask, name="courses.runtime.sweep_answer_files")
def sweep_answer_files() -> int:
    """Remove bytes of files whose answers were never written; returns how many."""
    return answerfiles.sweep()
