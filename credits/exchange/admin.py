"""Read-only admin of study plans."""

from django.contrib import admin

from credits.agreements.admin import ReadOnlyAdmin
from credits.exchange.models import StudyPlan


@admin.register(StudyPlan)
class StudyPlanAdmin(ReadOnlyAdmin):
    """Study plans by number; no names of people."""

    list_display = ("number", "status", "credit_points_host", "credit_points_home", "due_on")
    list_filter = ("status",)
    search_fields = ("number",)
