from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "edu.institutions"
    label = "institutions"
