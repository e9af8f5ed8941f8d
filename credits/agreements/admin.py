"""Read-only admin of agreements and rules: people change them by an action with a reason, never here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from credits.agreements.models import AgreementVersion, Equivalence


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django's class takes no parameters at run time
    """Lets operators look and forbids the rest."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds rows here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes rows here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes rows here."""
        return False


@admin.register(AgreementVersion)
class AgreementVersionAdmin(ReadOnlyAdmin):
    """Versions of agreements by number."""

    list_display = ("agreement", "edition", "status", "valid_from_on", "valid_to_on")
    list_filter = ("status",)


@admin.register(Equivalence)
class EquivalenceAdmin(ReadOnlyAdmin):
    """Rules by course and programme."""

    list_display = ("host_course_uuid", "programme_uuid", "edition", "kind", "status", "valid_from_on", "valid_to_on")
    list_filter = ("status", "kind")
