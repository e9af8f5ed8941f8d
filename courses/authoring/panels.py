"""What other applets have to say before a draft is published: differences, findings, what stands against it.

An applet registers a function at start; it gets the draft's course and the version that the draft was begun from or
saved as (None before the first), and answers with a panel or None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from courses.catalogue.models import Course
from courses.content.models import ContentVersion


@dataclass(frozen=True, slots=True)
class PublishPanel:
    """A line on the pages of saving and publishing: a sentence with a tone, and a link to more."""

    tone: str  # of the status tag: neutral, info, warn, ok, bad, done
    word: Any
    text: Any
    url: str = ""
    label: Any = ""


Offer = Callable[[Course, ContentVersion | None], PublishPanel | None]
_offers: list[Offer] = []


def register_publish_panel(offer: Offer) -> Offer:
    """Offer a panel; registering twice changes nothing."""
    if offer not in _offers:
        _offers.append(offer)
    return offer


def panels_for(course: Course, version: ContentVersion | None) -> list[PublishPanel]:
    """Return what the registered applets have to say, in the order of registration."""
    return [panel for offer in _offers if (panel := offer(course, version)) is not None]
