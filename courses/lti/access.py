"""Who may reach which registration: the office of the institution; for everybody else it is not there."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.lti.models import Tool
from courses.lti.platform_models import Platform
from courses.lti.states import RegistrationStatus
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere
from edu.people import api as people

ROLES = (people.Role.REGISTRAR, people.Role.SCHOOL_COORDINATOR, people.Role.OPERATOR)


def may_register(request: HttpRequest) -> bool:
    """True when the acting identity may connect tools and platforms."""
    actor = getattr(request, "actor", None)
    return actor is not None and actor.role in ROLES and actor.institution_uuid is not None


def office_of(request: HttpRequest) -> tuple[Actor, UUID]:
    """Return who acts and for which institution; NotThere for everybody without that office."""
    actor = people.require_role(request, *ROLES)
    return actor, institution_of(actor)


def institution_of(acting: Actor) -> UUID:
    """Return the institution for which the actor may connect servers; NotPermitted for others."""
    if acting.role not in ROLES or acting.institution_uuid is None or acting.person_uuid is None:
        message = _("Only registrars, school coordinators and operators may connect other servers.")
        raise NotPermitted("not-office", message)
    return acting.institution_uuid


def tool_of(institution_uuid: UUID, tool_uuid: UUID) -> Tool:
    """Return a tool that the institution registered; NotThere otherwise."""
    row = Tool.objects.filter(uuid=tool_uuid, institution__uuid=institution_uuid).first()
    if row is None:
        raise NotThere("no-such-registration", _("There is no such registration."))
    return row


def platform_of(institution_uuid: UUID, platform_uuid: UUID) -> Platform:
    """Return a platform that the institution connected; NotThere otherwise."""
    row = Platform.objects.filter(uuid=platform_uuid, institution__uuid=institution_uuid).first()
    if row is None:
        raise NotThere("no-such-registration", _("There is no such registration."))
    return row


def tools_for_units(institution_id: int) -> list[Tool]:
    """Return the tools that units of an institution's courses may open."""
    rows = Tool.objects.filter(institution_id=institution_id, status=RegistrationStatus.ACTIVE.value)
    return list(rows.order_by("name", "pk"))


def active_tool(client_id: str) -> Tool:
    """Return the tool with this client id; NotThere when none is registered, or it was closed."""
    rows = Tool.objects.select_related("institution").filter(status=RegistrationStatus.ACTIVE.value)
    row = rows.filter(client_id=client_id[:40]).first()
    if row is None:
        raise NotThere("no-such-tool", _("This tool is not registered here, or its registration was closed."))
    return row
