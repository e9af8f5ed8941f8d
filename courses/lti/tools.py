"""Opening a registered tool from a unit (our side is the platform): the way to its login, and the signed launch."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.lti.models import Tool, ToolSeat
from courses.lti.rules import (
    AGS_CLAIM,
    CLAIM,
    COURSE_OFFERING,
    MEMBERS_CLAIM,
    MEMBERSHIP,
    SCOPES,
    TOKEN_S,
    VERSION,
    custom_of,
)
from courses.lti.states import RegistrationStatus
from courses.runs.access import teaches
from courses.runs.models import CourseRun
from courses.runtime import access as runtime_access
from courses.runtime import addresses, grants, queries
from courses.runtime.grants import Grant
from courses.runtime.lti import VERSION_13
from courses.runtime.runtime import UnitRuntime
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.people import api as people

HINT_SALT = "courses.lti.hint"
PERSONAL = ("name", "email")
HINT_AGE_S_MAX = 600  # a slow tool's login on a slow line
PUPILS_OF = frozenset({"school", "teaching_point"})  # their learners are minors: no tool learns who they are


@dataclass(frozen=True, slots=True)
class Opening:
    """Where the browser goes first, with which fields, and what the tool will learn of the person."""

    tool: Tool
    url: str
    fields: tuple[tuple[str, str], ...]
    told: tuple[str, ...]  # "name", "email"


@dataclass(frozen=True, slots=True)
class Block:
    """A block that opens a tool, in its unit."""

    runtime: UnitRuntime
    block: Any
    run: CourseRun
    tool: Tool


def issuer() -> str:
    """Return our name as a platform."""
    return addresses.site_origin()


def site_url(name: str, *arguments: object) -> str:
    """Return an address of ours as other servers need it."""
    return addresses.site_origin() + reverse(name, args=list(arguments))


def block_of(grant: Grant) -> Block:
    """Return the block of a grant with its registered tool; NotThere for another block, Refusal without a tool."""
    place = runtime_access.place_of(grant)
    blocks = queries.blocks_of_unit(place, grant.unit_id)
    info = blocks.get(grant.usage_id)
    if info is None or not info.is_supported or info.block_type != "lti_consumer":
        raise NotThere("no-such-block")
    runtime = UnitRuntime(grant, place, blocks)
    block = runtime.block(grant.usage_id)
    run = CourseRun.objects.select_related("course__institution").get(pk=grant.run_id)
    if block.lti_version != VERSION_13:
        raise NotThere("no-such-block")
    tool = Tool.objects.select_related("institution").filter(client_id=(block.lti_id or "").strip()[:40]).first()
    if tool is None or tool.institution_id != run.course.institution_id:
        raise Refusal("tool-not-registered", _("The institution has not registered this tool. Ask the teacher."))
    if tool.status != RegistrationStatus.ACTIVE:
        message = _("The institution no longer uses this tool. Your scores stay. Ask the teacher what to do instead.")
        raise Refusal("tool-closed", message)
    return Block(runtime, block, run, tool)


def open_tool(grant: Grant) -> Opening:
    """Give the learner a seat at the tool and return the way to its login."""
    found = block_of(grant)
    target = _target(found)
    seat, _made = ToolSeat.objects.update_or_create(
        tool=found.tool,
        run=found.run,
        usage_id=grant.usage_id,
        person_id=grant.person_id,
        defaults={"unit_usage_id": grant.unit_id, "opened_at": clock.now()},
        create_defaults={
            "unit_usage_id": grant.unit_id,
            "opened_at": clock.now(),
            "subject": grants.anonymous_id(grant.person_id, grant.run_id),
        },
    )
    fields = login_fields(found.tool, signing.TimestampSigner(salt=HINT_SALT).sign(str(seat.uuid)), target)
    told = tuple(name for name in PERSONAL if name in _personal(found.tool, seat.person))
    return Opening(found.tool, found.tool.login_url, tuple(fields.items()), told)


def seat_of(hint: str, tool: Tool) -> ToolSeat | None:
    """Return the seat that a hint of ours names, or None for what is no such hint, or too old."""
    named = hinted(HINT_SALT, hint)
    seats = ToolSeat.objects.select_related("person", "run__course__institution", "tool")
    return seats.filter(uuid=named, tool=tool).first() if named else None


def hinted(salt: str, hint: str) -> str:
    """Return what a hint of ours names, or "" for what is none of this kind, or too old."""
    try:
        return signing.TimestampSigner(salt=salt).unsign(hint, max_age=HINT_AGE_S_MAX)
    except signing.BadSignature:  # expired ones too
        return ""


def message(tool: Tool, kind: str, *, subject: str, target: str, nonce: str) -> dict[str, Any]:
    """Return what each message of ours to a tool says."""
    now = int(time.time())
    return {
        "iss": issuer(),
        "aud": tool.client_id,
        "sub": subject,
        "iat": now,
        "exp": now + TOKEN_S,
        "nonce": nonce,
        f"{CLAIM}message_type": kind,
        f"{CLAIM}version": VERSION,
        f"{CLAIM}deployment_id": tool.deployment_id,
        f"{CLAIM}target_link_uri": target,
        f"{CLAIM}tool_platform": {"guid": urlsplit(issuer()).hostname, "product_family_code": "guixue"},
        f"{CLAIM}launch_presentation": {"document_target": "window", "locale": _locale()},
    }


def login_fields(tool: Tool, hint: str, target: str) -> dict[str, str]:
    """Return what the browser brings to a tool's login."""
    return {
        "iss": issuer(),
        "login_hint": hint,
        "target_link_uri": target,
        "client_id": tool.client_id,
        "lti_deployment_id": tool.deployment_id,
    }


def claims(seat: ToolSeat, tool: Tool, nonce: str) -> dict[str, Any]:
    """Return what a tool learns of a launch."""
    grant, keeps = grant_of(seat)
    found = block_of(grant)
    said: dict[str, Any] = {
        **message(tool, "LtiResourceLinkRequest", subject=seat.subject, target=_target(found), nonce=nonce),
        f"{CLAIM}resource_link": {"id": _place(seat), "title": found.block.display_name or ""},
        f"{CLAIM}roles": [MEMBERSHIP + ("Instructor" if _teaches(seat) else "Learner")],
        f"{CLAIM}context": {
            **about_run(seat.run),
            "type": [COURSE_OFFERING],
        },
        f"{CLAIM}custom": custom_of(found.block.custom_parameters or []),
        **_personal(tool, seat.person),
    }
    if keeps and found.block.has_score:
        said[AGS_CLAIM] = {
            "scope": sorted(SCOPES),
            "lineitem": line_item_url(seat.run, seat.usage_id),
            "lineitems": site_url("lti_wire:line_items", seat.run.uuid),
        }
    if tool.lists_members:
        url = site_url("lti_wire:members", seat.run.uuid)
        said[MEMBERS_CLAIM] = {"context_memberships_url": url, "service_versions": ["2.0"]}
    return said


def note_told(seat: ToolSeat, said: dict[str, Any]) -> None:
    """Remember what a launch tells of the person: only that may stand in a list of members later."""
    told = sorted({*seat.told, *(name for name in PERSONAL if name in said)})
    if told != seat.told:
        ToolSeat.objects.filter(pk=seat.pk).update(told=told)


def grant_of(seat: ToolSeat) -> tuple[Grant, bool]:
    """Return the right to the seat's block, and whether it keeps a score: only for learners while the run goes on."""
    run = seat.run
    if run.content_id is None:
        raise NotThere("no-such-block")
    language = get_language() or settings.LANGUAGE_CODE
    grant = Grant(seat.person_id, run.pk, run.content_id, seat.unit_usage_id, seat.usage_id, True, language)
    try:
        runtime_access.place_of(grant)
    except NotPermitted:
        return Grant(*_ids(grant), keeps=False, language=language), False
    return grant, True


def about_run(run: CourseRun) -> dict[str, str]:
    """Return what tools learn of a run."""
    return {"id": str(run.uuid), "label": run.code, "title": run.course.name_zh}


def line_item_url(run: CourseRun, usage_id: str) -> str:
    """Return the address of the line item of a block."""
    return site_url("lti_wire:line_item", run.uuid, usage_id)


def _ids(grant: Grant) -> tuple[int, int, int, str, str]:
    return grant.person_id, grant.run_id, grant.version_id, grant.unit_id, grant.usage_id


def _target(found: Block) -> str:
    """Return what is opened: a block may name another page of the tool, on a host that was registered."""
    named = (found.block.lti_1p3_launch_url or found.block.launch_url or "").strip() or found.tool.launch_url
    if not belongs_to(found.tool, named):
        raise Refusal("tool-elsewhere", _("The course names a page that does not belong to the tool. Ask the teacher."))
    return named


def belongs_to(tool: Tool, url: str) -> bool:
    """True when an address lies on a host that was registered for the tool."""
    known = [tool.launch_url, *tool.redirect_urls]
    return _origin(url) in {_origin(one) for one in known}


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _place(seat: ToolSeat) -> str:
    return f"{seat.run.uuid}:{seat.usage_id}"


def _teaches(seat: ToolSeat) -> bool:
    return teaches(seat.run.uuid, seat.person.uuid)


def _locale() -> str:
    return "zh-CN" if (get_language() or "zh").startswith("zh") else "en"


def _personal(tool: Tool, person: Any) -> dict[str, str]:
    """Return who the person is, as far as the registration says so; of pupils of schools never anything."""
    wanted = {"name": person.name if tool.sends_name else "", "email": person.email if tool.sends_email else ""}
    given = {name: value for name, value in wanted.items() if value}
    return {} if given and _is_pupil(person) else given


def _is_pupil(person: Any) -> bool:
    held = [one.institution_uuid for one in people.affiliations(person.uuid) if one.role == people.Role.STUDENT]
    return any(info.kind in PUPILS_OF for info in institutions.institutions(held).values()) if held else False
