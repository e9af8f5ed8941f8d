"""Who may see what of sealed terms: a person the own proofs; registrars, the department and the operator the list."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from credits.ledger.models import Lot
from credits.seals.models import TermSeal
from credits.seals.proving import Sealed, sealed_of
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people import api as people

READERS = (people.Role.REGISTRAR, people.Role.SUPERVISOR, people.Role.OPERATOR)
NOT_THERE = ("no-such-seal", _("There is no such page."))


def reader_of(request: HttpRequest) -> Actor:
    """Return who reads the list of seals; NotThere for other roles."""
    return people.require_role(request, *READERS)


def seal(seal_uuid: UUID) -> TermSeal:
    """Return a seal; NotThere when there is none."""
    found = TermSeal.objects.filter(uuid=seal_uuid).first()
    if found is None:
        raise NotThere(*NOT_THERE)
    return found


def own_sealed(actor: Actor, seal_uuid: UUID) -> Sealed:
    """Return what a person may prove of a seal."""
    if actor.person_uuid is None:
        raise NotThere(*NOT_THERE)
    return sealed_of(seal(seal_uuid), actor.person_uuid)


def own_lot_uuid(actor: Actor, lot_uuid: UUID) -> UUID:
    """Return the uuid of one of the person's lots; NotThere for everybody else's and for none."""
    if actor.person_uuid is None or not Lot.objects.filter(uuid=lot_uuid, holder_uuid=actor.person_uuid).exists():
        raise NotThere(*NOT_THERE)
    return lot_uuid
