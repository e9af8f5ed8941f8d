"""The addresses under the frame's origin; the site's own host answers none of them."""

from django.urls import include, path

from courses.runtime import file_views, tool_views, views

handler404 = "courses.runtime.views.nothing_there"

urlpatterns = [
    path("", include("courses.offline.frame_urls")),
    path("d/", include("courses.authoring.frame_urls")),
    path("", include("courses.lti.frame_urls")),
    path("f/<str:token>/", views.frame, name="frame"),
    path("h/<str:token>/", views.handler, name="handlers"),
    path("h/<str:token>/watched", views.watched, name="watched"),  # ours: no block has a handler of this name
    path("h/<str:token>/answer-file", file_views.attach, name="attach"),
    path("u/<str:token>", file_views.answer_file, name="answer-file"),
    path("h/<str:token>/lti-launch", tool_views.launch, name="lti-launch"),
    path("t/<str:token>", tool_views.outcome, name="lti-outcome"),
    path("h/<str:token>/<str:name>", views.handler, name="handler"),
    path("h/<str:token>/<str:name>/<path:suffix>", views.handler, name="handler-suffix"),
    path("a/<uuid:version>/<path:file>", views.asset, name="asset"),
    path("m/<uuid:version>/<str:digest>/<path:file>", views.film, name="film"),
    path("c/<uuid:version>/<path:file>", views.captions, name="captions"),
    path("z/<uuid:version>/<path:path>!/<path:name>", tool_views.packed_file, name="packed"),
    path("r/<str:name>", views.resource, name="resource"),
    path("p/<str:block_type>/<str:digest>/<path:file>", views.package_file, name="package-file"),
]
