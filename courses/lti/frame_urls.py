"""Addresses under the frame's origin that open a registered tool."""

from django.urls import path

from courses.lti import frame_views

urlpatterns = [path("h/<str:token>/tool", frame_views.open_tool, name="open-tool")]
