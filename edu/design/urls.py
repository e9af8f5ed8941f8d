"""Addresses of the design app, under /<lang>/."""

from django.urls import path

from edu.design import views

app_name = "design"
urlpatterns = [
    path("display/", views.preferences, name="preferences"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
