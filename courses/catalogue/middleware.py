"""Rights in the page editor follow from the affiliations of the day."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from courses.catalogue.editors import refresh_rights

EDITOR_PREFIX = "/cms/"


class EditorRightsMiddleware:
    """Brings the groups of a signed-in person up to date before the page editor looks at them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if actor and actor.person_uuid and request.path.startswith(EDITOR_PREFIX):
            refresh_rights(actor.person_uuid)
        return self.get_response(request)
