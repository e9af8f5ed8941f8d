"""Our runs opened from a partner's platform (our side is the tool): login, launch, and who arrives where."""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from courses.lti import tokens
from courses.lti.platform_models import Platform, PlatformLogin
from courses.lti.rules import AGS_CLAIM, CLAIM, DEEP_LINKING, VERSION, Broken, audience_is
from courses.lti.states import RegistrationStatus
from courses.lti.tools import site_url
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Stale

LOGIN_S = 600  # from the platform's link to its signed launch
ARRIVAL_S = 3600  # from the launch to the page: a learner may have to sign in first
SECRET_BYTES = 32
LINK, CHOOSE = "LtiResourceLinkRequest", "LtiDeepLinkingRequest"
SUBJECT_CHARS_MAX = 255
CHOOSERS = ("#Instructor", "#ContentDeveloper", "#Administrator", "#Manager")


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that has begun: where the browser goes, and the secret that it keeps meanwhile."""

    login: PlatformLogin
    url: str
    secret: str


def begin(sent: Mapping[str, str]) -> Begun:
    """Begin a platform's login; NotThere for a platform that no institution registered, NotPermitted for nonsense."""
    platform = _registered(sent.get("iss", ""), sent.get("client_id", ""), sent.get("lti_deployment_id", ""))
    hint = sent.get("login_hint", "")
    if not hint or not sent.get("target_link_uri"):
        raise NotPermitted("login-broken", _("The other platform did not say who comes. Open the link there again."))
    state, secret, nonce = (secrets.token_urlsafe(SECRET_BYTES) for _each in range(3))
    login = PlatformLogin.objects.create(
        platform=platform,
        state_digest=digest(state),
        cookie_digest=digest(secret),
        nonce=nonce,
        expires_at=clock.now() + dt.timedelta(seconds=LOGIN_S),
    )
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": site_url("lti_wire:launch"),
        "login_hint": hint,
        "state": state,
        "nonce": nonce,
    }
    if "lti_message_hint" in sent:
        asked["lti_message_hint"] = sent["lti_message_hint"]
    mark = "&" if "?" in platform.auth_url else "?"
    return Begun(login, f"{platform.auth_url}{mark}{urlencode(asked)}", secret)


def launch(sent: Mapping[str, str]) -> PlatformLogin:
    """Take a signed launch; NotPermitted with the reason for one that does not hold in any point, Stale for a replay.

    Whatever is refused leaves the login as it was.
    """
    if "error" in sent:
        raise NotPermitted("platform-refused", _("The other platform did not let you in. Open the link there again."))
    login = PlatformLogin.objects.select_related("platform").filter(state_digest=digest(sent.get("state", ""))).first()
    if login is None or login.platform.status != RegistrationStatus.ACTIVE:
        raise NotPermitted("state-unknown", _("This launch was not begun here. Open the link again."))
    if login.launched_at is not None:
        raise Stale("launch-replayed", _("This launch was used already. Open the link again."))
    if login.expires_at < clock.now():
        raise NotPermitted("login-expired", _("The login took too long. Open the link again."))
    try:
        said = _checked(login, sent.get("id_token", ""))
    except Broken as error:
        message = _("What the other platform sent does not hold. Open the link there again, or tell your teacher.")
        raise NotPermitted("launch-broken", message, {"why": str(error)}) from error
    now = clock.now()
    taken = PlatformLogin.objects.filter(pk=login.pk, launched_at__isnull=True).update(
        launched_at=now, launch=said, expires_at=now + dt.timedelta(seconds=ARRIVAL_S)
    )
    if taken != 1:
        raise Stale("launch-replayed", _("This launch was used already. Open the link again."))
    login.launch = said
    return login


def arrived(login_uuid: UUID, secret: str) -> PlatformLogin:
    """Return a launch to the browser that began it; NotThere for a launch that is over, NotPermitted elsewhere."""
    login = PlatformLogin.objects.select_related("platform__institution").filter(uuid=login_uuid).first()
    if login is None or login.launched_at is None or login.expires_at < clock.now():
        raise NotThere("no-such-launch", _("This launch is over. Open the link on the other platform again."))
    if not hmac.compare_digest(login.cookie_digest, digest(secret)):
        message = _("This launch was begun in another browser or in a frame. Open the link in a window of its own.")
        raise NotPermitted("another-browser", message)
    if login.platform.status != RegistrationStatus.ACTIVE:
        raise NotThere("no-such-platform", _("This platform is no longer connected here."))
    return login


def may_choose(login: PlatformLogin) -> bool:
    """True for a launch by which a teacher of the platform chooses what a link opens."""
    return login.launch.get("message") == CHOOSE


def digest(text: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(text.encode()).hexdigest()


def forget_old() -> int:
    """Delete logins that are over; return how many."""
    deleted, _each = PlatformLogin.objects.filter(expires_at__lt=clock.now() - dt.timedelta(days=1)).delete()
    return deleted


def _registered(issuer: str, client_id: str, deployment: str) -> Platform:
    rows = Platform.objects.filter(issuer=issuer[:500], status=RegistrationStatus.ACTIVE.value)
    found = list(rows.filter(client_id=client_id[:200]) if client_id else rows[:2])
    if len(found) != 1 or (deployment and deployment not in found[0].deployment_ids):
        raise NotThere("no-such-platform", _("No institution has connected this platform here. Ask your teacher."))
    return found[0]


def _checked(login: PlatformLogin, token: str) -> dict[str, Any]:
    """Return what is kept of a token's claims; Broken for a token that does not hold."""
    platform = login.platform
    claims = tokens.check(token, platform.jwks_url)
    tokens.times_of(claims)
    if claims.get("iss") != platform.issuer or not audience_is(claims, [platform.client_id]):
        raise Broken("iss or aud is somebody else's.")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), login.nonce.encode()):
        raise Broken("The nonce is not ours.")
    if claims.get(f"{CLAIM}deployment_id") not in platform.deployment_ids:
        raise Broken("The deployment is not registered.")
    message, subject = claims.get(f"{CLAIM}message_type"), claims.get("sub")
    if claims.get(f"{CLAIM}version") != VERSION or message not in {LINK, CHOOSE}:
        raise Broken("The version or the message type is not served.")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_CHARS_MAX:
        raise Broken("sub is missing.")
    kept = {"message": message, "subject": subject, "deployment": claims[f"{CLAIM}deployment_id"]}
    return {**kept, **(_link(claims) if message == LINK else _choice(claims))}


def _link(claims: Mapping[str, Any]) -> dict[str, Any]:
    custom = claims.get(f"{CLAIM}custom")
    endpoint = claims.get(AGS_CLAIM)
    said = {"run": "", "unit": "", "line_item": ""}
    if isinstance(custom, dict):
        said |= {"run": str(custom.get("guixue_run", "")), "unit": str(custom.get("guixue_unit", ""))[:300]}
    if isinstance(endpoint, dict) and isinstance(endpoint.get("lineitem"), str):
        scopes = endpoint.get("scope")
        may_score = isinstance(scopes, list) and "https://purl.imsglobal.org/spec/lti-ags/scope/score" in scopes
        said["line_item"] = endpoint["lineitem"][:1000] if may_score else ""
    return said


def _choice(claims: Mapping[str, Any]) -> dict[str, Any]:
    settings, roles = claims.get(f"{DEEP_LINKING}deep_linking_settings"), claims.get(f"{CLAIM}roles")
    if not isinstance(roles, list) or not any(str(role).endswith(CHOOSERS) for role in roles):
        raise Broken("Only teachers of the platform choose what a link opens.")
    if not isinstance(settings, dict) or "ltiResourceLink" not in (settings.get("accept_types") or []):
        raise Broken("The platform takes no links.")
    back = settings.get("deep_link_return_url")
    if not isinstance(back, str) or not back.startswith(("https://", "http://")):
        raise Broken("deep_link_return_url is missing.")
    return {"back": back, "data": settings.get("data")}
