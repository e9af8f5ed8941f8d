"""Erasing a person: each app offers how its own rows lose the person, and this app knows none but its own.

What the law has schools keep (results, the ledger, issued certificates) stays under a uuid that names nobody;
docs/personal-data.md lists it with its source.
"""

from collections.abc import Callable
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from edu.events import actions as events
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.people.events import PERSON_ERASED
from edu.people.models import Affiliation, Erasure, OneTimeCode, Person
from edu.people.queries import affiliations

NOBODY = "—"  # stands where a name stood: a dash in every language

Eraser = Callable[[UUID], None]

_erasers: dict[str, Eraser] = {}


def register_eraser(name: str, erase: Eraser) -> None:
    """Offer an eraser: it must be safe to repeat, and do nothing for a uuid that is nobody's."""
    _erasers[name] = erase


@transaction.atomic
def erase_person(*, person_uuid: UUID, basis: str, acting: Actor) -> None:
    """Erase a person who has left every institution; `basis` says on what ground, without a name.

    Operators and the system only. NotThere for nobody; Refusal when the person still studies or works somewhere, or
    was erased already.
    """
    if acting.role not in {"operator", "system"}:
        raise NotPermitted("not-operator", _("Only an operator may erase a person."))
    if not Person.objects.select_for_update().filter(uuid=person_uuid).exists():
        raise NotThere("person-not-there", _("There is no such person."))
    if Erasure.objects.filter(person_uuid=person_uuid).exists():
        raise Refusal("erased-already", _("This person was erased already."))
    if affiliations(person_uuid):
        raise Refusal(
            "still-belongs",
            _("This person still belongs to an institution. Let the institution end that first, then erase."),
        )
    if not basis.strip():
        raise Refusal("basis-missing", _("Say on what ground the person is erased, for example the request's number."))
    Erasure.objects.create(
        person_uuid=person_uuid,
        basis=basis.strip(),
        actor_person_uuid=acting.person_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )
    erase_traces(person_uuid)
    events.record(PERSON_ERASED, {"person_uuid": str(person_uuid)}, acting=acting)


@transaction.atomic
def erase_traces(person_uuid: UUID) -> None:
    """Let every app remove what the person wrote and was told; all of it or nothing. Safe to repeat."""
    for name in sorted(_erasers):
        _erasers[name](person_uuid)


def forget(person_uuid: UUID) -> None:
    """Take name, addresses, numbers and every way to sign in from the account; running sessions end with it."""
    person = Person.objects.filter(uuid=person_uuid).first()
    if person is None:
        return
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    OneTimeCode.objects.filter(person=person).delete()
    Affiliation.objects.filter(person=person).update(number="")
    person.name, person.name_latin, person.email, person.phone = NOBODY, "", None, None
    person.is_active = person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save()


register_eraser("people", forget)
