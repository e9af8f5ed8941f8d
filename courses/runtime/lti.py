"""Tools on other servers by LTI 1.1 (IMS Basic LTI): the signed launch, and results that come back signed.

A tool learns a name of the learner that holds within the run, and no other: no name, no e-mail, whatever the course
asks for. It opens in a window of its own, since browsers keep a tool's cookies from it inside a frame.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from defusedxml import ElementTree
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from oauthlib import oauth1

from courses.content.queries import lti_passports
from courses.runtime import addresses, grants
from courses.runtime.grants import Grant
from courses.runtime.runtime import UnitRuntime
from edu.kernel.errors import NotPermitted, Refusal

TYPES = frozenset({"lti", "lti_consumer"})
VERSION_13 = "lti_1p3"  # such a tool is registered by the institution, and opened by courses/lti
PLAIN = frozenset(  # parameters that a course may set without the prefix of its own ones
    {"context_label", "context_title", "launch_presentation_css_url", "launch_presentation_document_target"}
    | {"launch_presentation_height", "launch_presentation_locale", "launch_presentation_return_url"}
    | {"launch_presentation_width", "resource_link_description", "resource_link_title"}
)
RESULT_BYTES_MAX = 64 * 1024  # an envelope with one number in it
CLOCK_S_MAX = 300  # how far a tool's clock may be off; a signature is taken once within it
NAMESPACE = "http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0"
KINDS = {"replaceResultRequest": "replaceResult", "readResultRequest": "readResult"}


@dataclass(frozen=True, slots=True)
class Launch:
    """Where a learner is sent, and what the browser posts there."""

    url: str
    host: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool asks about a learner's result."""

    kind: str  # "replaceResult", "readResult" or another that is not served
    message: str
    score: Decimal | None


def is_ready(block: Any) -> bool:
    """True when the block names a tool that LTI 1.1 can open."""
    address = urlsplit((block.launch_url or "").strip())
    version = getattr(block, "lti_version", "lti_1p1")
    return address.scheme in {"http", "https"} and bool(address.hostname) and version == "lti_1p1"


def launch(runtime: UnitRuntime, block: Any) -> Launch:
    """Return the signed launch of a tool; Refusal when the course names no tool or has no key for it."""
    if not is_ready(block):
        raise Refusal("tool-not-named", _("The course does not say where this tool is. Ask the teacher."))
    key, secret = credentials(runtime.grant, block)
    url = block.launch_url.strip()
    body = {**_about(runtime, block), **_custom(block)}
    client = oauth1.Client(key, client_secret=secret, signature_type=oauth1.SIGNATURE_TYPE_BODY)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    _uri, _headers, signed = client.sign(url, "POST", body=body, headers=headers)
    place = urlsplit(url)
    return Launch(url, f"{place.scheme}://{place.netloc}", tuple(parse_qsl(signed, keep_blank_values=True)))


def credentials(grant: Grant, block: Any) -> tuple[str, str]:
    """Return key and secret of the tool from the course's passports ("id:key:secret"); Refusal when it has none."""
    for passport in lti_passports(grant.version_id):
        name, _colon, rest = str(passport).partition(":")
        key, _colon, secret = rest.partition(":")
        if name.strip() == (block.lti_id or "").strip() and key and secret:
            return key.strip(), secret.strip()
    raise Refusal("tool-without-key", _("The course has no key for this tool. Ask the teacher."))


def _about(runtime: UnitRuntime, block: Any) -> dict[str, str]:
    """Return what every launch says of the place and the learner."""
    usage_id = runtime.grant.usage_id
    who = grants.anonymous_id(runtime.grant.person_id, runtime.grant.run_id)
    place = f"{runtime.course_id}:{usage_id}"
    said = {
        "lti_message_type": "basic-lti-launch-request",
        "lti_version": "LTI-1p0",
        "oauth_callback": "about:blank",
        "resource_link_id": place,
        "resource_link_title": block.display_name or "",
        "context_id": str(runtime.course_id),
        "user_id": who,
        "roles": "Learner",
        "launch_presentation_locale": "zh-CN" if runtime.grant.language.startswith("zh") else "en",
        "launch_presentation_document_target": "window",
        "tool_consumer_info_product_family_code": "guixue",
        "tool_consumer_instance_guid": urlsplit(settings.GUIXUE_BASE_URL).hostname or "",
    }
    if block.has_score and runtime.grant.keeps:
        said["lis_result_sourcedid"] = f"{place}:{who}"
        said["lis_outcome_service_url"] = outcome_url(runtime)
    return said


def outcome_url(runtime: UnitRuntime) -> str:
    """Return the address to which the tool may send this learner's result until the run ends."""
    path = addresses.frame_path("lti-outcome", grants.sign_tool(runtime.grant))
    return addresses.origin(runtime.place.course_label) + path


def _custom(block: Any) -> dict[str, str]:
    """Return the course's own parameters ("name=value")."""
    found = {}
    for given in block.custom_parameters or []:
        name, equals, value = str(given).partition("=")
        if equals and name.strip():
            plain = name.strip()
            found[plain if plain in PLAIN else f"custom_{plain}"] = value.strip()
    return found


def check_signature(grant: Grant, block: Any, *, url: str, authorization: str, body: bytes) -> None:
    """NotPermitted unless the tool signed exactly this body for this address, now and for the first time."""
    key, secret = credentials(grant, block)
    headers = {"Authorization": authorization, "Content-Type": "application/xml"}
    endpoint = oauth1.SignatureOnlyEndpoint(_Tool(key, secret, grant))
    try:
        sent = dict(oauth1.rfc5849.signature.collect_parameters(headers=headers)).get("oauth_body_hash", "")
        valid, _request = endpoint.validate_request(url, "POST", body=None, headers=headers)
    except (ValueError, oauth1.rfc5849.errors.OAuth1Error):
        valid, sent = False, ""
    digest = base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()  # the standard's hash
    if not valid or not hmac.compare_digest(digest, str(sent)):
        raise NotPermitted("tool-not-signed", _("The result was not signed by the tool of this block."))


class _Tool(oauth1.RequestValidator):  # type: ignore[misc, unused-ignore]  # oauthlib brings no types
    """Knows one tool's key, and takes each of its signatures once."""

    enforce_ssl = False  # schools' own tools stand in their own network
    key_length = (1, 255)
    nonce_length = (1, 255)
    timestamp_lifetime = CLOCK_S_MAX
    dummy_client = "nobody"

    def __init__(self, key: str, secret: str, grant: Grant) -> None:
        super().__init__()
        self._key, self._secret, self._grant = key, secret, grant

    @property
    def client_key_length(self) -> tuple[int, int]:
        return self.key_length

    def check_client_key(self, client_key: str) -> bool:
        return 0 < len(client_key) <= self.key_length[1]

    def check_nonce(self, nonce: str) -> bool:
        return 0 < len(nonce) <= self.nonce_length[1]

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        return hmac.compare_digest(client_key.encode(), self._key.encode())

    def get_client_secret(self, client_key: str, request: Any) -> str:
        return self._secret

    def validate_timestamp_and_nonce(
        self, client_key: str, timestamp: str, nonce: str, *_rest: Any, **_more: Any
    ) -> bool:
        name = hashlib.sha256(f"{self._key}\n{timestamp}\n{nonce}".encode()).hexdigest()
        return bool(cache.add(f"lti-nonce:{name}", 1, 2 * CLOCK_S_MAX))


def read_result(body: bytes) -> Result:
    """Return what a tool's envelope asks; Refusal when it is none, or its score is not between 0 and 1."""
    broken = Refusal("result-broken", _("This is no result in the form of LTI 1.1."))
    if len(body) > RESULT_BYTES_MAX:
        raise broken
    try:
        tree = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError):
        raise broken from None
    inside = tree.find(f"{{{NAMESPACE}}}imsx_POXBody")
    asked = None if inside is None or not len(inside) else inside[0]
    if asked is None:
        raise broken
    message = tree.findtext(f".//{{{NAMESPACE}}}imsx_messageIdentifier") or ""
    kind = KINDS.get(asked.tag.rpartition("}")[2], "")
    score = _score(asked.findtext(f".//{{{NAMESPACE}}}textString")) if kind == "replaceResult" else None
    if kind == "replaceResult" and score is None:
        raise broken
    return Result(kind, message[:200], score)


def _score(text: str | None) -> Decimal | None:
    try:
        score = Decimal((text or "").strip())
    except ArithmeticError:
        return None
    return score if score.is_finite() and 0 <= score <= 1 else None
