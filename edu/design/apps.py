"""The design app: no models."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "edu.design"
    label = "design"
