"""Connecting other servers to an institution's courses, and ending that."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.catalogue.queries import institution_key
from courses.lti import access, keys
from courses.lti.models import Tool
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
    sends_name: bool = False
    sends_email: bool = False
    purpose: str = ""


@transaction.atomic
def register_tool(*, plan: ToolPlan, acting: Actor) -> Tool:
    """Register a tool for the courses of the actor's institution.

    Refusals: "address-refused", "no-redirect", "purpose-missing"; NotPermitted unless the institution's office acts.
    """
    institution_uuid = access.institution_of(acting)
    assert acting.person_uuid  # an office is held by a person
    for url in (plan.login_url, plan.launch_url, plan.jwks_url, *plan.redirect_urls):
        check_address(url)
    if not 1 <= len(plan.redirect_urls) <= ADDRESSES_MAX:
        raise Refusal("no-redirect", _("Name one to ten addresses to which learners are sent."))
    if (plan.sends_name or plan.sends_email) and not plan.purpose.strip():
        raise Refusal("purpose-missing", _("Say why the tool needs names or e-mail addresses; learners read it."))
    keys.ensure()
    row = Tool.objects.create(
        institution_id=institution_key(institution_uuid),
        name=plan.name,
        client_id=f"tool-{secrets.token_hex(ID_BYTES)}",
        deployment_id=secrets.token_hex(ID_BYTES),
        login_url=plan.login_url,
        launch_url=plan.launch_url,
        redirect_urls=list(plan.redirect_urls),
        jwks_url=plan.jwks_url,
        sends_name=plan.sends_name,
        sends_email=plan.sends_email,
        purpose=plan.purpose.strip(),
        registered_by_person_uuid=acting.person_uuid,
        registered_at=clock.now(),
    )
    _announce(events.TOOL_REGISTERED, row.uuid, institution_uuid, acting)
    return row


@transaction.atomic
def close_tool(*, tool_uuid: UUID, reason: str, acting: Actor) -> None:
    """End a tool's registration; nothing of it opens from now on, and scores that stand stay.

    Refusal "reason-missing"; NotThere for a tool of another institution, Stale when somebody closed it first.
    """
    institution_uuid = access.institution_of(acting)
    row = access.tool_of(institution_uuid, tool_uuid)
    move(row, to=RegistrationStatus.CLOSED, table=REGISTRATION, acting=acting, reason=_reason(reason))
    _announce(events.TOOL_CLOSED, row.uuid, institution_uuid, acting)


def _reason(text: str) -> str:
    if not text.strip():
        raise Refusal("reason-missing", _("Say why; the history keeps it."))
    return text.strip()[:500]


def _announce(name: str, registration_uuid: UUID, institution_uuid: UUID, acting: Actor) -> None:
    payload = {"registration_uuid": str(registration_uuid), "institution_uuid": str(institution_uuid)}
    record(name, payload, acting=acting)
