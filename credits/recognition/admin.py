"""Read-only admin of recognition cases and decisions."""

from django.contrib import admin

from credits.agreements.admin import ReadOnlyAdmin
from credits.recognition.models import RecognitionCase, RecognitionDecision


@admin.register(RecognitionCase)
class RecognitionCaseAdmin(ReadOnlyAdmin):
    """Cases by number; no names of people."""

    list_display = ("number", "status", "origin", "credit_points_host", "due_on")
    list_filter = ("status", "origin")
    search_fields = ("number",)


@admin.register(RecognitionDecision)
class RecognitionDecisionAdmin(ReadOnlyAdmin):
    """Decisions with what was recognised of what."""

    list_display = ("uuid", "outcome", "automatic", "reason_code", "credit_points_original", "credit_points_recognised")
    list_filter = ("outcome", "automatic")
