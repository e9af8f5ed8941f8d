"""A platform registers itself by one address (LTI Dynamic Registration 1.0; our side is the tool).

The office gives the platform's administrator an address that is good once. Opened there, it lets this server read the
platform's configuration and register itself, by requests to public addresses only. The result waits for the office.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.lti import access, inviting, keys
from courses.lti.models import URL_LENGTH_MAX
from courses.lti.platform_models import Invitation, Platform
from courses.lti.registering import ADDRESSES_MAX, PlatformPlan, platform_values, require_unknown
from courses.lti.rules import SCORE, Broken
from courses.lti.states import REGISTRATION, RegistrationStatus
from courses.lti.tools import site_url
from edu.api import outgoing
from edu.api.outgoing import NoAnswer, check_address
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotPermitted, Refusal

INVITATION = dt.timedelta(days=3)
TOKEN_CHARS_MAX = 8000
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
CLIENT_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class _Configuration:
    """What a platform says of itself."""

    issuer: str
    auth_url: str
    token_url: str
    jwks_url: str
    registration_url: str


def invite(*, acting: Actor) -> str:
    """Make an address for a platform's administrator; it is returned once and not kept."""
    return site_url("lti_wire:register", inviting.invite("platform", INVITATION, acting=acting))


def join(secret: str, configuration_url: str, token: str) -> Platform:
    """Register with the platform that an administrator opened the address at; it waits for the office.

    NotThere for an address that was used, is over or was never given; NotPermitted with the reason when the platform
    does not answer as it should. Then nothing is kept, and the address may be opened again.
    """
    invitation = inviting.use("platform", secret)
    try:
        return _joined(invitation, configuration_url, token)
    except (Broken, NoAnswer, Refusal) as error:
        inviting.give_back(invitation)
        message = _("The two servers could not agree. Nothing was registered here; you can try again.")
        why = str(error.message) if isinstance(error, Refusal) else str(error)
        raise NotPermitted("join-broken", message, {"why": why}) from error


def _joined(invitation: Invitation, configuration_url: str, token: str) -> Platform:
    said = _configuration(configuration_url)
    client_id, deployments = _registered(said, token)
    plan = PlatformPlan(
        name=urlsplit(said.issuer).hostname or said.issuer[:80],
        issuer=said.issuer,
        client_id=client_id,
        deployment_ids=deployments,
        auth_url=said.auth_url,
        token_url=said.token_url,
        jwks_url=said.jwks_url,
    )
    require_unknown(plan)
    with transaction.atomic():
        row = Platform.objects.create(
            institution=invitation.institution,
            status=RegistrationStatus.WAITING.value,
            registered_by_person_uuid=invitation.invited_by_person_uuid,
            registered_at=clock.now(),
            **{**platform_values(plan, waits=True), "name": plan.name[:80]},
        )
        institution_uuid = str(invitation.institution.uuid)
        record(
            events.PLATFORM_JOINED,
            {"registration_uuid": str(row.uuid), "institution_uuid": institution_uuid},
            acting=SYSTEM,
        )
    return row


def _configuration(url: str) -> _Configuration:
    """Return what the platform says of itself; Broken unless its issuer is where it was read."""
    said = _document(outgoing.ask(check_address(url)))
    issuer = said.get("issuer")
    if not isinstance(issuer, str) or urlsplit(issuer).netloc != urlsplit(url).netloc or len(issuer) > URL_LENGTH_MAX:
        raise Broken("issuer is not the host at which the configuration lies.")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")
    addresses = [said.get(name) for name in names]
    for name, address in zip(names, addresses, strict=True):
        if not isinstance(address, str) or len(address) > URL_LENGTH_MAX:
            raise Broken(f"{name} is missing.")
        check_address(address)
    return _Configuration(issuer, *map(str, addresses))


def _registered(said: _Configuration, token: str) -> tuple[str, tuple[str, ...]]:
    """Register this server at the platform; return our client id there and the deployments, which it may leave open."""
    keys.ensure()
    headers = {"Content-Type": "application/json"}
    if token:
        if len(token) > TOKEN_CHARS_MAX or not token.isascii() or not token.isprintable():
            raise Broken("registration_token is no token.")
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps(about_us(), ensure_ascii=False).encode()
    found = _document(outgoing.ask(said.registration_url, method="POST", body=body, headers=headers))
    client_id, configured = found.get("client_id"), found.get(TOOL_CONFIGURATION)
    if not isinstance(client_id, str) or not 0 < len(client_id) <= CLIENT_CHARS_MAX:
        raise Broken("client_id is missing.")
    deployment = configured.get("deployment_id") if isinstance(configured, dict) else None
    return client_id, (deployment,) if isinstance(deployment, str) and deployment else ()


def _document(answer: outgoing.Answer) -> dict[str, Any]:
    if answer.status not in {200, 201}:
        raise Broken(f"The platform answers {answer.status}.")
    found = answer.json()
    if not isinstance(found, dict):
        raise Broken("The platform's answer is no object.")
    return found


def about_us() -> dict[str, Any]:
    """Return what we tell a platform of ourselves: we ask for scores to be taken, and for no name."""
    launch = site_url("lti_wire:launch")
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": site_url("lti_wire:login"),
        "redirect_uris": [launch],
        "client_name": "Guixue",
        "client_name#zh-CN": "桂学",
        "jwks_uri": site_url("lti_wire:jwks"),
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": SCORE,
        TOOL_CONFIGURATION: {
            "domain": urlsplit(launch).netloc,
            "target_link_uri": launch,
            "claims": ["iss", "sub"],
            "messages": [
                {"type": "LtiDeepLinkingRequest", "target_link_uri": launch, "label": "Guixue", "label#zh-CN": "桂学"},
                {"type": "LtiResourceLinkRequest", "target_link_uri": launch},
            ],
        },
    }


@transaction.atomic
def confirm(*, platform_uuid: UUID, seen: int, acting: Actor) -> None:
    """Let a platform that registered itself open runs from now on.

    Refusals "no-deployment", "platform-known"; NotThere for another institution's, Stale when it was changed meanwhile
    or does not wait any more.
    """
    row = access.platform_of(access.institution_of(acting), platform_uuid)
    inviting.require_waiting(row, seen)
    if not 1 <= len(row.deployment_ids) <= ADDRESSES_MAX:
        raise Refusal("no-deployment", _("Name one to ten deployment ids."))
    try:
        with transaction.atomic():
            move(row, to=RegistrationStatus.ACTIVE, table=REGISTRATION, acting=acting)
    except IntegrityError:
        raise Refusal("platform-known", _("This platform and client id are connected already.")) from None
    payload = {"registration_uuid": str(row.uuid), "institution_uuid": str(acting.institution_uuid)}
    record(events.PLATFORM_REGISTERED, payload, acting=acting)
