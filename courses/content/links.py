"""Further pages about a version, which applets above offer: content shows the links and knows none of the pages."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class VersionLink:
    """A page about a version: its address takes the course's uuid and the version's number."""

    url_name: str
    label: Any
    for_approvers: bool = False  # also for those who only approve content


_offered: list[VersionLink] = []


def register(link: VersionLink) -> None:
    """Offer a page; called at start."""
    if link not in _offered:
        _offered.append(link)


def of_version(course_uuid: UUID, number: int, *, approver: bool = False) -> list[tuple[Any, str]]:
    """Return label and address of each page, for approvers of those only that they may open."""
    shown = [link for link in _offered if link.for_approvers or not approver]
    return [(link.label, reverse(link.url_name, args=[course_uuid, number])) for link in shown]
