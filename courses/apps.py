"""The courses app."""

from importlib import import_module

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    label = "courses"

    def ready(self) -> None:
        """Register what courses offers; startup imports views, and views models, which are there only now."""
        import_module("courses.startup")
