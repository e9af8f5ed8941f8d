"""Who may see, fetch and make textbooks. What a textbook is, its hash and its key anybody may read."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Course, Textbook
from courses.content import access as content
from courses.enrolment.models import Enrolment
from courses.enrolment.states import EnrolmentStatus
from courses.textbooks import rules
from courses.textbooks.models import TextbookPack
from courses.textbooks.states import PackStatus
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere

STUDIES = (EnrolmentStatus.ACTIVE.value, EnrolmentStatus.COMPLETED.value)


def textbook_of(course_uuid: UUID) -> Textbook:
    """Return a course's textbook for anybody to read about; NotThere while the course is none."""
    rows = Textbook.objects.select_related("course__institution")
    row = rows.filter(course__uuid=course_uuid, is_active=True).first()
    if row is None:
        raise _not_there()
    return row


def may_fetch(request: HttpRequest, textbook: Textbook) -> bool:
    """True for schools' coordinators and teachers, the textbook's own authors, and learners of the course."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or request.user.pk is None:
        return False
    if actor.role in rules.SCHOOL_ROLES:
        return True
    if actor.role in rules.HOME_ROLES and actor.institution_uuid == textbook.course.institution.uuid:
        return True
    places = Enrolment.objects.filter(person_id=request.user.pk, run__course_id=textbook.course_id, status__in=STUDIES)
    return places.exists()


def pack_to_fetch(request: HttpRequest, course_uuid: UUID, pack_uuid: UUID) -> TextbookPack:
    """Return a pack of which the person may fetch the file; NotThere for others, and when the file is gone."""
    textbook = textbook_of(course_uuid)
    if not may_fetch(request, textbook):
        raise _not_there()
    rows = textbook.packs.select_related("version", "textbook__course")
    pack = rows.filter(uuid=pack_uuid, status=PackStatus.DONE, file_gone_at=None).first()
    if pack is None:
        raise _not_there()
    return pack


def looks_for_textbooks(request: HttpRequest) -> bool:
    """True when the menu of the acting identity shows the shelf."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor is not None and actor.role in rules.SCHOOL_ROLES | rules.HOME_ROLES


def course_to_mark(request: HttpRequest, course_uuid: UUID) -> tuple[Course, Textbook | None, Actor]:
    """Return a course of the acting author's institution with its textbook row, if any; NotThere for others."""
    course, actor = content.course_for(request, course_uuid)
    return course, Textbook.objects.filter(course=course).first(), actor


def _not_there() -> NotThere:
    return NotThere("no-such-textbook", _("There is no such page."))
