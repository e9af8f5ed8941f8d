"""What other applets have to say before a draft is published: differences, findings, what stands against it.

An applet registers a function at start; it gets the draft's course and the version that holds what the draft holds
(None while there is none), and answers with a panel or None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Course
from courses.content import checking
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


@register_publish_panel
def _check(course: Course, version: ContentVersion | None) -> PublishPanel | None:
    if version is None:
        return None
    must = sum(entry["count"] for entry in checking.must_be_fixed(version))
    url = reverse("courses:content_check", args=[course.uuid, version.number])
    if not must:
        return PublishPanel(
            "done", _("Checked"), _("The check found nothing that must be fixed."), url, _("Read the check")
        )
    text = _("The check found %(count)s things that must be fixed.") % {"count": must}
    return PublishPanel("bad", _("To be fixed"), text, url, _("Read the check"))


@register_publish_panel
def _changes(course: Course, version: ContentVersion | None) -> PublishPanel | None:
    if version is None or version.number == 1:
        return None
    url = reverse("courses:content_compare", args=[course.uuid]) + f"?new={version.number}"
    text = _("Version %(number)s can be compared with what learners see.") % {"number": version.number}
    return PublishPanel("info", _("Changes"), text, url, _("What changed"))


@register_publish_panel
def _unsaved(course: Course, version: ContentVersion | None) -> PublishPanel | None:
    if version is not None:
        return None
    text = _("Save the draft as a version to read its check and to compare it, before learners see it.")
    return PublishPanel(
        "info", _("Not saved"), text, reverse("courses:authoring_save", args=[course.uuid]), _("Save as a version")
    )


def panels_for(course: Course, version: ContentVersion | None) -> list[PublishPanel]:
    """Return what the registered applets have to say, in the order of registration."""
    return [panel for offer in _offers if (panel := offer(course, version)) is not None]
