"""Addresses under the frame's origin that serve work without a network."""

from django.urls import path

from courses.offline import frame_views

urlpatterns = [
    path("worker.js", frame_views.worker, name="frame-worker"),
    path("forget/", frame_views.forget, name="forget"),
    path("s/<str:token>/", frame_views.hand_in, name="hand-in"),
    path("k/<str:token>/", frame_views.keeper, name="keeper"),
]
