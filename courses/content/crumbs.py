"""The way to a page of a course's content."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.catalogue.models import Course
from courses.catalogue.queries import course_info


def crumbs_of(course: Course, *, last: bool = False, approver: bool = False) -> list[tuple[str, str]]:
    """Return the way to a course's content as (label, address); the address is empty on that page itself.

    Whoever only approves content comes from the list of what waits.
    """
    if approver:
        return [(_("Content to approve"), reverse("courses:content_approvals"))]
    own = reverse("courses:content_versions", kwargs={"course_uuid": course.uuid})
    return [
        (_("Course content"), reverse("courses:content_courses")),
        (course_info(course).name(get_language() or "zh-hans"), "" if last else own),
    ]
