"""Addresses of films under the language prefix."""

from django.urls import path

from courses.media import views

urlpatterns = [
    path("teach/content/<uuid:course_uuid>/versions/<int:number>/films/", views.films, name="content_films"),
]
