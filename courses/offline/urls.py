"""Addresses of work without a network under the language prefix, for teachers."""

from django.urls import path

from courses.offline import views

RUN = "teach/runs/<uuid:run_uuid>/late-answers"

urlpatterns = [
    path(f"{RUN}/", views.answers, name="offline_answers"),
    path(f"{RUN}/<uuid:answer_uuid>/", views.answer, name="offline_answer"),
]
