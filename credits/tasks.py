"""Gathers the applets' Celery tasks, since Celery looks here. One import a line."""

from credits.batches import tasks as batches
from credits.certificates import tasks as certificates
from credits.log import tasks as log
from credits.seals import tasks as seals

__all__ = ["batches", "certificates", "log", "seals"]
