"""The second factor outside the screens: for the demo's accounts and for operators at the command line."""

import time
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from edu.events import actions as events
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.people.events import SECOND_FACTOR_REMOVED, SECOND_FACTOR_SET
from edu.people.models import Person

TOTP_PERIOD_S = 30  # RFC 6238; allauth's default


@transaction.atomic
def set_up_second_factor(*, person_uuid: UUID, acting: Actor, secret: str = "") -> str:
    """Give a person an authenticator and recovery codes; returns the secret. Refusal when there is one already.

    Only the person, or the system in a demo: nobody else may know the secret.
    """
    if acting.person_uuid not in {person_uuid, None}:
        raise NotPermitted("not-yours", _("Only you can change this."))
    person = _person(person_uuid)
    if Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists():
        raise Refusal("second-factor-there", _("There is a second step already."))
    secret = secret or generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    events.record(SECOND_FACTOR_SET, {"person_uuid": str(person_uuid)}, acting=acting)
    return secret


@transaction.atomic
def remove_second_factor(*, person_uuid: UUID, acting: Actor) -> None:
    """Take a lost authenticator away, so that its owner can set up another; operators and the system only."""
    if acting.role not in {"operator", "system"}:
        raise NotPermitted("not-operator", _("Only an operator may remove somebody's second step."))
    removed, _per_model = Authenticator.objects.filter(user=_person(person_uuid)).delete()
    if not removed:
        raise Refusal("second-factor-not-there", _("There is no second step."))
    events.record(SECOND_FACTOR_REMOVED, {"person_uuid": str(person_uuid)}, acting=acting)


def current_code(person_uuid: UUID) -> tuple[str, int]:
    """Return the code that an authenticator app would show now, and the seconds it holds; only in a demo or test."""
    if settings.ENVIRONMENT_NAME not in {"demo", "test"}:
        raise NotPermitted("not-a-demo", _("Codes are shown by the owner's app only."))
    row = Authenticator.objects.filter(user=_person(person_uuid), type=Authenticator.Type.TOTP).first()
    if row is None:
        raise NotThere("second-factor-not-there", _("There is no second step."))
    now = int(time.time())
    value = hotp_value(decrypt(row.data["secret"]), now // TOTP_PERIOD_S)
    return str(format_hotp_value(value)), TOTP_PERIOD_S - now % TOTP_PERIOD_S


def _person(uuid: UUID) -> Person:
    person = Person.objects.filter(uuid=uuid).first()
    if person is None:
        raise NotThere("person-not-there", _("There is no such person."))
    return person
