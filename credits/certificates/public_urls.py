"""Permanent addresses without language: they stand on paper."""

from django.urls import path

from credits.certificates import document_views, public_views

app_name = "certificates"

urlpatterns = [
    path("v/<str:token>", public_views.verify, name="verify"),
    path("verify/", public_views.check, name="check"),
    path("status/<str:code>/<int:number>/<str:purpose>", document_views.status, name="status_list"),
    path("issuers/<str:code>/did.json", document_views.did, name="did"),
]
