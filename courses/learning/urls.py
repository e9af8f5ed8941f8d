"""Addresses of learning under the language prefix."""

from django.urls import path

from courses.learning import offline_views, views

urlpatterns = [
    path("learn/worker.js", offline_views.worker, name="learn_worker"),
    path("learn/stored/", offline_views.stored, name="learn_stored"),
    path("learn/<uuid:run_uuid>/", views.home, name="learn"),
    path("learn/<uuid:run_uuid>/progress/", views.progress, name="learn_progress"),
    path("learn/<uuid:run_uuid>/offline/", offline_views.take_along, name="learn_offline"),
    path("learn/<uuid:run_uuid>/pass/", offline_views.fresh_pass, name="learn_pass"),
    path("learn/<uuid:run_uuid>/jump/<str:url_name>/", views.jump, name="learn_jump"),
    path("learn/<uuid:run_uuid>/<str:unit_id>/", views.unit, name="learn_unit"),
]
