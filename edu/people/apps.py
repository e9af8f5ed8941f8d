"""The people app."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from edu.design import navigation

OFFICE = {"registrar", "school_coordinator"}  # Role cannot be imported before the apps are ready


def has_office(request: HttpRequest) -> bool:
    """True when the visitor runs the office of a school."""
    actor = getattr(request, "actor", None)
    return actor is not None and actor.role in OFFICE


class PeopleConfig(AppConfig):
    name = "edu.people"
    label = "people"

    def ready(self) -> None:
        people = navigation.NavItem("people:office", _("People"), order=80, area=navigation.STAFF, shown=has_office)
        navigation.register(people)
