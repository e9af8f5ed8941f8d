"""Permanent addresses without language: they stand on paper."""

from django.urls import path

from credits.certificates import public_views

app_name = "certificates"

urlpatterns = [
    path("v/<str:token>", public_views.verify, name="verify"),
    path("verify/", public_views.check, name="check"),
]
