"""Moodle 4.x as others meet it: names of fields, addresses and claims, as its public source sends them.

Facts only, written down from mod/lti (platform) and enrol/lti (tool); no code of it, and none of ours.
"""

import json
from typing import Any

from tests.factories.rsa_tokens import times

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
PERSON = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
SCORE_SCOPES = [f"{AGS}scope/{name}" for name in ("lineitem.readonly", "result.readonly", "score")]
USER, DEPLOYMENT, CMID = "4", "7", "31"


def openid_configuration(root: str) -> dict[str, Any]:
    """What /mod/lti/openid-configuration.php says."""
    return {
        "issuer": root,
        "token_endpoint": f"{root}/mod/lti/token.php",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": f"{root}/mod/lti/certs.php",
        "authorization_endpoint": f"{root}/mod/lti/auth.php",
        "registration_endpoint": f"{root}/mod/lti/openid-registration.php",
        "scopes_supported": [*SCORE_SCOPES, f"{NRPS}scope/contextmembership.readonly", "openid"],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "moodle",
            "version": "4.5.2 (Build: 20250210)",
            "messages_supported": ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"],
            "placements": ["AddContentMenu"],
            "variables": ["basic-lti-launch-request"],
        },
    }


def registration_refusal(sent: dict[str, Any]) -> str:
    """Why /mod/lti/openid-registration.php would refuse a tool, "" when it takes it."""
    needed = ("response_types", "initiate_login_uri", "redirect_uris", "client_name", "jwks_uri")
    configuration = sent.get(TOOL_CONFIGURATION) or {}
    missing = [name for name in (*needed, "token_endpoint_auth_method", TOOL_CONFIGURATION) if not sent.get(name)]
    missing += [name for name in ("domain", "target_link_uri") if not configuration.get(name)]
    if missing:
        return f"missing required attribute {missing[0]}"
    if "id_token" not in sent["response_types"] or not isinstance(sent["redirect_uris"], list):
        return "invalid_response_types"
    if sent["token_endpoint_auth_method"] != "private_key_jwt" or sent.get("application_type", "web") != "web":
        return "invalid_token_endpoint_auth_method"
    return ""


def registration_answer(sent: dict[str, Any], client_id: str) -> dict[str, Any]:
    """What it answers to a tool that it takes."""
    return {
        "client_id": client_id,
        "token_endpoint_auth_method": "private_key_jwt",
        "response_types": ["id_token"],
        "jwks_uri": sent["jwks_uri"],
        "initiate_login_uri": sent["initiate_login_uri"],
        "grant_types": ["client_credentials", "implicit"],
        "redirect_uris": sent["redirect_uris"],
        "application_type": ["web"],
        "client_name": sent["client_name"],
        "logo_uri": "",
        "scope": " ".join(SCORE_SCOPES),
        TOOL_CONFIGURATION: {
            "deployment_id": DEPLOYMENT,
            "target_link_uri": sent[TOOL_CONFIGURATION]["target_link_uri"],
            "domain": sent[TOOL_CONFIGURATION]["domain"],
            "description": "",
            "messages": [{"type": "LtiDeepLinkingRequest"}],
            "claims": ["sub", "iss"],
        },
    }


def login_form(root: str, client_id: str, target: str, *, choosing: bool = False) -> dict[str, str]:
    """What the browser posts to a tool's login when somebody opens an activity, or chooses content."""
    hint = {"launchid": "ltilaunch_ContentItemSelectionRequest1684233711"}
    opened = {"cmid": int(CMID), "launchid": "ltilaunch12_1684233711"}
    return {
        "iss": root,
        "target_link_uri": target,
        "login_hint": USER,
        "lti_message_hint": json.dumps(hint if choosing else opened, separators=(",", ":")),
        "client_id": client_id,
        "lti_deployment_id": DEPLOYMENT,
    }


def auth_refusal(asked: dict[str, str], client_id: str, redirects: list[str]) -> str:
    """Why /mod/lti/auth.php would refuse what a tool asks, "" when it goes on."""
    needed = ("scope", "response_type", "client_id", "redirect_uri", "login_hint", "nonce", "lti_message_hint")
    if any(not asked.get(name) for name in needed) or asked.get("response_mode") != "form_post":
        return "invalid_request"
    if asked["scope"] != "openid" or asked["response_type"] != "id_token" or asked.get("prompt", "none") != "none":
        return "invalid_scope"
    if asked["client_id"] != client_id or asked["login_hint"] != USER or asked["redirect_uri"] not in redirects:
        return "unauthorized_client"
    return ""


def _common(root: str, client_id: str, nonce: str, target: str) -> dict[str, Any]:
    return {
        "nonce": nonce,
        **times(good_s=60),
        "iss": root,
        "aud": client_id,
        f"{CLAIM}deployment_id": DEPLOYMENT,
        f"{CLAIM}target_link_uri": target,
        "sub": USER,
        f"{CLAIM}context": {"id": "2", "label": "STAT", "title": "统计学", "type": ["CourseSection"]},
        f"{CLAIM}tool_platform": {
            "product_family_code": "moodle",
            "version": "2024100702.00",
            "guid": "f2a1",
            "name": "桂林大学",
            "description": "桂林大学 Moodle",
        },
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}ext": {"lms": "moodle-2"},
        f"{CLAIM}lis": {"person_sourcedid": "", "course_section_sourcedid": ""},
    }


def launch_claims(root: str, client_id: str, nonce: str, target: str, custom: dict[str, str]) -> dict[str, Any]:
    """The id_token of an activity that a learner opens."""
    items = f"{root}/mod/lti/services.php/2/lineitems"
    return {
        **_common(root, client_id, nonce, target),
        f"{CLAIM}message_type": "LtiResourceLinkRequest",
        f"{CLAIM}roles": [f"{MEMBERSHIP}Learner"],
        f"{CLAIM}resource_link": {"title": "第一单元", "description": "", "id": "12"},
        f"{CLAIM}launch_presentation": {
            "locale": "zh_cn",
            "document_target": "window",
            "return_url": f"{root}/mod/lti/return.php?course=2&launch_container=4&instanceid=12&sesskey=k1",
        },
        f"{CLAIM}custom": custom,
        f"{AGS}claim/endpoint": {
            "scope": SCORE_SCOPES,
            "lineitems": f"{items}?type_id={DEPLOYMENT}",
            "lineitem": f"{items}/16/lineitem?type_id={DEPLOYMENT}",
        },
        f"{NRPS}claim/namesroleservice": {
            "context_memberships_url": f"{root}/mod/lti/services.php/CourseSection/2/bindings/{DEPLOYMENT}/memberships",
            "service_versions": ["1.0", "2.0"],
        },
    }


def choosing_claims(root: str, client_id: str, nonce: str, target: str) -> dict[str, Any]:
    """The id_token of a teacher who chooses content; booleans are words there."""
    return {
        **_common(root, client_id, nonce, target),
        f"{CLAIM}message_type": "LtiDeepLinkingRequest",
        f"{CLAIM}roles": [f"{MEMBERSHIP}Instructor", f"{PERSON}Administrator"],
        f"{CLAIM}launch_presentation": {"locale": "zh_cn"},
        f"{DL}deep_linking_settings": {
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["frame", "iframe", "window"],
            "accept_copy_advice": "false",
            "accept_multiple": "true",
            "accept_unsigned": "false",
            "auto_create": "false",
            "can_confirm": "false",
            "deep_link_return_url": f"{root}/mod/lti/contentitem_return.php?course=2&id={DEPLOYMENT}&sesskey=k1",
            "title": "第一单元",
            "text": "",
        },
    }


def tool_login(sent: dict[str, str], redirect: str) -> dict[str, str]:
    """What Moodle as a tool (/enrol/lti/login.php) asks of a platform."""
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": sent["client_id"],
        "redirect_uri": redirect,
        "state": "state-6655b0c5a1f0e",
        "nonce": "nonce-6655b0c5a1f11",
        "login_hint": sent["login_hint"],
    }
    if "lti_message_hint" in sent:
        asked["lti_message_hint"] = sent["lti_message_hint"]
    return asked


def tool_choice(asked: dict[str, Any], root: str) -> dict[str, Any]:
    """What Moodle as a tool answers when a teacher chose a published activity."""
    said = {
        "iss": asked["aud"],
        "aud": [asked["iss"]],
        **times(good_s=600),
        "nonce": "nonce-6655b0d0a1f12",
        f"{CLAIM}deployment_id": asked[f"{CLAIM}deployment_id"],
        f"{CLAIM}message_type": "LtiDeepLinkingResponse",
        f"{CLAIM}version": "1.3.0",
        f"{DL}content_items": [
            {
                "type": "ltiResourceLink",
                "title": "第一章测验",
                "url": f"{root}/enrol/lti/launch.php",
                "custom": {"id": "0b3f6c5a-3f1d-4f0e-9d8f-0a8b0c6a2c11"},
                "lineItem": {"scoreMaximum": 100, "label": "第一章测验", "resourceId": "0b3f6c5a"},
            }
        ],
    }
    settings = asked[f"{DL}deep_linking_settings"]
    return {**said, f"{DL}data": settings["data"]} if "data" in settings else said


def tool_registration(root: str) -> dict[str, Any]:
    """What Moodle as a tool (/enrol/lti/register.php) sends to a platform; the scopes stand in the configuration."""
    launch, choosing = f"{root}/enrol/lti/launch.php", f"{root}/enrol/lti/launch_deeplink.php"
    return {
        "application_type": "web",
        "grant_types": ["client_credentials", "implicit"],
        "response_types": ["id_token"],
        "initiate_login_uri": f"{root}/enrol/lti/login.php?id=8e1f",
        "redirect_uris": [launch, choosing],
        "client_name": "Moodle",
        "jwks_uri": f"{root}/enrol/lti/jwks.php",
        "logo_uri": f"{root}/pix/moodlelogo.png",
        "token_endpoint_auth_method": "private_key_jwt",
        TOOL_CONFIGURATION: {
            "domain": root.partition("//")[2],
            "target_link_uri": launch,
            "custom_parameters": [],
            "scopes": [f"{AGS}scope/lineitem", *SCORE_SCOPES[1:], f"{NRPS}scope/contextmembership.readonly"],
            "claims": ["iss", "sub", "aud", "given_name", "family_name", "email", "picture"],
            "messages": [
                {
                    "type": "LtiDeepLinkingRequest",
                    "allowLearner": False,
                    "target_link_uri": choosing,
                    "label": "Moodle",
                },
                {"type": "LtiResourceLinkRequest", "allowLearner": True, "target_link_uri": launch, "label": "Moodle"},
            ],
        },
    }
