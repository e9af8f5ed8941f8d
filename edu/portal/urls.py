"""Addresses of the portal under the language prefix."""

from django.urls import path

from edu.portal import views

app_name = "portal"

urlpatterns = [
    path("home/", views.home, name="home"),
    path("overview/", views.overview, name="overview"),
    path("overview/overview.csv", views.overview_csv, name="overview_csv"),
]
