"""Which recognition cases a person may see; a stranger and a missing row get the same answer."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from credits.agreements.actions import require_registrar
from credits.recognition import queries
from credits.recognition.models import RecognitionCase, RecognitionEvidence
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere

RELATED = ("plan__agreement_version", "plan__equivalence")


def own_case(actor: Actor, case_uuid: UUID) -> RecognitionCase:
    """Return the acting person's own case, or NotThere."""
    case = None
    if actor.person_uuid:
        case = queries.cases_of(actor.person_uuid).select_related(*RELATED).filter(uuid=case_uuid).first()
    return _found(case)


def case_for_registrar(actor: Actor, case_uuid: UUID) -> RecognitionCase:
    """Return a case of the registrar's institution that was submitted, or NotThere."""
    cases = queries.cases_at(require_registrar(actor)).select_related(*RELATED)
    return _found(cases.filter(uuid=case_uuid).first())


def evidence_for(actor: Actor, evidence_uuid: UUID) -> RecognitionEvidence:
    """Return a file for the applicant or the home registrar of its case, or NotThere."""
    file = RecognitionEvidence.objects.select_related("case").filter(uuid=evidence_uuid).first()
    if file is not None and (actor.person_uuid == file.case.person_uuid or _decides(actor, file.case)):
        return file
    raise NotThere("evidence-not-there", _("There is no such file."))


def _decides(actor: Actor, case: RecognitionCase) -> bool:
    own = actor.role == "registrar" and actor.institution_uuid == case.home_uuid
    return own and queries.cases_at(case.home_uuid).filter(pk=case.pk).exists()


def _found(case: RecognitionCase | None) -> RecognitionCase:
    if case is None:
        raise NotThere("case-not-there", _("There is no such case."))
    return case
