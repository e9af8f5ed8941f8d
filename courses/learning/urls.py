"""Addresses of learning under the language prefix."""

from django.urls import path

from courses.learning import views

urlpatterns = [
    path("learn/<uuid:run_uuid>/", views.home, name="learn"),
    path("learn/<uuid:run_uuid>/progress/", views.progress, name="learn_progress"),
    path("learn/<uuid:run_uuid>/<str:unit_id>/", views.unit, name="learn_unit"),
]
