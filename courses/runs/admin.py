"""Read-only views for operators."""

from django.contrib import admin

from courses.catalogue.admin import ReadOnlyAdmin
from courses.runs.models import CourseRun


@admin.register(CourseRun)
class CourseRunAdmin(ReadOnlyAdmin):
    """Runs by start."""

    list_display = ("code", "course", "starts_on", "ends_on", "seats", "credit_points", "open_to_others")
    search_fields = ("code", "course__name_zh", "course__name_en")
    list_select_related = ("course",)
    date_hierarchy = "starts_on"
