"""The page of the log, for whoever wants to know whether anybody watches us."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from credits.log import health
from credits.log.screens import log_page
from edu.people import api as people


@require_safe
def monitor(request: HttpRequest) -> HttpResponse:
    """Show the log's newest tree and its witnesses; to the operator also what ails it."""
    actor = getattr(request, "actor", None)
    operates = bool(actor and actor.role == people.Role.OPERATOR)
    page = log_page(f"{settings.GUIXUE_BASE_URL.rstrip('/')}/log")
    context = {"page": page, "operates": operates, "ailments": health.ailments() if operates else []}
    return render(request, "credits/log/monitor.html", context)
