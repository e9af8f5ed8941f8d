"""Secrets by which other servers register themselves: given by the office, good once, only their hash is kept."""

import datetime as dt
import secrets
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.catalogue.queries import institution_key
from courses.lti import access
from courses.lti.models import Tool
from courses.lti.platform_models import Invitation, Platform
from courses.lti.platforms import digest
from courses.lti.states import RegistrationStatus
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Stale

SECRET_BYTES = 32
Side = Literal["platform", "tool"]


@transaction.atomic
def invite(side: Side, lasts: dt.timedelta, *, acting: Actor) -> str:
    """Make a secret for a server of the actor's institution; NotPermitted unless the institution's office acts."""
    institution_uuid = access.institution_of(acting)
    assert acting.person_uuid  # an office is held by a person
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = Invitation.objects.create(
        institution_id=institution_key(institution_uuid),
        side=side,
        secret_digest=digest(secret),
        invited_by_person_uuid=acting.person_uuid,
        expires_at=clock.now() + lasts,
    )
    payload = {"invitation_uuid": str(row.uuid), "institution_uuid": str(institution_uuid)}
    record(events.SERVER_INVITED, payload, acting=acting)
    return secret


def use(side: Side, secret: str) -> Invitation:
    """Take a secret, once; NotThere for one that was used, is over or was never given."""
    rows = Invitation.objects.select_related("institution").filter(side=side, secret_digest=digest(secret))
    row = rows.filter(used_at__isnull=True, expires_at__gte=clock.now()).first()
    if row is None or Invitation.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=clock.now()) != 1:
        message = _("This address was used already, or is too old. Ask for a new one where you got it.")
        raise NotThere("no-such-invitation", message)
    return row


def give_back(row: Invitation) -> None:
    """Let a secret be used again, since nothing came of it."""
    Invitation.objects.filter(pk=row.pk).update(used_at=None)


def require_waiting(row: Tool | Platform, seen: int) -> None:
    """Stale unless the registration still waits, as the person saw it."""
    if row.revision != seen or row.status != RegistrationStatus.WAITING:
        raise Stale("changed-meanwhile", _("Somebody has changed this meanwhile. Look at it again."))


def forget_old() -> int:
    """Delete invitations that are over; return how many."""
    deleted, _each = Invitation.objects.filter(expires_at__lt=clock.now() - dt.timedelta(days=1)).delete()
    return deleted
