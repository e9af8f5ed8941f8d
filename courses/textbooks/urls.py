"""Addresses of textbooks under the language prefix."""

from django.urls import path

from courses.textbooks import desk_views, views

urlpatterns = [
    path("textbooks/", views.shelf, name="textbooks"),
    path("textbooks/<uuid:course_uuid>/", views.textbook, name="textbook"),
    path("textbooks/<uuid:course_uuid>/packs/<uuid:pack_uuid>/", views.fetch, name="textbook_fetch"),
    path("teach/content/<uuid:course_uuid>/textbook/", desk_views.desk, name="textbook_desk"),
]
