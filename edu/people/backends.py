"""Signing in by e-mail, phone, or institution with number."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from edu.people.models import Person
from edu.people.queries import person_by_identifier
from edu.people.rules import Identifier


class IdentifierBackend(ModelBackend):
    """Accepts any of a person's identifiers."""

    def authenticate(  # type: ignore[override]  # credentials of our own beside Django's
        self,
        request: HttpRequest | None,
        identifier: Identifier | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> Person | None:
        """Return the person whose identifier and password these are; takes as long when there is no such person."""
        if identifier is None or not password:
            return None
        person = person_by_identifier(identifier)
        if person is None:
            Person().set_password(password)  # the same work, so that time does not tell who has an account
            return None
        return person if person.check_password(password) and self.user_can_authenticate(person) else None
