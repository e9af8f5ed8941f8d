from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "edu.api"
    label = "api"
