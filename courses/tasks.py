"""Gathers the applets' tasks, since Celery looks here."""

from courses.content.tasks import run_import, sweep, take_up_stalled_imports
from courses.grading.tasks import look_for_signals, run_regrade, take_up_stalled_regrades
from courses.lti.tasks import announce_changes, forget_expired
from courses.media.tasks import make_renditions, sweep_renditions, take_up_stalled_renditions
from courses.runtime.tasks import sweep_answer_files
from courses.textbooks.tasks import make_packs, sweep_packs, take_up_stalled_packs
from courses.xapi.tasks import announce_waiting, forget_sent

__all__ = [
    "announce_changes",
    "announce_waiting",
    "forget_expired",
    "forget_sent",
    "look_for_signals",
    "make_packs",
    "make_renditions",
    "run_import",
    "run_regrade",
    "sweep",
    "sweep_answer_files",
    "sweep_packs",
    "sweep_renditions",
    "take_up_stalled_imports",
    "take_up_stalled_packs",
    "take_up_stalled_regrades",
    "take_up_stalled_renditions",
]
