"""Read-only pages for operators: certificates are changed by actions with a reason."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from credits.certificates.models import Certificate, SigningKey


class ReadOnly(admin.ModelAdmin[Any]):
    """Shows and changes nothing."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False


@admin.register(Certificate)
class CertificateAdmin(ReadOnly):
    """What is stuck shows by its attempts and its last error."""

    list_display = ["number", "status", "requested_at", "issued_at", "attempts", "last_error"]
    list_filter = ["status"]
    search_fields = ["number"]


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnly):
    """Public halves and their periods."""

    list_display = ["key_id", "purpose", "from_at", "to_at"]
