"""Who may read in, see and decide about files of outside credit: registrars of where the student studies."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from credits.data import LotInfo
from credits.interop.models import IncomingFile
from credits.ledger.access import lot_for_registrar, registrar_of
from credits.ledger.grounds import LotExport
from edu.institutions import api as institutions
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal
from edu.people import api as people


def student_with(institution_uuid: UUID, number: str) -> UUID:
    """Return the student of an institution who has a number; Refusal when nobody has."""
    code = institutions.institution(institution_uuid).code
    found = people.find_person(f"{code}/{number.strip()}") if code and number.strip() else None
    if found is None or people.student_record(found.uuid, institution_uuid) is None:
        raise Refusal(
            "no-such-student", _("No student here has the number %(number)s.") % {"number": number.strip()[:40]}
        )
    return found.uuid


def files_of(actor: Actor) -> QuerySet[IncomingFile]:
    """Return the files that were read in at the registrar's institution, newest first."""
    found = IncomingFile.objects.filter(institution_uuid=registrar_of(actor))
    return found.select_related("proposal", "verdict").order_by("-id")


def lot_of_student(actor: Actor, lot_uuid: UUID) -> LotInfo:
    """Return a credit of a student of the registrar's institution; NotThere for any other."""
    lot = lot_for_registrar(actor, lot_uuid)
    if people.student_record(lot.holder_uuid, registrar_of(actor)) is None:
        raise NotThere("no-such-credit", _("There is no such page."))
    return lot


def handed_over_one(actor: Actor, uuid: UUID) -> LotExport:
    """Return credit that the registrar's institution handed over; NotThere otherwise."""
    made_here = LotExport.objects.filter(actor_institution_uuid=registrar_of(actor))
    found = made_here.select_related("lot", "party", "release").filter(uuid=uuid).first()
    if found is None:
        raise NotThere("no-such-export", _("There is no such page."))
    return found


def file_for_registrar(actor: Actor, uuid: UUID) -> IncomingFile:
    """Return a file that was read in at the registrar's institution; NotThere otherwise."""
    found = files_of(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotThere("no-such-file", _("There is no such page."))
    return found
