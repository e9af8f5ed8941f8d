"""Who calls the API: an institution's program by its key, or a signed-in person who asks for their own rows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import APIKeyCookie, HttpBearer

from edu.api.keys import living_key
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted

MACHINE = "machine"  # the role of a program: it reads, and no action knows it
SESSION_COOKIE = "sessionid"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a program of an institution, or a person for themselves (then `institution_uuid` is None)."""

    actor: Actor
    institution_uuid: UUID | None
    scopes: frozenset[str]

    def require(self, scope: str) -> None:
        """NotPermitted when the key was not made for this; a person's own rows need no scope."""
        if self.institution_uuid is not None and scope not in self.scopes:
            raise NotPermitted("scope-missing", _("This key was not made for reading this."), {"scope": scope})


class MachineAuth(HttpBearer):
    """`Authorization: Bearer guixue_…`, a key that a registrar made for a program of the institution."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Return the program, or None for a key that is unknown, revoked or over."""
        row = living_key(token)
        if row is None:
            return None
        institution_uuid = row.institution.uuid
        return Caller(Actor(None, institution_uuid, MACHINE), institution_uuid, frozenset(row.scopes))


class OwnAuth(APIKeyCookie):
    """The session of a signed-in person: sees own rows only, whatever the person's offices."""

    param_name = SESSION_COOKIE

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """Return the person, or None when nobody is signed in."""
        actor: Actor | None = getattr(request, "actor", None)
        return Caller(actor, None, frozenset()) if actor else None


AUTH: list[Any] = [MachineAuth(), OwnAuth()]


def caller_of(request: HttpRequest) -> Caller:
    """Return who calls an operation that has AUTH."""
    caller = request.auth  # type: ignore[attr-defined]  # ninja puts there what `authenticate` returned
    assert isinstance(caller, Caller)
    return caller
