"""Who may reach a draft: who may change the content; others get the same 404 as for what is not there."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.authoring import queries
from courses.authoring.models import ContentDraft, DraftBlock
from courses.catalogue.models import Course
from courses.content import access as content
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere


@dataclass(frozen=True, slots=True)
class Work:
    """An author at a course's draft."""

    course: Course
    draft: ContentDraft
    actor: Actor


def course_for(request: HttpRequest, course_uuid: UUID) -> tuple[Course, Actor]:
    """Return a course whose content the person may change, and the actor; NotThere otherwise."""
    return content.course_for(request, course_uuid)


def work_for(request: HttpRequest, course_uuid: UUID) -> Work:
    """Return the draft of a course whose content the person may change; NotThere while there is none."""
    course, actor = course_for(request, course_uuid)
    draft = queries.draft_of(course)
    if draft is None:
        raise NotThere("no-draft", _("Nobody has begun to work on this course."))
    return Work(course, draft, actor)


def block_of(draft: ContentDraft, usage_id: str) -> DraftBlock:
    """Return a block of a draft; NotThere otherwise."""
    row = DraftBlock.objects.filter(draft=draft, usage_id=usage_id).first()
    if row is None:
        raise NotThere("no-such-block", _("This block is not in the draft, or no longer."))
    return row
