"""Celery entry points of batches: ids in, safe to run twice. A lost message costs a quarter of a minute."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from credits.batches import archives, working
from credits.batches.models import Batch
from credits.batches.states import BatchStatus, LineStatus
from edu.events.tasks import HintTask

AT_WORK = (BatchStatus.WAITING, BatchStatus.RUNNING)


@shared_task(base=HintTask, name="credits.work_on_batch")
def work_on_batch(batch_id: int) -> bool:
    """Work on a batch for a while and hand on; when it has ended, have its archives built."""
    more = working.work(batch_id)
    if more and Batch.objects.filter(pk=batch_id, lines__leased_until__isnull=True, lines__status="waiting").exists():
        work_on_batch.delay_hint(batch_id)
    if not more:
        build_archives.delay_hint()
    return more


@shared_task(base=HintTask, name="credits.take_up_batches")
def take_up_batches() -> int:
    """Hint at every batch that nobody is working on: lost hints, killed workers, papers that waited for the log."""
    hinted = 0
    for batch in Batch.objects.filter(status__in=AT_WORK):
        if not batch.lines.filter(status=LineStatus.WAITING, leased_until__gt=timezone.now()).exists():
            start(batch.pk)
            hinted += 1
    build_archives.delay_hint()
    return hinted


@shared_task(base=HintTask, name="credits.build_archives")
def build_archives() -> int:
    """Build the archives of batches that have ended."""
    return archives.build_waiting()


@shared_task(base=HintTask, name="credits.forget_archives")
def forget_archives() -> int:
    """Delete the files of archives that have lain long enough."""
    return archives.forget()


def start(batch_id: int) -> None:
    """Hint to as many workers as a batch may have at once, GUIXUE_BATCH_WORKERS (2)."""
    for _worker in range(getattr(settings, "GUIXUE_BATCH_WORKERS", 2)):
        work_on_batch.delay_hint(batch_id)
