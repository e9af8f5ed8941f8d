"""Tiny makers of people, and signing them in."""

import datetime as dt
import time

from django.test import Client

from edu.institutions.models import Institution, Programme
from edu.kernel.actor import Actor
from edu.people.middleware import IDENTITY_KEY
from edu.people.models import Affiliation, Person
from tests.factories.institutions import make_institution

PASSWORD = "correct-horse-battery"


def make_person(
    *,
    name: str = "韦小明",
    role: str | None = None,
    institution: Institution | None = None,
    number: str = "",
    programme: Programme | None = None,
    password: str | None = None,
    from_on: dt.date = dt.date(2020, 9, 1),
    to_on: dt.date | None = None,
    **fields: object,
) -> Person:
    """Make a person; with a role also the affiliation (at a new institution unless one is given)."""
    person = Person.objects.create_user(name=name, password=password, **fields)
    if role:
        make_affiliation(
            person=person,
            role=role,
            institution=institution or make_institution(),
            number=number,
            programme=programme,
            from_on=from_on,
            to_on=to_on,
        )
    return person


def make_affiliation(
    *,
    person: Person,
    role: str,
    institution: Institution,
    number: str = "",
    programme: Programme | None = None,
    from_on: dt.date = dt.date(2020, 9, 1),
    to_on: dt.date | None = None,
) -> Affiliation:
    """Make a further affiliation of a person."""
    return Affiliation.objects.create(
        person=person,
        role=role,
        institution=institution,
        number=number,
        programme=programme,
        from_on=from_on,
        to_on=to_on,
    )


def make_actor(person: Person, institution: Institution | None = None, role: str = "") -> Actor:
    """Return the actor of a person's first affiliation, or of the one that is named."""
    first = person.affiliations.select_related("institution").order_by("pk").first()
    chosen = institution or (first.institution if first else None)
    return Actor(person.uuid, chosen.uuid if chosen else None, role or (first.role if first else "learner"))


def sign_in(
    client: Client, person: Person, *, affiliation: Affiliation | None = None, second_factor: bool = True
) -> Client:
    """Sign a person in without the screens, as if by a second factor unless told otherwise."""
    client.force_login(person)
    session = client.session
    if affiliation:
        session[IDENTITY_KEY] = str(affiliation.uuid)
    if second_factor:
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
        session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client
