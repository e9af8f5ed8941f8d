"""Addresses of shares under the language prefix."""

from django.urls import path

from credits.checking import views

urlpatterns = [
    path("credits/certificates/<uuid:uuid>/links/", views.my_shares, name="my_shares"),
    path("credits/certificates/links/<uuid:uuid>/end/", views.end_share, name="end_share"),
]
