"""Changing a registration: what it was, who changed it and why stay in its history."""

from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.lti import access
from courses.lti.models import Tool
from courses.lti.passing_back import token_name
from courses.lti.platform_models import Platform, PlatformAccount
from courses.lti.registering import (
    PlatformPlan,
    ToolPlan,
    platform_values,
    reason_of,
    require_unknown,
    tool_values,
)
from courses.lti.states import RegistrationStatus
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal, Stale


@transaction.atomic
def change_tool(*, tool_uuid: UUID, plan: ToolPlan, seen: int, reason: str, acting: Actor) -> Tool:
    """Let a tool's registration say what the plan says; its ids stay, and so do seats and scores.

    Refusals of register_tool, and "reason-missing", "nothing-changed", "registration-closed"; NotThere for a tool of
    another institution; Stale when somebody changed it after revision `seen`.
    """
    row = access.tool_of(access.institution_of(acting), tool_uuid)
    changed = _change(row, tool_values(plan), seen, reason, acting)
    _announce(events.TOOL_CHANGED, row, changed, acting)
    return row


@transaction.atomic
def change_platform(*, platform_uuid: UUID, plan: PlatformPlan, seen: int, reason: str, acting: Actor) -> Platform:
    """Let a platform's registration say what the plan says; connected learners stay connected.

    Refusals of register_platform, and those of change_tool, and "issuer-has-learners": another issuer's learners may
    bear the same names and be other people.
    """
    row = access.platform_of(access.institution_of(acting), platform_uuid)
    values = platform_values(plan)
    if plan.issuer != row.issuer and PlatformAccount.objects.filter(platform=row, ended_at__isnull=True).exists():
        message = _("Learners are connected to this issuer. Close the registration and connect the platform anew.")
        raise Refusal("issuer-has-learners", message)
    require_unknown(plan, but=row.pk)
    try:
        with transaction.atomic():
            changed = _change(row, values, seen, reason, acting)
    except IntegrityError:
        raise Refusal("platform-known", _("This platform and client id are connected already.")) from None
    _announce(events.PLATFORM_CHANGED, row, changed, acting)
    transaction.on_commit(lambda: cache.delete(token_name(row)))  # it was given to the client and at the address before
    return row


def _change(row: Tool | Platform, values: dict[str, Any], seen: int, reason: str, acting: Actor) -> list[str]:
    """Write what differs and its history row; returns the names of the columns."""
    if row.status == RegistrationStatus.CLOSED:
        raise Refusal("registration-closed", _("This registration is closed. Register the other server anew."))
    assert acting.person_uuid
    assert acting.institution_uuid  # access.institution_of has seen to it
    why = reason_of(reason)
    became = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not became:
        raise Refusal("nothing-changed", _("Nothing differs from what is registered."))
    was = {name: getattr(row, name) for name in became}
    rows = type(row)._default_manager.filter(pk=row.pk, revision=seen, status=row.status)
    if rows.update(revision=F("revision") + 1, **became) != 1:
        raise Stale("changed-meanwhile", _("Somebody has changed this meanwhile, and nothing was overwritten."))
    row.changes.create(
        was=was,
        became=became,
        reason=why,
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )
    row.refresh_from_db()
    return sorted(became)


def _announce(name: str, row: Tool | Platform, changed: list[str], acting: Actor) -> None:
    payload = {
        "registration_uuid": str(row.uuid),
        "institution_uuid": str(acting.institution_uuid),
        "changed": changed,
    }
    record(name, payload, acting=acting)
