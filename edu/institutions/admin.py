"""Institutions for operators, to read; they are changed by lists and actions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from edu.institutions.models import Department, Institution, InstitutionName, Programme, RequirementSlot, Term


class ReadOnly:
    """Takes every permission but viewing."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NameInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]  # django-stubs' generics do not exist at run time
    model = InstitutionName
    extra = 0


@admin.register(Institution)
class InstitutionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # as above
    list_display = ["code", "kind", "city", "level", "closed_on"]
    list_filter = ["kind", "level"]
    search_fields = ["code", "names__name"]
    inlines = [NameInline]


@admin.register(Department, Programme, RequirementSlot, Term)
class PartAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # as above
    list_display = ["__str__", "code"]
