"""Choosing content at a tool for a block of a draft (LTI Deep Linking 2.0; our side is the platform).

The author goes to the tool and comes back with a signed answer. It is kept beside the draft; the author looks at it
and puts it in. The tool learns that somebody writes this course, and no name.
"""

import datetime as dt
import hmac
import secrets
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Course
from courses.lti import rules, tokens, tools
from courses.lti.models import Tool, ToolPick
from courses.lti.rules import CLAIM, COURSE_TEMPLATE, DEEP_LINKING, MEMBERSHIP, VERSION, Broken, Item
from courses.lti.states import RegistrationStatus
from courses.lti.tools import Opening
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale

HINT_SALT = "courses.lti.pick"
PICK_S = 3600  # how long an author may look around at the tool
DATA_BYTES = 24
REQUEST, RESPONSE = "LtiDeepLinkingRequest", "LtiDeepLinkingResponse"
ROLES = [f"{MEMBERSHIP}Instructor", f"{MEMBERSHIP}ContentDeveloper"]


def begin(*, tool: Tool, course: Course, usage_id: str, acting: Actor) -> Opening:
    """Begin a choice for a block of the course's draft; return the way to the tool.

    The caller has seen to it that the actor writes this course. Refusal "nothing-to-choose" for a tool without an
    address for it, "tool-closed" for one that was closed or belongs to another institution.
    """
    if tool.status != RegistrationStatus.ACTIVE or tool.institution_id != course.institution_id:
        raise Refusal("tool-closed", _("The office has not registered this tool, or closed it. Choose another one."))
    if not tool.choosing_url:
        raise Refusal("nothing-to-choose", _("At this tool nothing can be chosen. Ask the office for the address."))
    assert acting.person_uuid  # a course is written by a person
    person = get_user_model()._default_manager.filter(uuid=acting.person_uuid).get()
    pick = ToolPick.objects.create(
        tool=tool,
        course=course,
        usage_id=usage_id,
        person=person,
        language=get_language() or "zh-hans",
        data=secrets.token_urlsafe(DATA_BYTES),
        expires_at=clock.now() + dt.timedelta(seconds=PICK_S),
    )
    hint = signing.TimestampSigner(salt=HINT_SALT).sign(str(pick.uuid))
    fields = tools.login_fields(tool, hint, tool.choosing_url)
    return Opening(tool, tool.login_url, tuple(fields.items()), ())


def pick_of(hint: str, tool: Tool) -> ToolPick | None:
    """Return the choice that a hint of ours names, while the tool may still answer it."""
    named = tools.hinted(HINT_SALT, hint)
    rows = ToolPick.objects.select_related("person", "course__institution", "tool")
    return rows.filter(uuid=named, tool=tool, answered_at__isnull=True).first() if named else None


def claims(pick: ToolPick, nonce: str) -> dict[str, Any]:
    """Return what a tool learns when an author comes to choose."""
    subject = salted_hmac("courses.lti.author", f"{pick.person.pk}:{pick.course.pk}", algorithm="sha256").hexdigest()
    course = pick.course
    said = tools.message(pick.tool, REQUEST, subject=subject[:32], target=pick.tool.choosing_url, nonce=nonce)
    said[f"{CLAIM}roles"] = ROLES
    said[f"{CLAIM}context"] = {
        "id": str(course.uuid),
        "label": course.code,
        "title": course.name_zh,
        "type": [COURSE_TEMPLATE],
    }
    said[f"{DEEP_LINKING}deep_linking_settings"] = {
        "deep_link_return_url": tools.site_url("lti_wire:picked", pick.uuid),
        "accept_types": [rules.ITEM],
        "accept_presentation_document_targets": ["window"],
        "accept_multiple": False,
        "accept_lineitem": True,
        "auto_create": False,
        "data": pick.data,
    }
    return said


def take(pick_uuid: UUID, token: str) -> ToolPick:
    """Keep what a tool answered; NotPermitted with the reason for an answer that does not hold, Stale for a second one.

    NotThere for a choice that nobody began or that is over. Whatever is refused leaves no trace.
    """
    pick = ToolPick.objects.select_related("tool", "course").filter(uuid=pick_uuid).first()
    if pick is None or pick.expires_at < clock.now() or pick.tool.status != RegistrationStatus.ACTIVE:
        raise NotThere("no-such-pick", _("This choice was not begun here, or too long ago. Begin it again."))
    if pick.answered_at is not None:
        raise Stale("pick-answered", _("The tool has answered already. Choose again if you want something else."))
    try:
        said = _checked(pick, token)
        item = rules.read_items(said.get(f"{DEEP_LINKING}content_items", []))
        if item is not None and item.url and not tools.belongs_to(pick.tool, item.url):
            raise Broken("The item lies on a host that was not registered for this tool.")
        with transaction.atomic():
            tokens.take_once(pick.tool.client_id, "deep-linking", said.get("nonce"), tokens.times_of(said))
            pick.item = _kept(item)
            pick.answered_at = clock.now()
            rows = ToolPick.objects.filter(pk=pick.pk, answered_at__isnull=True)
            if rows.update(item=pick.item, answered_at=pick.answered_at) != 1:
                raise Stale("pick-answered", _("The tool has answered already."))
    except Broken as error:
        message = _("What the tool answered cannot be taken. Choose something else there, or ask the tool's maker.")
        raise NotPermitted("pick-broken", message, {"why": str(error)}) from error
    return pick


def _checked(pick: ToolPick, token: str) -> dict[str, Any]:
    """Return the claims of an answer; Broken for one that does not hold."""
    tool = pick.tool
    said = tokens.check(token, tool.jwks_url)
    tokens.times_of(said)
    if said.get("iss") != tool.client_id or not rules.audience_is(said, [tools.issuer()]):
        raise Broken("iss or aud is somebody else's.")
    if said.get(f"{CLAIM}deployment_id") != tool.deployment_id:
        raise Broken("The deployment is not ours.")
    if said.get(f"{CLAIM}message_type") != RESPONSE or said.get(f"{CLAIM}version") != VERSION:
        raise Broken("The version or the message type is not that of a deep-linking response.")
    if not hmac.compare_digest(str(said.get(f"{DEEP_LINKING}data", "")).encode(), pick.data.encode()):
        raise Broken("data is not what was sent along.")
    return said


def _kept(item: Item | None) -> dict[str, Any]:
    if item is None:
        return {}
    return {**asdict(item), "custom": list(item.custom), "points": None if item.points is None else str(item.points)}


def pick_for(pick_uuid: UUID, *, course: Course, usage_id: str, acting: Actor) -> ToolPick:
    """Return an author's own choice for a block; NotThere for any other."""
    rows = ToolPick.objects.select_related("tool").filter(course=course, usage_id=usage_id)
    pick = rows.filter(Q(person__uuid=acting.person_uuid), uuid=pick_uuid).first()
    if pick is None:
        raise NotThere("no-such-pick", _("This choice was not begun here, or too long ago. Begin it again."))
    return pick


def note_used(pick: ToolPick) -> None:
    """Remember that the choice stands in the draft; Stale when it was put there before."""
    if ToolPick.objects.filter(pk=pick.pk, used_at__isnull=True).update(used_at=clock.now()) != 1:
        raise Stale("pick-used", _("This choice is in the draft already."))


def forget_old() -> int:
    """Delete choices that are over; return how many."""
    deleted, _each = ToolPick.objects.filter(expires_at__lt=clock.now() - dt.timedelta(days=1)).delete()
    return deleted
