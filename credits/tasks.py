"""Gathers the applets' Celery tasks, since Celery looks here. One import a line."""

from credits.batches import tasks as batches
from credits.certificates import tasks as certificates
from credits.log import tasks as log

__all__ = ["batches", "certificates", "log"]
