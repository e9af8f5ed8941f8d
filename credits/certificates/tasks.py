"""Celery entry points of certificates: ids in, one action, safe to run twice."""

from uuid import UUID

from celery import shared_task

from credits.certificates import drawing
from edu.events.tasks import HintTask


@shared_task(base=HintTask, name="credits.draw_certificate")
def draw_certificate(certificate_uuid: str) -> bool:
    """Draw the paper of one certificate."""
    return drawing.draw(UUID(certificate_uuid))


@shared_task(base=HintTask, name="credits.draw_waiting_certificates")
def draw_waiting_certificates() -> int:
    """Draw what was requested and is lying: lost hints, killed workers, failed tries. Beat calls it."""
    return drawing.draw_waiting() + drawing.complete_waiting()
