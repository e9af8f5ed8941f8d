"""Addresses of the run screens."""

from django.urls import path

from courses.runs import views

app_name = "runs"

urlpatterns = [
    path("runs/", views.list_runs, name="list"),
    path("runs/new/<uuid:course_uuid>/", views.new_run, name="new"),
    path("runs/<uuid:run_uuid>/edit/", views.edit_run, name="edit"),
]
