"""Who may see which credit: its holder, the registrars of the holder's institution, the registrars of the issuer."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from credits.data import LotInfo
from credits.ledger import queries
from credits.ledger.grounds import LotFlag, OpeningList
from credits.ledger.models import Lot
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people import api as people

NOT_THERE = ("no-such-credit", _("There is no such page."))


def own_lot(actor: Actor, lot_uuid: UUID) -> LotInfo:
    """Return one of the person's own lots; NotThere for everybody else."""
    found = queries.lot(lot_uuid)
    if actor.person_uuid is None or found.holder_uuid != actor.person_uuid:
        raise NotThere(*NOT_THERE)
    return found


def lot_for_registrar(actor: Actor, lot_uuid: UUID) -> LotInfo:
    """Return a lot that the registrar's institution issued, or that one of its students holds; NotThere otherwise."""
    found = queries.lot(lot_uuid)
    institution_uuid = registrar_of(actor)
    if found.issuer_uuid != institution_uuid and not _is_student(found.holder_uuid, institution_uuid):
        raise NotThere(*NOT_THERE)
    return found


def seen_by_registrar(actor: Actor, person_uuid: UUID) -> UUID | None:
    """Return whose lots of a person a registrar sees: None for all (an own student), or the own institution's only.

    NotThere when the person is neither a student there nor a holder of credit issued there.
    """
    institution_uuid = registrar_of(actor)
    if _is_student(person_uuid, institution_uuid):
        return None
    if Lot.objects.filter(holder_uuid=person_uuid, issuer_uuid=institution_uuid).exists():
        return institution_uuid
    raise NotThere(*NOT_THERE)


def lots_of_institution(actor: Actor, *, recognised: bool) -> QuerySet[Lot]:
    """Return the lots a registrar's institution issued for its courses, or recognised from others, newest first."""
    lots = Lot.objects.filter(issuer_uuid=registrar_of(actor), derived_from__isnull=not recognised)
    return lots.select_related("derived_from").prefetch_related("balances__account").order_by("-id")


def registrar_of(actor: Actor) -> UUID:
    """Return the institution a registrar acts for; NotThere for everybody else."""
    if actor.role != people.Role.REGISTRAR or actor.institution_uuid is None:
        raise NotThere(*NOT_THERE)
    return actor.institution_uuid


def registrar_of_holder(actor: Actor, person_uuid: UUID) -> UUID:
    """Return the institution of a registrar to which a person belongs, as student or staff; NotThere otherwise."""
    institution_uuid = registrar_of(actor)
    if institution_uuid not in {one.institution_uuid for one in people.affiliations(person_uuid)}:
        raise NotThere(*NOT_THERE)
    return institution_uuid


def opening_for_registrar(actor: Actor, opening_uuid: UUID) -> OpeningList:
    """Return a list that was uploaded at the registrar's institution; NotThere otherwise."""
    found = OpeningList.objects.filter(uuid=opening_uuid, institution_uuid=registrar_of(actor)).first()
    if found is None:
        raise NotThere(*NOT_THERE)
    return found


def flag_for_registrar(actor: Actor, flag_uuid: UUID) -> LotFlag:
    """Return a flag that concerns the registrar's institution as host or home; NotThere otherwise."""
    own = registrar_of(actor)
    found = LotFlag.objects.filter(Q(host_uuid=own) | Q(home_uuid=own), uuid=flag_uuid).first()
    if found is None:
        raise NotThere(*NOT_THERE)
    return found


def _is_student(person_uuid: UUID, institution_uuid: UUID) -> bool:
    return people.student_record(person_uuid, institution_uuid) is not None
