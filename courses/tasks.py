"""Gathers the applets' tasks, since Celery looks here."""

from courses.content.tasks import run_import, sweep, take_up_stalled_imports

__all__ = ["run_import", "sweep", "take_up_stalled_imports"]
