"""Addresses that other servers and their browsers ask, under /lti/, without a language."""

from django.urls import path

from courses.lti import arrival_views, join_views, wire_views

app_name = "lti_wire"

urlpatterns = [
    path("jwks", wire_views.jwks, name="jwks"),
    path("auth", wire_views.authorise, name="auth"),
    path("token", wire_views.token, name="token"),
    path("picked/<uuid:pick_uuid>", wire_views.picked, name="picked"),
    path("openid-configuration", join_views.openid_configuration, name="openid_configuration"),
    path("registration", join_views.registration, name="registration"),
    path("register/<str:secret>", join_views.register, name="register"),
    path("login", arrival_views.login, name="login"),
    path("launch", arrival_views.launch, name="launch"),
    path("arrive/<uuid:login_uuid>/", arrival_views.arrive, name="arrive"),
    path("arrive/<uuid:login_uuid>/connect/", arrival_views.connect, name="connect"),
    path("arrive/<uuid:login_uuid>/choose/", arrival_views.choose, name="choose"),
    path("nrps/<uuid:run_uuid>/memberships", wire_views.members, name="members"),
    path("ags/<uuid:run_uuid>/lineitems", wire_views.line_items, name="line_items"),
    path("ags/<uuid:run_uuid>/<str:usage_id>/lineitem", wire_views.line_item, name="line_item"),
    path("ags/<uuid:run_uuid>/<str:usage_id>/lineitem/scores", wire_views.score, name="scores"),
    path("ags/<uuid:run_uuid>/<str:usage_id>/lineitem/results", wire_views.results, name="results"),
]
