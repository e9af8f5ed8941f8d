"""Gathers what the applets listen to, since the outbox looks here."""

from uuid import UUID

from django.db import transaction

from courses.announcements.actions import tell_learners
from courses.events import ANNOUNCED, CONTENT_IMPORTED
from courses.media.actions import request_renditions
from courses.media.tasks import make_renditions
from edu.events.registry import Happened, subscribe


@subscribe(ANNOUNCED, name="courses.tell_learners")
def tell_learners_of(happened: Happened) -> None:
    """Put an announcement into the inboxes of the run's learners."""
    tell_learners(UUID(happened.payload["announcement_uuid"]), acting=happened.actor)


@subscribe(CONTENT_IMPORTED, name="courses.request_renditions")
def request_renditions_of(happened: Happened) -> None:
    """Ask for the lighter copies of a new version's films."""
    if request_renditions(UUID(happened.payload["version_uuid"]), acting=happened.actor):
        transaction.on_commit(make_renditions.delay_hint)
