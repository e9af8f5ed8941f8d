"""Addresses of the ledger under the language prefix."""

from django.urls import path

from credits.ledger import views

urlpatterns = [
    path("credits/", views.my_credits, name="my_credits"),
    path("credits/ledger/<uuid:lot_uuid>/", views.my_lot, name="my_lot"),
    path("registry/ledger/", views.registry, name="registry_ledger"),
    path("registry/ledger/people/<uuid:person_uuid>/", views.registry_person, name="registry_person"),
    path("registry/ledger/lots/<uuid:lot_uuid>/", views.registry_lot, name="registry_lot"),
]
