"""A tool registers itself (LTI Dynamic Registration 1.0; our side is the platform), and waits for the office.

The office's browser brings the tool a secret that is good once. Nothing here asks the tool's server: it comes to us.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.db import transaction

from courses import events
from courses.lti import access, inviting, keys, rules, tools
from courses.lti.joining import TOOL_CONFIGURATION
from courses.lti.models import Tool
from courses.lti.platform_models import Invitation
from courses.lti.registering import ADDRESSES_MAX, ID_BYTES, ToolPlan, tool_values
from courses.lti.rules import SCOPES, Broken
from courses.lti.states import REGISTRATION, RegistrationStatus
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import Refusal

INVITATION = dt.timedelta(hours=1)
BYTES_MAX = 64 * 1024
NAME_CHARS_MAX = 80
REQUEST, CHOOSING = "LtiResourceLinkRequest", "LtiDeepLinkingRequest"
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"


def configuration() -> dict[str, Any]:
    """Return what a tool has to know of us (an OpenID configuration with the claim of LTI)."""
    return {
        "issuer": tools.issuer(),
        "authorization_endpoint": tools.site_url("lti_wire:auth"),
        "token_endpoint": tools.site_url("lti_wire:token"),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": tools.site_url("lti_wire:jwks"),
        "registration_endpoint": tools.site_url("lti_wire:registration"),
        "scopes_supported": ["openid", *sorted(SCOPES), rules.MEMBERS],
        "response_types_supported": ["id_token"],
        "response_modes_supported": ["form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "email"],
        PLATFORM_CONFIGURATION: {
            "product_family_code": "guixue",
            "version": "1",
            "messages_supported": [{"type": REQUEST}, {"type": CHOOSING}],
            "variables": [],
        },
    }


def invite(*, address: str, acting: Actor) -> str:
    """Return the way to the page where a tool registers itself, with a secret that is good once."""
    secret = inviting.invite("tool", INVITATION, acting=acting)
    sent = {"openid_configuration": tools.site_url("lti_wire:openid_configuration"), "registration_token": secret}
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(sent)}"


def admit(secret: str, sent: Any) -> dict[str, Any]:
    """Register a tool that brings a secret; return what it is told. It waits for the office, and learns no name.

    NotThere for a secret that is not good; Broken or a Refusal for what is no registration: then nothing is kept, and
    the secret is good again.
    """
    invitation = inviting.use("tool", secret)
    try:
        plan = _plan(sent)
        row = _admitted(invitation, tool_values(plan))
    except (Broken, Refusal):
        inviting.give_back(invitation)
        raise
    return _answer(row, sent)


@transaction.atomic
def _admitted(invitation: Invitation, values: dict[str, Any]) -> Tool:
    keys.ensure()
    row = Tool.objects.create(
        institution=invitation.institution,
        client_id=f"tool-{secrets.token_hex(ID_BYTES)}",
        deployment_id=secrets.token_hex(ID_BYTES),
        status=RegistrationStatus.WAITING.value,
        registered_by_person_uuid=invitation.invited_by_person_uuid,
        registered_at=clock.now(),
        **values,
    )
    payload = {"registration_uuid": str(row.uuid), "institution_uuid": str(invitation.institution.uuid)}
    record(events.TOOL_JOINED, payload, acting=SYSTEM)
    return row


def _plan(sent: Any) -> ToolPlan:
    """Return what a registration says of a tool; Broken for what is none."""
    configured = sent.get(TOOL_CONFIGURATION) if isinstance(sent, dict) else None
    if not isinstance(configured, dict):
        raise Broken("The registration has no configuration of LTI.")
    if "id_token" not in _texts(sent, "response_types") or sent.get("token_endpoint_auth_method") != "private_key_jwt":
        raise Broken("response_types must have id_token, token_endpoint_auth_method must be private_key_jwt.")
    if sent.get("application_type", "web") != "web":
        raise Broken("application_type must be web.")
    redirects = _texts(sent, "redirect_uris")
    if not 1 <= len(redirects) <= ADDRESSES_MAX:
        raise Broken("redirect_uris must have one to ten addresses.")
    return ToolPlan(
        name=" ".join(_text(sent, "client_name").split())[:NAME_CHARS_MAX],
        login_url=_text(sent, "initiate_login_uri"),
        launch_url=_text(configured, "target_link_uri"),
        redirect_urls=tuple(redirects),
        jwks_url=_text(sent, "jwks_uri"),
        choosing_url=_choosing(configured),
    )


def _text(sent: Mapping[str, Any], name: str) -> str:
    value = sent.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > rules.ADDRESS_CHARS_MAX:
        raise Broken(f"{name} is missing, or too long.")
    return value


def _texts(sent: Mapping[str, Any], name: str) -> list[str]:
    values = sent.get(name)
    if not isinstance(values, list) or any(not isinstance(value, str) or len(value) > 500 for value in values):
        raise Broken(f"{name} is no list of texts.")
    return values


def _choosing(configured: Mapping[str, Any]) -> str:
    """Return where authors choose content at the tool, or "" where nothing is said of it."""
    given = configured.get("messages", [])
    for one in given if isinstance(given, list) else []:
        if isinstance(one, dict) and one.get("type") == CHOOSING:
            return _text(one if one.get("target_link_uri") else configured, "target_link_uri")
    return ""


def _scopes(sent: Mapping[str, Any]) -> set[str]:
    """Return the scopes that a tool asks for; some name them in the configuration instead of in `scope`."""
    asked, also = sent.get("scope"), sent[TOOL_CONFIGURATION].get("scopes")
    found = asked.split() if isinstance(asked, str) else []
    return {*found, *(one for one in also if isinstance(one, str))} if isinstance(also, list) else set(found)


def _answer(row: Tool, sent: Mapping[str, Any]) -> dict[str, Any]:
    messages = [{"type": REQUEST, "target_link_uri": row.launch_url}]
    if row.choosing_url:
        messages.append({"type": CHOOSING, "target_link_uri": row.choosing_url})
    return {
        "client_id": row.client_id,
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "client_name": row.name,
        "initiate_login_uri": row.login_url,
        "redirect_uris": row.redirect_urls,
        "jwks_uri": row.jwks_url,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(sorted(SCOPES & _scopes(sent))),
        TOOL_CONFIGURATION: {
            "deployment_id": row.deployment_id,
            "domain": urlsplit(row.launch_url).netloc,
            "target_link_uri": row.launch_url,
            "claims": ["iss", "sub"],  # names are the office's decision, and learners are asked
            "messages": messages,
        },
    }


@transaction.atomic
def confirm(*, tool_uuid: UUID, seen: int, acting: Actor) -> None:
    """Let units open a tool that registered itself.

    NotThere for another institution's, Stale when it was changed meanwhile or does not wait any more.
    """
    row = access.tool_of(access.institution_of(acting), tool_uuid)
    inviting.require_waiting(row, seen)
    move(row, to=RegistrationStatus.ACTIVE, table=REGISTRATION, acting=acting)
    payload = {"registration_uuid": str(row.uuid), "institution_uuid": str(acting.institution_uuid)}
    record(events.TOOL_REGISTERED, payload, acting=acting)
