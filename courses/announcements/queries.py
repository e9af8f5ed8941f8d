"""Reading announcements."""

from django.db.models import QuerySet

from courses.announcements.models import Announcement
from courses.runs.models import CourseRun


def announcements_of(run: CourseRun, *, withdrawn_too: bool = False) -> QuerySet[Announcement]:
    """Return a run's announcements, the latest first; those that were withdrawn only for teachers."""
    rows = Announcement.objects.select_related("author").filter(run=run).order_by("-made_at", "-pk")
    return rows if withdrawn_too else rows.filter(withdrawn_at__isnull=True)
