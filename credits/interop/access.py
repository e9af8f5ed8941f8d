"""Who may take whose record out: the holder, and registrars of the institution where the holder studies."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from credits.interop.models import RecordExport
from credits.ledger.access import registrar_of
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people import api as people

NOT_THERE = ("no-such-record", _("There is no such page."))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose record somebody may take out, and where that person studies (None for who studies nowhere)."""

    holder_uuid: UUID
    home_uuid: UUID | None
    by_holder: bool


def own_record(actor: Actor) -> Reach:
    """Return the acting person's own record, seen from where they act as a student, or study otherwise."""
    if actor.person_uuid is None:
        raise NotThere(*NOT_THERE)
    if actor.role == people.Role.STUDENT and actor.institution_uuid:
        return Reach(actor.person_uuid, actor.institution_uuid, True)
    student = people.student_record(actor.person_uuid)
    return Reach(actor.person_uuid, student.institution_uuid if student else None, True)


def record_of_student(actor: Actor, person_uuid: UUID) -> Reach:
    """Return the record of a student of the registrar's institution; NotThere otherwise."""
    home_uuid = registrar_of(actor)
    if people.student_record(person_uuid, home_uuid) is None:
        raise NotThere(*NOT_THERE)
    return Reach(person_uuid, home_uuid, False)


def reach(actor: Actor, person_uuid: UUID) -> Reach:
    """Return the record of a person whom the actor may take out: one's own, or a student's; NotThere otherwise."""
    return own_record(actor) if actor.person_uuid == person_uuid else record_of_student(actor, person_uuid)


def own_export(actor: Actor, uuid: UUID) -> RecordExport:
    """Return a file that was made of the acting person's record, by whomever; NotThere otherwise."""
    return _there(RecordExport.objects.filter(uuid=uuid, holder_uuid=own_record(actor).holder_uuid).first())


def export_for_registrar(actor: Actor, uuid: UUID) -> RecordExport:
    """Return a file that the registrar's institution made; NotThere otherwise."""
    made_here = RecordExport.objects.filter(actor_institution_uuid=registrar_of(actor))
    return _there(made_here.exclude(actor_person_uuid=F("holder_uuid")).filter(uuid=uuid).first())


def _there(row: RecordExport | None) -> RecordExport:
    if row is None:
        raise NotThere(*NOT_THERE)
    return row
