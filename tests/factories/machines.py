"""Keys of programs, and calls with them."""

import datetime as dt
from typing import Any

from django.test import Client

from edu.api.keys import make_key
from edu.institutions.models import Institution
from edu.kernel import clock
from tests.factories.people import make_actor, make_person


def machine_key(institution: Institution, *scopes: str) -> str:
    """A key of one of the institution's programs; may read enrolments and grades unless told otherwise."""
    registrar = make_actor(make_person(name="莫老师", role="registrar", institution=institution))
    chosen = scopes or ("enrolments", "grades")
    return make_key(name="学籍系统", scopes=chosen, expires_on=clock.today() + dt.timedelta(days=30), acting=registrar)


def call(key: str, path: str, **headers: str) -> Any:
    """The answer to a program's request."""
    return Client().get(f"/api/v1/{path}", headers={"authorization": f"Bearer {key}", **headers})
