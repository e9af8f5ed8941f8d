"""Puts the acting identity of the signed-in person on the request, and leads to the doors that are missing."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode

from edu.kernel.actor import Actor
from edu.people.access import LEARNER, require_second_factor
from edu.people.data import Identity
from edu.people.errors import SecondFactorNeeded, SignInNeeded
from edu.people.models import Person
from edu.people.queries import identities_of

IDENTITY_KEY = "people.identity"  # the chosen affiliation's uuid in the session
REGISTRY = "/registry/"  # the registrar's desk, behind the second factor as a whole


class IdentityMiddleware:
    """Sets `request.identity` (the chosen Identity or None) and `request.actor` (an Actor or None).

    No query for anonymous visitors, at most two for others. An identity whose period has ended is not offered; the
    first that holds is taken when the session names none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        identities = identities_of(user)
        identity = chosen(identities, request.session.get(IDENTITY_KEY)) if identities else None
        request.identities = identities  # type: ignore[attr-defined]
        request.identity = identity  # type: ignore[attr-defined]
        request.actor = _actor(user, identity) if isinstance(user, Person) else None  # type: ignore[attr-defined]
        if _is_registry(request.path):
            try:
                require_second_factor(request)
            except SecondFactorNeeded as needed:
                return self.process_exception(request, needed) or self.get_response(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the way to sign-in or to the second factor, or None for what is not ours."""
        if isinstance(exception, SignInNeeded):
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if isinstance(exception, SecondFactorNeeded):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('people:second_factor')}?{query}")
        return None


def chosen(identities: tuple[Identity, ...], uuid: object) -> Identity:
    """Return the identity that the session names, else the first."""
    return next((identity for identity in identities if str(identity.uuid) == uuid), identities[0])


def _actor(user: Person, identity: Identity | None) -> Actor:
    if identity is None:
        return Actor(person_uuid=user.uuid, institution_uuid=None, role=LEARNER)
    return Actor(person_uuid=user.uuid, institution_uuid=identity.institution_uuid, role=identity.role)


def _is_registry(path: str) -> bool:
    """True for /<language>/registry/…"""
    return path[path.find("/", 1) :].startswith(REGISTRY)
