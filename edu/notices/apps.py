"""The notices app."""

from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "edu.notices"
    label = "notices"

    def ready(self) -> None:
        """Let erasing a person reach the inbox; the module needs models, which are there only now."""
        import_module("edu.notices.erasing")
