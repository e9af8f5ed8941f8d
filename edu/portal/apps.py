"""The portal app: no models; it stands above all others and puts them together."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "edu.portal"
    label = "portal"

    def ready(self) -> None:
        """Register menus, desks and the home page; views import models, which are there only now."""
        import_module("edu.portal.startup")
