"""Who may reach which certificate: its holder, and registrars of its issuer. For everybody else it is not there."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from credits.certificates import queries
from credits.certificates.models import Certificate
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people import api as people


def own_certificate(actor: Actor, uuid: UUID) -> Certificate:
    """Return a certificate of the acting person; NotThere otherwise."""
    return _there(queries.of_holder(actor.person_uuid).filter(uuid=uuid).first() if actor.person_uuid else None)


def issued_here(actor: Actor, uuid: UUID) -> Certificate:
    """Return a certificate of the acting registrar's institution, and note that its holder's record was looked at."""
    row = _there(queries.rows().filter(uuid=uuid, issuer__uuid=institution_of(actor)).first())
    people.note_access(actor, row.holder.uuid, "certificates")
    return row


def institution_of(actor: Actor) -> UUID:
    """Return the institution for which the person acts; NotThere for those who act for none."""
    if actor.institution_uuid is None:
        raise NotThere("not-there", _("There is no such page."))
    return actor.institution_uuid


def _there(row: Certificate | None) -> Certificate:
    if row is None:
        raise NotThere("no-such-certificate", _("There is no such certificate."))
    return row
