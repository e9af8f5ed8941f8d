"""The log's files, at addresses without language: programs fetch them, and caches keep them."""

from django.urls import path, re_path

from credits.log import public_views

app_name = "log"

urlpatterns = [
    path("log/checkpoint", public_views.checkpoint, name="checkpoint"),
    re_path(r"^log/(?P<name>tile/(?:entries|[0-9]{1,2})/[x0-9/]+(?:\.p/[0-9]{1,3})?)$", public_views.tile, name="tile"),
    path("log/policy", public_views.policy, name="policy"),
]
