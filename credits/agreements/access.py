"""Which agreements and rules a registrar may see; a stranger and a missing row get the same answer."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from credits.agreements.actions import require_registrar
from credits.agreements.models import AgreementVersion, Equivalence
from credits.agreements.queries import rules_of, versions_of
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere


def agreement_version(actor: Actor, version_uuid: UUID) -> AgreementVersion:
    """Return a version of an agreement of the registrar's institution, or NotThere."""
    version = versions_of(require_registrar(actor)).filter(uuid=version_uuid).first()
    if version is None:
        raise NotThere("agreement-not-there", _("There is no such agreement."))
    return version


def equivalence(actor: Actor, equivalence_uuid: UUID) -> Equivalence:
    """Return a rule of the registrar's institution, or NotThere."""
    rule = rules_of(require_registrar(actor)).filter(uuid=equivalence_uuid).first()
    if rule is None:
        raise NotThere("equivalence-not-there", _("There is no such rule."))
    return rule
