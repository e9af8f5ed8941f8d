"""Reads for the screens on which other servers are connected."""

from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Max, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from courses.lti import tools
from courses.lti.models import Tool
from courses.lti.platform_models import Platform
from courses.lti.states import RegistrationStatus

STATUS_WORDS: dict[str, tuple[str, Any]] = {
    RegistrationStatus.WAITING.value: ("warn", _("waits for you")),
    RegistrationStatus.ACTIVE.value: ("done", _("connected")),
    RegistrationStatus.CLOSED.value: ("neutral", _("closed")),
}

WAITING_FIRST = Case(When(status=RegistrationStatus.WAITING.value, then=0), default=1)


def tools_of(institution_uuid: UUID) -> QuerySet[Tool]:
    """Return an institution's tools with how many learners opened them and when the last did, connected ones first."""
    rows = Tool.objects.filter(institution__uuid=institution_uuid)
    rows = rows.annotate(seat_count=Count("seats"), last_opened=Max("seats__opened_at"))
    return rows.order_by(WAITING_FIRST, "status", "name", "pk")


def for_the_tool(row: Tool) -> list[tuple[Any, str]]:
    """Return what the tool's maker has to enter on the other side, with its names there."""
    return [
        (_("Platform (issuer)"), tools.issuer()),
        (_("Client ID"), row.client_id),
        (_("Deployment ID"), row.deployment_id),
        (_("Login request (auth URL)"), tools.site_url("lti_wire:auth")),
        (_("Access token (token URL)"), tools.site_url("lti_wire:token")),
        (_("Key set (JWKS URL)"), tools.site_url("lti_wire:jwks")),
    ]


def platforms_of(institution_uuid: UUID) -> QuerySet[Platform]:
    """Return an institution's platforms with how many learners are connected, connected platforms first."""
    rows = Platform.objects.filter(institution__uuid=institution_uuid)
    rows = rows.annotate(learner_count=Count("accounts", filter=Q(accounts__ended_at__isnull=True)))
    return rows.order_by(WAITING_FIRST, "status", "name", "pk")


def for_the_platform() -> list[tuple[Any, str]]:
    """Return what the platform's administrator has to enter on the other side."""
    launch = tools.site_url("lti_wire:launch")
    return [
        (_("Tool URL (target link URI)"), launch),
        (_("Initiate login URL"), tools.site_url("lti_wire:login")),
        (_("Redirect URI"), launch),
        (_("Content selection (deep linking) URL"), launch),
        (_("Key set (JWKS URL)"), tools.site_url("lti_wire:jwks")),
    ]
