"""Gathers what the applets listen to, since the outbox looks here."""

from uuid import UUID

from courses.announcements.actions import tell_learners
from courses.events import ANNOUNCED
from edu.events.registry import Happened, subscribe


@subscribe(ANNOUNCED, name="courses.tell_learners")
def tell_learners_of(happened: Happened) -> None:
    """Put an announcement into the inboxes of the run's learners."""
    tell_learners(UUID(happened.payload["announcement_uuid"]), acting=happened.actor)
