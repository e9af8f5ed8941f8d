"""The credits app."""

from importlib import import_module

from django.apps import AppConfig


class CreditsConfig(AppConfig):
    name = "credits"
    label = "credits"

    def ready(self) -> None:
        """Register what credits offers; startup imports views, and views models, which are there only now."""
        import_module("credits.startup")
