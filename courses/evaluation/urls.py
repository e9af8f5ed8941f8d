"""Addresses of evaluation under the language prefix."""

from django.urls import path

from courses.evaluation import views

urlpatterns = [
    path("learn/<uuid:run_uuid>/evaluation/", views.answer, name="evaluate"),
    path("teach/runs/<uuid:run_uuid>/evaluation/", views.results, name="evaluation_results"),
    path("registry/evaluations/", views.overview, name="evaluations"),
]
