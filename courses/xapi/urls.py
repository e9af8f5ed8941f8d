"""Addresses of learning records."""

from django.urls import path

from courses.xapi import views

urlpatterns = [
    path("registry/records/", views.store, name="record_store"),
    path("teach/runs/<uuid:run_uuid>/statements.json", views.download, name="statements"),
]
