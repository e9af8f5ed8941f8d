"""Addresses of tutoring under the language prefix."""

from django.urls import path

from courses.tutoring import views

RUN = "learn/<uuid:run_uuid>/tutoring"
DESK = "teach/runs/<uuid:run_uuid>/tutoring"

urlpatterns = [
    path(f"{RUN}/", views.hours, name="tutoring"),
    path(f"{RUN}/<uuid:slot_uuid>/book/", views.book, name="book_tutoring"),
    path(f"{RUN}/<uuid:slot_uuid>/give-back/", views.give_back, name="give_back_tutoring"),
    path(f"{DESK}/", views.desk, name="tutoring_desk"),
    path(f"{DESK}/<uuid:slot_uuid>/call-off/", views.call_off, name="call_off_tutoring"),
]
