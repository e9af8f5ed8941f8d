"""Template tags of courses: `{% load courses_ui %}`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from courses.data import CourseInfo, RunInfo
from courses.grading import wording as grading_wording
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


@register.filter
def megabytes(size: int) -> str:
    """Say bytes in MB with one place; never 0.0 for something."""
    return f"{max(0.1, size / 1_000_000):.1f}" if size else "0"


@register.simple_tag
def learn_url(run_uuid: UUID) -> str:
    """The address at which a run is studied."""
    return reverse("courses:learn", args=[run_uuid])


@register.simple_tag
def grade_tree(document: Mapping[str, Any]) -> grading_wording.Tree:
    """How a grade came about, in words."""
    return grading_wording.tree(document)


@register.filter
def short(text: object) -> str:
    """80.00 → "80": a figure without needless zeros."""
    return grading_wording.short(str(text)) if text not in (None, "") else ""


@register.filter
def mark_word(status: str) -> str:
    """What a mark in a list of a meeting or exam is called."""
    return str(grading_wording.MARK_WORDS.get(status, status))
