"""Addresses of announcements under the language prefix."""

from django.urls import path

from courses.announcements import views

DESK = "teach/runs/<uuid:run_uuid>/announcements"

urlpatterns = [
    path("learn/<uuid:run_uuid>/announcements/", views.announcements, name="announcements"),
    path(f"{DESK}/", views.desk, name="announcement_desk"),
    path(f"{DESK}/<uuid:announcement_uuid>/withdraw/", views.take_off, name="withdraw_announcement"),
]
