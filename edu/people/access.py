"""Who may reach what: the acting person of a request, and the gates before views."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere
from edu.people.data import Identity
from edu.people.errors import SecondFactorNeeded, SignInNeeded
from edu.people.models import Role

LEARNER = "learner"  # the role of a signed-in person without any affiliation
SECOND_FACTOR_ROLES = frozenset({Role.REGISTRAR})  # they certify and recognise: a stolen password must not suffice


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in this request; SignInNeeded when nobody is signed in."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded
    return actor


def require_role(request: HttpRequest, *roles: str) -> Actor:
    """Return the actor when the acting identity has one of the roles.

    SignInNeeded for anonymous visitors, SecondFactorNeeded when the role asks for one, NotThere for everybody else:
    what others may not see does not exist for them.
    """
    actor = actor_of(request)
    if actor.role not in roles:
        raise NotThere("not-there", _("There is no such page."))
    require_second_factor(request)
    return actor


def require_second_factor(request: HttpRequest) -> None:
    """SecondFactorNeeded when the acting identity's role asks for a second factor and this session shows none."""
    identity: Identity | None = getattr(request, "identity", None)
    if identity and identity.role in SECOND_FACTOR_ROLES and not has_second_factor(request):
        raise SecondFactorNeeded


def has_second_factor(request: HttpRequest) -> bool:
    """True when this session was opened with a second factor."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def signed_in[**P, R: HttpResponseBase](
    view: Callable[Concatenate[HttpRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], R]:
    """Decorate a view that only signed-in people reach; anonymous visitors go to sign-in and come back."""

    @wraps(view)
    def gate(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
        actor_of(request)
        return view(request, *args, **kwargs)

    return gate
