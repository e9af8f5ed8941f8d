"""对我算多少学分: the panel that credits offers for the course page."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.data import Panel, RunInfo
from credits.exchange import queries, screens
from edu.kernel import clock
from edu.kernel.actor import Actor

TEMPLATE = "credits/exchange/panel.html"


def credit_panel(request: HttpRequest, run: RunInfo) -> Panel | None:
    """Say what the run counts for the signed-in person; visitors are told to sign in, staff see nothing."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.person_uuid is None:
        return Panel(_("How many credits for me"), TEMPLATE, {"preview": None, "run": run})
    if actor.role not in {"student", "learner"}:
        return None
    found = queries.preview_beside(actor.person_uuid, run, clock.today(), plan=None)
    return Panel(_("How many credits for me"), TEMPLATE, screens.panel_context(found, run, actor.person_uuid))
