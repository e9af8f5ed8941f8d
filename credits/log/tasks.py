"""Celery entry points of the log: nothing in, one action, safe to run twice."""

import logging

from celery import shared_task

from credits.log import sequencer
from edu.events.tasks import HintTask
from edu.kernel.errors import Refusal

log = logging.getLogger(__name__)


@shared_task(base=HintTask, name="credits.sequence_log")
def sequence_log() -> int:
    """Place what is pending and publish a checkpoint; returns how many entries were placed."""
    try:
        done = sequencer.sequence()
    except Refusal as refusal:  # beat comes again; health says the same to the operator
        log.error("the log does not go on: %s", refusal)
        return 0
    return done.placed if done else 0
