"""Answering a tool's login: who comes, with what message; nothing is told before everything fits."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.lti import access, picking, tokens, tools
from courses.lti.models import Tool, ToolPick, ToolSeat
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted

EXPECTED = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none"}
NONCE_CHARS_MAX = 255


def authorise(sent: Mapping[str, str], acting: Actor) -> tuple[str, dict[str, str]]:
    """Answer a tool's login: return where the browser posts, and what.

    NotThere for an unknown tool; NotPermitted for an address that was not registered, a hint that was not given here
    or to another person, or a request that is not LTI's. Nothing is sent back to the tool then.
    """
    tool = access.active_tool(sent.get("client_id", ""))
    redirect = sent.get("redirect_uri", "")
    if redirect not in tool.redirect_urls:
        raise NotPermitted("redirect-unknown", _("The tool asks for an address that the institution did not register."))
    nonce = sent.get("nonce", "")
    if any(sent.get(name) != value for name, value in EXPECTED.items()) or not 0 < len(nonce) <= NONCE_CHARS_MAX:
        raise NotPermitted("request-broken", _("The tool did not ask in the form of LTI 1.3."))
    errand = _errand(sent.get("login_hint", ""), tool)
    if errand.person.uuid != acting.person_uuid:
        raise NotPermitted("hint-of-another", _("Somebody else opened this tool. Open it again from the unit."))
    fields = {"id_token": tokens.sign(_claims(errand, tool, nonce))}
    if "state" in sent:
        fields["state"] = sent["state"]
    return redirect, fields


def _errand(hint: str, tool: Tool) -> ToolSeat | ToolPick:
    """Return what the browser comes for: a block that it opens, or content that it chooses."""
    found = tools.seat_of(hint, tool) or picking.pick_of(hint, tool)
    if found is None:
        message = _("This way to the tool was not made here, or too long ago. Open it again from the unit.")
        raise NotPermitted("hint-broken", message)
    return found


def _claims(errand: ToolSeat | ToolPick, tool: Tool, nonce: str) -> dict[str, Any]:
    if isinstance(errand, ToolPick):
        return picking.claims(errand, nonce)
    said = tools.claims(errand, tool, nonce)
    tools.note_told(errand, said)
    return said
