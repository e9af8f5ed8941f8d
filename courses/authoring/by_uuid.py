"""Drafts for those outside the app, who know courses by their uuids."""

from uuid import UUID

from lxml import etree

from courses.authoring import editors, structure
from courses.catalogue.models import Course
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere


def begin_draft(course_uuid: UUID, *, acting: Actor) -> None:
    """Begin the draft of a course from its newest version; nothing happens when somebody has begun it."""
    structure.begin(course_id=_key(course_uuid), acting=acting)


def draft_text(course_uuid: UUID, parent: str, *, name: str, text: str, acting: Actor) -> str:
    """Add a text at the end of a unit of the draft; returns its usage id."""
    element = etree.Element("html", display_name=name)
    return structure.add_block(
        course_id=_key(course_uuid), parent=parent, element=element, text=editors.as_html(text), acting=acting
    )


def _key(course_uuid: UUID) -> int:
    key = Course.objects.filter(uuid=course_uuid).values_list("pk", flat=True).first()
    if key is None:
        raise NotThere("no-such-course")
    return key
