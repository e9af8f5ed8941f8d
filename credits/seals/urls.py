"""Addresses of sealed terms under the language prefix."""

from django.urls import path

from credits.seals import views

urlpatterns = [
    path("credits/seals/<uuid:seal_uuid>/", views.my_seal, name="my_seal"),
    path("credits/seals/<uuid:seal_uuid>/total.json", views.my_total_proof, name="my_total_proof"),
    path("credits/seals/<uuid:seal_uuid>/all.json", views.my_whole_proof, name="my_whole_proof"),
    path("credits/seals/<uuid:seal_uuid>/lots/<uuid:lot_uuid>.json", views.my_lot_proof, name="my_lot_proof"),
    path("registry/seals/", views.seals, name="seals"),
    path("registry/seals/rule/", views.correction_rule, name="correction_rule"),
    path("registry/seals/<uuid:seal_uuid>/", views.seal, name="seal"),
]
