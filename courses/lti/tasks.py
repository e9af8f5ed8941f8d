"""Celery entry points of LTI."""

from celery import shared_task

from courses.lti import inviting, passing_back, picking, platforms, tokens
from edu.events.tasks import HintTask


@shared_task(base=HintTask, name="courses.lti.forget_expired")
def forget_expired() -> int:
    """Delete what is over of tokens and logins; returns how many rows."""
    return tokens.forget_expired() + platforms.forget_old() + picking.forget_old() + inviting.forget_old()


@shared_task(base=HintTask, name="courses.lti.announce_changes")
def announce_changes() -> int:
    """Hand changed scores of linked learners to the outbox; returns how many."""
    return passing_back.announce_changes()
