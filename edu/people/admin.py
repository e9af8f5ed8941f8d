"""People for operators, to read; accounts change by lists, codes and their owners."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from edu.people.models import AccessNote, Affiliation, Person


class ReadOnly:
    """Takes every permission but viewing."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AffiliationInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]  # django-stubs' generics do not exist at run time
    model = Affiliation
    extra = 0
    fields = ["institution", "role", "number", "from_on", "to_on"]


@admin.register(Person)
class PersonAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # as above
    list_display = ["name", "email", "phone", "is_active", "last_login"]
    search_fields = ["name", "email", "phone", "affiliations__number"]
    fields = ["uuid", "name", "name_latin", "email", "phone", "language", "is_active", "is_staff", "last_login"]
    inlines = [AffiliationInline]


@admin.register(AccessNote)
class AccessNoteAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # as above
    list_display = ["happened_at", "what", "viewer_role"]
