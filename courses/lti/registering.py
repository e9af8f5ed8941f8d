"""Connecting other servers to an institution's courses, and ending that."""

import secrets
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.catalogue.queries import institution_key
from courses.lti import access, keys
from courses.lti.models import Tool
from courses.lti.platform_models import Platform
from courses.lti.states import REGISTRATION, RegistrationStatus
from edu.api.outgoing import check_address
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal

ID_BYTES = 12
ADDRESSES_MAX = 10  # redirect addresses of one tool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolPlan:
    """What the office fills in about a tool."""

    name: str
    login_url: str
    launch_url: str
    redirect_urls: tuple[str, ...]
    jwks_url: str
    choosing_url: str = ""
    sends_name: bool = False
    sends_email: bool = False
    lists_members: bool = False
    purpose: str = ""


@transaction.atomic
def register_tool(*, plan: ToolPlan, acting: Actor) -> Tool:
    """Register a tool for the courses of the actor's institution.

    Refusals: "address-refused", "no-redirect", "purpose-missing"; NotPermitted unless the institution's office acts.
    """
    institution_uuid = access.institution_of(acting)
    assert acting.person_uuid  # an office is held by a person
    values = tool_values(plan)
    keys.ensure()
    row = Tool.objects.create(
        institution_id=institution_key(institution_uuid),
        client_id=f"tool-{secrets.token_hex(ID_BYTES)}",
        deployment_id=secrets.token_hex(ID_BYTES),
        registered_by_person_uuid=acting.person_uuid,
        registered_at=clock.now(),
        **values,
    )
    _announce(events.TOOL_REGISTERED, row.uuid, institution_uuid, acting)
    return row


def tool_values(plan: ToolPlan) -> dict[str, Any]:
    """Return the columns of a tool that a plan fills; a Refusal as register_tool says."""
    given = (plan.login_url, plan.launch_url, plan.jwks_url, *plan.redirect_urls, plan.choosing_url)
    for url in filter(None, given):
        check_address(url)
    if not 1 <= len(plan.redirect_urls) <= ADDRESSES_MAX:
        raise Refusal("no-redirect", _("Name one to ten addresses to which learners are sent."))
    if (plan.sends_name or plan.sends_email) and not plan.purpose.strip():
        raise Refusal("purpose-missing", _("Say why the tool needs names or e-mail addresses; learners read it."))
    return {**asdict(plan), "redirect_urls": list(plan.redirect_urls), "purpose": plan.purpose.strip()}


@transaction.atomic
def close_tool(*, tool_uuid: UUID, reason: str, acting: Actor) -> None:
    """End a tool's registration; nothing of it opens from now on, and scores that stand stay.

    Refusal "reason-missing"; NotThere for a tool of another institution, Stale when somebody closed it first.
    """
    institution_uuid = access.institution_of(acting)
    row = access.tool_of(institution_uuid, tool_uuid)
    move(row, to=RegistrationStatus.CLOSED, table=REGISTRATION, acting=acting, reason=reason_of(reason))
    _announce(events.TOOL_CLOSED, row.uuid, institution_uuid, acting)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformPlan:
    """What the office fills in about a platform."""

    name: str
    issuer: str
    client_id: str
    deployment_ids: tuple[str, ...]
    auth_url: str
    token_url: str
    jwks_url: str


@transaction.atomic
def register_platform(*, plan: PlatformPlan, acting: Actor) -> Platform:
    """Let a platform open the runs of the actor's institution.

    Refusals: "address-refused", "no-deployment", "platform-known"; NotPermitted unless the institution's office acts.
    """
    institution_uuid = access.institution_of(acting)
    assert acting.person_uuid  # an office is held by a person
    values = platform_values(plan)
    require_unknown(plan)
    keys.ensure()
    row = Platform.objects.create(
        institution_id=institution_key(institution_uuid),
        registered_by_person_uuid=acting.person_uuid,
        registered_at=clock.now(),
        **values,
    )
    _announce(events.PLATFORM_REGISTERED, row.uuid, institution_uuid, acting)
    return row


def platform_values(plan: PlatformPlan, *, waits: bool = False) -> dict[str, Any]:
    """Return the columns of a platform that a plan fills; Refusals "address-refused", "no-deployment".

    A platform that `waits` for the office may still be without a deployment.
    """
    for url in (plan.auth_url, plan.token_url, plan.jwks_url):
        check_address(url)
    if not int(not waits) <= len(plan.deployment_ids) <= ADDRESSES_MAX:
        raise Refusal("no-deployment", _("Name one to ten deployment ids."))
    return {**asdict(plan), "deployment_ids": list(plan.deployment_ids)}


def require_unknown(plan: PlatformPlan, but: int = 0) -> None:
    """Refuse a platform and client id that are connected already, by another row than the one with key `but`."""
    known = Platform.objects.filter(issuer=plan.issuer, client_id=plan.client_id)
    if known.filter(status=RegistrationStatus.ACTIVE.value).exclude(pk=but).exists():
        raise Refusal("platform-known", _("This platform and client id are connected already."))


@transaction.atomic
def close_platform(*, platform_uuid: UUID, reason: str, acting: Actor) -> None:
    """End a platform's registration; it opens no run any more, and no score goes there. Refusals as of close_tool."""
    institution_uuid = access.institution_of(acting)
    row = access.platform_of(institution_uuid, platform_uuid)
    move(row, to=RegistrationStatus.CLOSED, table=REGISTRATION, acting=acting, reason=reason_of(reason))
    _announce(events.PLATFORM_CLOSED, row.uuid, institution_uuid, acting)


def reason_of(text: str) -> str:
    """Return a reason as the history keeps it; Refusal "reason-missing" without one."""
    if not text.strip():
        raise Refusal("reason-missing", _("Say why; the history keeps it."))
    return text.strip()[:500]


def _announce(name: str, registration_uuid: UUID, institution_uuid: UUID, acting: Actor) -> None:
    payload = {"registration_uuid": str(registration_uuid), "institution_uuid": str(institution_uuid)}
    record(name, payload, acting=acting)
