"""Celery entry points of LTI."""

from celery import shared_task

from courses.lti import tokens
from edu.events.tasks import HintTask


@shared_task(base=HintTask, name="courses.lti.forget_expired")
def forget_expired() -> int:
    """Delete the numbers of tokens that have expired; returns how many."""
    return tokens.forget_expired()
