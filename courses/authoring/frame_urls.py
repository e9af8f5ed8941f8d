"""Addresses of previews under the frame's origin, below `d/`, shaped as those of versions."""

from django.urls import path

from courses.authoring import frame_views

urlpatterns = [
    path("f/<str:token>/", frame_views.frame, name="draft-frame"),
    path("h/<str:token>/", frame_views.handler, name="draft-handlers"),
    path("h/<str:token>/watched", frame_views.watched, name="draft-watched"),
    path("h/<str:token>/<str:name>", frame_views.handler, name="draft-handler"),
    path("h/<str:token>/<str:name>/<path:suffix>", frame_views.handler, name="draft-handler-suffix"),
    path("a/<uuid:draft>/<path:file>", frame_views.asset, name="draft-asset"),
    path("z/<uuid:draft>/<path:path>!/<path:name>", frame_views.packed_file, name="draft-packed"),
    path("c/<uuid:draft>/<path:file>", frame_views.captions, name="draft-captions"),
]
