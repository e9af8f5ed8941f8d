"""Making and ending the keys of an institution's programs."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from edu.api.events import KEY_MADE, KEY_REVOKED
from edu.api.models import MachineKey
from edu.events import actions as events
from edu.institutions import api as institutions
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.people import api as people

PREFIX = "guixue_"  # so that scanners of repositories find a key that slipped into one
KEY_BYTES = 32
DAYS_MAX = 400  # a school year and its holidays: keys of forgotten programs end by themselves
KEYS_MAX = 20  # an institution has a handful of programs
SCOPES = {
    "enrolments": _("Enrolments: who has a place in which run"),
    "grades": _("Grades: certified results"),
}


def digest_of(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def make_key(*, name: str, scopes: Collection[str], expires_on: dt.date, acting: Actor) -> str:
    """Make a key for a program of the registrar's institution and return it, now and never again.

    Refusals: "key-without-scope", "key-too-long", "keys-too-many"; NotPermitted unless a registrar acts.
    """
    institution_uuid = _institution_of(acting)
    assert acting.person_uuid  # a registrar is a person
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Refusal("key-without-scope", _("Choose what the program may read."))
    today = clock.today()
    if not today <= expires_on <= today + dt.timedelta(days=DAYS_MAX):
        raise Refusal("key-too-long", _("Choose a day within the next %(days)d days.") % {"days": DAYS_MAX})
    living = MachineKey.objects.filter(
        institution__uuid=institution_uuid, revoked_at__isnull=True, expires_on__gte=today
    )
    if living.count() >= KEYS_MAX:
        raise Refusal("keys-too-many", _("The institution has %(n)d keys. Revoke one first.") % {"n": KEYS_MAX})
    key = PREFIX + secrets.token_urlsafe(KEY_BYTES)
    row = MachineKey.objects.create(
        institution_id=institutions.institution_id(institution_uuid),
        name=name,
        digest=digest_of(key),
        scopes=sorted(scopes),
        made_by_person_uuid=acting.person_uuid,
        made_at=clock.now(),
        expires_on=expires_on,
    )
    events.record(KEY_MADE, {"key_uuid": str(row.uuid), "scopes": row.scopes}, acting=acting)
    return key


@transaction.atomic
def revoke_key(*, key_uuid: UUID, acting: Actor) -> None:
    """End a key of the registrar's institution at once; NotThere for another's, Stale when it has ended already."""
    row = MachineKey.objects.filter(uuid=key_uuid, institution__uuid=_institution_of(acting)).first()
    if row is None:
        raise NotThere("no-such-key", _("There is no such key."))
    ended = MachineKey.objects.filter(pk=row.pk, revoked_at__isnull=True).update(
        revoked_at=clock.now(), revoked_by_person_uuid=acting.person_uuid
    )
    if ended != 1:
        raise Stale("key-revoked-already", _("This key has been revoked already."))
    events.record(KEY_REVOKED, {"key_uuid": str(row.uuid)}, acting=acting)


def keys_of(institution_uuid: UUID) -> list[MachineKey]:
    """Return an institution's keys, the newest first."""
    return list(MachineKey.objects.filter(institution__uuid=institution_uuid).order_by("-made_at", "-pk"))


def living_key(key: str) -> MachineKey | None:
    """Return the row of a key that is good today, with its institution, or None; its day of use is kept."""
    today = clock.today()
    rows = MachineKey.objects.select_related("institution")
    row = rows.filter(digest=digest_of(key), revoked_at__isnull=True, expires_on__gte=today).first()
    if row is not None and row.last_used_on != today:
        MachineKey.objects.filter(pk=row.pk).update(last_used_on=today)
    return row


def _institution_of(acting: Actor) -> UUID:
    if acting.role != people.Role.REGISTRAR or acting.institution_uuid is None or acting.person_uuid is None:
        raise NotPermitted("not-registrar", _("Only registrars of the institution may do this."))
    return acting.institution_uuid
