"""Operators see the outbox here, dead letters first; they may revive and nothing else."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from edu.events.actions import revive
from edu.events.models import Delivery, DeliveryStatus, Event
from edu.kernel.actor import Actor


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """An admin that shows rows and changes none: people change them by an action with a reason."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds rows by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes rows by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes rows by hand."""
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """What happened."""

    list_display = ["name", "happened_at", "actor_role", "uuid"]
    list_filter = ["name"]
    ordering = ["-id"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Who has heard it; dead letters wait here for an operator."""

    list_display = ["event", "subscriber", "status", "attempts", "next_attempt_at", "last_error"]
    list_filter = ["status", "subscriber"]
    list_select_related = ["event"]
    ordering = ["status", "-id"]
    actions = ["revive_chosen"]

    @admin.action(description=_("Try dead deliveries again"), permissions=["view"])
    def revive_chosen(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        """Give the chosen dead deliveries another round; the others are left as they are."""
        acting = Actor(getattr(request.user, "uuid", None), None, "operator")
        dead = list(chosen.filter(status=DeliveryStatus.DEAD).values_list("pk", flat=True))
        for delivery_id in dead:
            revive(delivery_id, acting=acting)
        text = ngettext(
            "%(count)d delivery will be tried again.", "%(count)d deliveries will be tried again.", len(dead)
        )
        messages.success(request, text % {"count": len(dead)})
