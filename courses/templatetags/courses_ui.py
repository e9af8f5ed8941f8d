"""Template tags of courses: `{% load courses_ui %}`."""

from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from courses.data import CourseInfo, RunInfo
from courses.runs.wording import phase_words, seat_words
from edu.design.templatetags.ui import status

register = template.Library()


@register.simple_tag
def run_status(run: RunInfo) -> SafeString:
    """Draw where a run stands, as a status."""
    return status(*phase_words(run))


@register.filter
def seats(run: RunInfo) -> str:
    """Say how many seats of a run are free."""
    return seat_words(run)


@register.filter
def course_name(course: CourseInfo) -> str:
    """The course's name in the active language."""
    return course.name(get_language() or "zh-hans")


@register.simple_tag
def learn_url(run_uuid: UUID) -> str:
    """The address at which a run is studied."""
    return reverse("courses:learn", args=[run_uuid])
