"""HTTP of the frame's origin: opening a registered tool in a window of its own. No cookies."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.lti import tools
from courses.lti.posting import post_page
from courses.runtime import grants, policies


@require_safe
def open_tool(request: HttpRequest, token: str) -> HttpResponse:
    """Send the learner to a tool's login; who would be named there is asked first."""
    grant = grants.read_handler(token)
    with translation.override(grant.language):
        opening = tools.open_tool(grant)
        words = {"name": _("your name"), "email": _("your e-mail address")}
        response = post_page(
            request,
            opening.url,
            opening.fields,
            by_itself=not opening.told,
            title=_("Opening the tool"),
            button=_("Open the tool"),
            tool=opening.tool,
            told=[words[name] for name in opening.told],
        )
    response[policies.CONNECTIONS] = policies.ANYWHERE  # a tool may send the learner on to where one signs in
    return response
