"""Celery entry point of seals: nothing in, one action, safe to run twice."""

import logging

from celery import shared_task

from credits.seals import actions
from edu.events.tasks import HintTask
from edu.kernel.actor import SYSTEM
from edu.kernel.errors import Refusal

log = logging.getLogger(__name__)


@shared_task(base=HintTask, name="credits.seal_due_terms")
def seal_due_terms() -> int:
    """Seal the terms whose windows for corrections have closed; returns how many were sealed."""
    try:
        return len(actions.seal_due(acting=SYSTEM))
    except Refusal as refusal:  # beat comes again; the operator reads why
        log.error("no term can be sealed: %s", refusal)
        return 0
