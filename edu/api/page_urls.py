"""Addresses of the key screen, under /<language>/account/."""

from django.urls import path

from edu.api import views

app_name = "api_keys"

urlpatterns = [
    path("keys/", views.list_keys, name="list"),
    path("keys/<uuid:key_uuid>/revoke/", views.revoke_key, name="revoke"),
]
