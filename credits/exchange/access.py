"""Which study plans a person may see; a stranger and a missing row get the same answer."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from credits.agreements.actions import require_registrar
from credits.exchange import queries
from credits.exchange.models import StudyPlan
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere


def own_plan(actor: Actor, plan_uuid: UUID) -> StudyPlan:
    """Return the acting person's own plan, or NotThere."""
    plan = None
    if actor.person_uuid:
        plans = queries.plans_of(actor.person_uuid).select_related("agreement_version", "equivalence")
        plan = plans.filter(uuid=plan_uuid).first()
    return _found(plan)


def plan_for_registrar(actor: Actor, plan_uuid: UUID) -> StudyPlan:
    """Return a plan that has reached the registrar's office, or NotThere."""
    plans = queries.plans_at(require_registrar(actor)).select_related("agreement_version", "equivalence")
    return _found(plans.filter(uuid=plan_uuid).first())


def _found(plan: StudyPlan | None) -> StudyPlan:
    if plan is None:
        raise NotThere("plan-not-there", _("There is no such study plan."))
    return plan
