"""Addresses of enrolment."""

from django.urls import path

from courses.enrolment import views

app_name = "enrolment"

urlpatterns = [
    path("my-courses/", views.my_courses, name="mine"),
    path("runs/<uuid:run_uuid>/enrol/", views.enrol_in_run, name="enrol"),
    path("runs/<uuid:run_uuid>/withdraw/", views.withdraw_from_run, name="withdraw"),
]
