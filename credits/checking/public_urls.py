"""Permanent addresses without language for checking without an account."""

from django.urls import path

from credits.checking import public_views, share_views

app_name = "checking"

urlpatterns = [
    path("check/offline/", public_views.offline, name="offline"),
    path("check/worker.js", public_views.worker, name="worker"),
    path("check/guixue-check.html", public_views.alone, name="alone"),
    path("check/verify_certificate.py", public_views.script, name="script"),
    path("trust/list.json", public_views.trust_list, name="trust_list"),
    path("s/<str:token>", share_views.shared, name="shared"),
    path("s/<str:token>/proof.json", share_views.shared_proof, name="shared_proof"),
]
