"""What a registered tool says and asks about results of our blocks (Assignment and Grade Services)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.content.models import ContentBlock
from courses.lti import access, rules, tokens, tools
from courses.lti.models import Tool, ToolSeat
from courses.lti.rules import Broken
from courses.lti.states import RegistrationStatus
from courses.runs.models import CourseRun
from courses.runtime import actions as runtime_actions
from courses.runtime import queries
from courses.runtime.lti import VERSION_13
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, NotThere, Stale

ACCESS_SALT = "courses.lti.access"
ACCESS_S = 3600
FUTURE = dt.timedelta(minutes=5)  # how far a tool's clock may be ahead


def access_token(sent: Mapping[str, str], token_url: str) -> tuple[str, list[str]]:
    """Return an access token for a tool that proves who it is by a signed assertion, and the scopes it has.

    Broken for an assertion that does not hold or was used before, and for scopes that there are not.
    """
    if sent.get("grant_type") != "client_credentials" or sent.get("client_assertion_type") != rules.JWT_BEARER:
        raise Broken("grant_type or client_assertion_type is not what LTI asks for.")
    assertion = sent.get("client_assertion", "")
    try:
        tool = access.active_tool(_claimed_client(assertion))
    except NotThere:
        raise Broken("This client is not registered here.") from None
    claims = tokens.check(assertion, tool.jwks_url)
    until = tokens.times_of(claims)
    if claims.get("iss") != tool.client_id or claims.get("sub") != tool.client_id:
        raise Broken("iss and sub must be the client's id.")
    if not rules.audience_is(claims, [token_url, tools.issuer()]):
        raise Broken("The assertion is for somebody else.")
    served = rules.SCOPES | ({rules.MEMBERS} if tool.lists_members else set())
    scopes = sorted(set(sent.get("scope", "").split()) & served)
    if not scopes:
        raise Broken("None of the scopes is served here.")
    tokens.take_once(tool.client_id, "assertion", claims.get("jti"), until)
    return signing.dumps([tool.pk, scopes], salt=ACCESS_SALT), scopes


def _claimed_client(assertion: str) -> str:
    """Return the client that an assertion names, before anything of it is believed."""
    return str(tokens.unproved(assertion).get("iss", ""))


def tool_with(authorization: str, scopes: Iterable[str]) -> Tool:
    """Return the tool of an access token that has one of the scopes; NotPermitted for any other token."""
    kind, _space, token = authorization.partition(" ")
    try:
        tool_id, given = signing.loads(token, salt=ACCESS_SALT, max_age=ACCESS_S) if kind == "Bearer" else (None, [])
    except (signing.BadSignature, ValueError):
        tool_id, given = None, []
    tool = Tool.objects.filter(pk=tool_id, status=RegistrationStatus.ACTIVE.value).first() if tool_id else None
    if tool is None or not set(given) & set(scopes):
        raise NotPermitted("token-refused", _("The token is unknown, too old, or not for this."))
    return tool


def run_of(tool: Tool, run_uuid: UUID, usage_id: str) -> tuple[CourseRun, ContentBlock]:
    """Return the run and the block whose line item this is; NotThere unless the block opens this very tool."""
    run, blocks = blocks_of(tool, run_uuid)
    block = next((one for one in blocks if one.usage_id == usage_id and _is_scored(one)), None)
    if block is None:
        raise NotThere("no-such-line-item", _("There is no such line item."))
    return run, block


def blocks_of(tool: Tool, run_uuid: UUID) -> tuple[CourseRun, list[ContentBlock]]:
    """Return a run and its blocks that open this very tool, in their order; NotThere for a run without any."""
    runs = CourseRun.objects.select_related("course").filter(course__institution_id=tool.institution_id)
    run = runs.filter(uuid=run_uuid, content__isnull=False).first()
    named = {"lti_id": tool.client_id, "lti_version": VERSION_13}
    rows = ContentBlock.objects.filter(block_type="lti_consumer", fields__settings__contains=named)
    found = list(rows.filter(version_id=run.content_id).order_by("ordinal")) if run else []
    if run is None or not found:
        raise NotThere("no-such-run", _("There is no such run."))
    return run, found


def line_items(tool: Tool, run_uuid: UUID, link: str = "") -> list[dict[str, Any]]:
    """Return the line items of a run that are the tool's, or of one of its resource links."""
    run, blocks = blocks_of(tool, run_uuid)
    found = [line_item(run, block) for block in blocks if _is_scored(block)]
    return [item for item in found if not link or item["resourceLinkId"] == link]


def _is_scored(block: ContentBlock) -> bool:
    return bool(block.fields.get("settings", {}).get("has_score"))


def line_item(run: CourseRun, block: ContentBlock) -> dict[str, Any]:
    """Return the line item of a block."""
    return {
        "id": tools.line_item_url(run, block.usage_id),
        "label": block.display_name or block.usage_id,
        "scoreMaximum": float(block.fields.get("settings", {}).get("weight", 1.0) or 1.0),
        "resourceLinkId": f"{run.uuid}:{block.usage_id}",
    }


def take_score(tool: Tool, run: CourseRun, block: ContentBlock, sent: Any) -> None:
    """Store a learner's score; one that is not final stores nothing.

    Broken for what is no score, NotThere for a learner whom the tool never saw here, Stale for a score that is older
    than the one that stands, NotPermitted once the learner has left or the run has ended.
    """
    score = rules.read_score(sent)
    if score.at > clock.now() + FUTURE:
        raise Broken("timestamp lies in the future.")
    with transaction.atomic():
        seats = ToolSeat.objects.select_for_update(of=("self",)).select_related("run", "person", "tool")
        seat = seats.filter(tool=tool, run=run, usage_id=block.usage_id, subject=score.subject).first()
        if seat is None:
            raise NotThere("no-such-learner", _("This learner has not opened the tool here."))
        if seat.scored_at and score.at <= seat.scored_at:
            raise Stale("score-older", _("A newer score stands already."))
        if score.part is None:
            return
        _store(seat, score.part)
        seat.scored_at = score.at
        seat.save(update_fields=["scored_at"])


def _store(seat: ToolSeat, part: Decimal) -> None:
    grant, keeps = tools.grant_of(seat)
    if not keeps:
        raise NotPermitted("not-enrolled", _("The run has ended or the learner has left it; nothing is stored."))
    runtime_actions.store_part(grant, part)


def results(tool: Tool, run: CourseRun, block: ContentBlock, subject: str = "") -> list[dict[str, Any]]:
    """Return the results that stand in a block for learners who opened the tool, or for one of them."""
    seats = ToolSeat.objects.filter(tool=tool, run=run, usage_id=block.usage_id)
    subjects = dict((seats.filter(subject=subject) if subject else seats).values_list("person_id", "subject"))
    item = tools.line_item_url(run, block.usage_id)
    return [
        {
            "id": f"{item}/results/{subjects[score.person_id]}",
            "scoreOf": item,
            "userId": subjects[score.person_id],
            "resultScore": float(score.earned),
            "resultMaximum": float(score.possible),
        }
        for score in queries.scores_of(run.pk, subjects)
        if score.usage_id == block.usage_id and score.possible
    ]
