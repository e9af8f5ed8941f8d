"""Addresses of courses under the language prefix; one include per applet. Public pages are Wagtail's."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "courses"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("courses.catalogue.urls")),
    path("", include("courses.enrolment.urls")),
    path("", include("courses.runs.urls")),
    path("", include("courses.content.urls")),
    path("", include("courses.media.urls")),
    path("", include("courses.authoring.urls")),
    path("", include("courses.grading.urls")),
    path("", include("courses.discussion.urls")),
    path("", include("courses.announcements.urls")),
    path("", include("courses.tutoring.urls")),
    path("", include("courses.evaluation.urls")),
    path("", include("courses.offline.urls")),
    path("", include("courses.textbooks.urls")),
    path("", include("courses.lti.urls")),
    path("", include("courses.xapi.urls")),
    path("", include("courses.learning.urls")),  # last: its units take any word
]
