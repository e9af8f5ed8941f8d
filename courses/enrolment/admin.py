"""Read-only views for operators; people appear by uuid."""

from django.contrib import admin

from courses.catalogue.admin import ReadOnlyAdmin
from courses.enrolment.models import Enrolment


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    """Places by run."""

    list_display = ("uuid", "run", "status", "enrolled_at", "cross_enrolment_uuid")
    list_filter = ("status",)
    search_fields = ("uuid", "person__uuid", "run__code")
    list_select_related = ("run",)
