"""Gathers the applets' Celery tasks, since Celery looks here. One import a line."""

from credits.certificates import tasks as certificates

__all__ = ["certificates"]
