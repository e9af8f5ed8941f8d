"""Celery entry points of notices."""

from celery import shared_task

from edu.events.tasks import HintTask
from edu.notices import mailing, sending


@shared_task(base=HintTask, name="notices.mail_due")
def mail_due() -> int:
    """Send the mail that is due; safe to run twice, rows are claimed. Returns how many mails went out."""
    return mailing.mail_due()


@shared_task(base=HintTask, name="notices.send_waiting")
def send_waiting() -> int:
    """Hand waiting short messages to their drivers; safe to run twice. Returns how many were taken."""
    return sending.send_waiting()
