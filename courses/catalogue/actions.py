"""Making a course."""

import re
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.catalogue.models import Course
from courses.catalogue.queries import course_info, institution_key
from courses.data import CourseInfo
from edu.events.actions import record
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, Refusal

MAY_MAKE_COURSES = frozenset({"author", "teacher", "registrar"})  # of the course's own institution
MAY_ANYWHERE = frozenset({"operator", "system"})
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")  # a DNS label (RFC 1035), as long as the column


@transaction.atomic
def create_course(
    *, institution_uuid: UUID, code: str, name_zh: str, label: str, acting: Actor, name_en: str = ""
) -> CourseInfo:
    """Make a course of an institution.

    Refusals: "label-malformed", "course-code-taken", "label-taken"; NotPermitted unless the actor is a teacher,
    author or registrar of the institution, an operator or the system.
    """
    require_may_make(institution_uuid, acting)
    if not LABEL.fullmatch(label):
        raise Refusal(
            "label-malformed", _("Write the label in small letters, digits and hyphens, for example stat-101.")
        )
    key = institution_key(institution_uuid)
    if Course.objects.filter(institution_id=key, code=code).exists():
        raise Refusal("course-code-taken", _("The institution has a course with this code already."))
    if Course.objects.filter(label=label).exists():
        raise Refusal("label-taken", _("Another course has this label; choose a different one."))
    row = Course.objects.create(institution_id=key, code=code, name_zh=name_zh, name_en=name_en, label=label)
    record(
        events.COURSE_CREATED, {"course_uuid": str(row.uuid), "institution_uuid": str(institution_uuid)}, acting=acting
    )
    return course_info(row)


def require_may_make(institution_uuid: UUID, acting: Actor) -> None:
    """NotPermitted unless the actor may make and change courses and runs of the institution."""
    at_home = acting.institution_uuid == institution_uuid and acting.role in MAY_MAKE_COURSES
    if not at_home and acting.role not in MAY_ANYWHERE:
        raise NotPermitted(
            "not-your-institution", _("Only teachers, authors and registrars of the institution may do this.")
        )
