"""Read-only views for operators: changes are actions with a reason, pages are edited under /cms/."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from courses.catalogue.models import Course


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Shows rows and changes none."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Course)
class CourseAdmin(ReadOnlyAdmin):
    """Courses by institution."""

    list_display = ("code", "name_zh", "name_en", "label", "institution")
    search_fields = ("code", "name_zh", "name_en", "label")
    list_select_related = ("institution",)
