"""Addresses that other servers and their browsers ask, under /lti/, without a language."""

from django.urls import path

from courses.lti import wire_views

app_name = "lti_wire"

urlpatterns = [
    path("jwks", wire_views.jwks, name="jwks"),
    path("auth", wire_views.authorise, name="auth"),
    path("token", wire_views.token, name="token"),
    path("ags/<uuid:run_uuid>/<str:usage_id>/lineitem", wire_views.line_item, name="line_item"),
    path("ags/<uuid:run_uuid>/<str:usage_id>/lineitem/scores", wire_views.score, name="scores"),
    path("ags/<uuid:run_uuid>/<str:usage_id>/lineitem/results", wire_views.results, name="results"),
]
