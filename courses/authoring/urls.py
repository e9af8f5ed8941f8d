"""Addresses of authoring under the language prefix."""

from django.urls import path

from courses.authoring import (
    block_views,
    file_views,
    look_views,
    pick_views,
    place_views,
    publish_views,
    text_views,
    views,
)

DRAFT = "teach/content/<uuid:course_uuid>/draft/"
LOOK = "teach/content/<uuid:course_uuid>/versions/<int:number>/look/"

urlpatterns = [
    path(LOOK, look_views.first, name="content_look"),
    path(f"{LOOK}<str:usage_id>/", look_views.unit, name="content_look_unit"),
    path(DRAFT, views.show, name="authoring_outline"),
    path(f"{DRAFT}begin/", views.begin, name="authoring_begin"),
    path(f"{DRAFT}begin/<int:number>/", publish_views.begin_again, name="authoring_begin_again"),
    path(f"{DRAFT}new/", block_views.new, name="authoring_new"),
    path(f"{DRAFT}files/", file_views.show_files, name="authoring_files"),
    path(f"{DRAFT}pictures/", text_views.pictures, name="authoring_pictures"),
    path(f"{DRAFT}pictures/<path:file>", text_views.picture, name="authoring_picture"),
    path(f"{DRAFT}units/", text_views.units, name="authoring_units"),
    path(f"{DRAFT}save/", publish_views.save, name="authoring_save"),
    path(f"{DRAFT}publish/", publish_views.publish, name="authoring_publish"),
    path(f"{DRAFT}log/", publish_views.log, name="authoring_log"),
    path(f"{DRAFT}unit/<str:usage_id>/", views.unit, name="authoring_unit"),
    path(f"{DRAFT}unit/<str:usage_id>/preview/", views.show_preview, name="authoring_preview"),
    path(f"{DRAFT}block/<str:usage_id>/", block_views.edit, name="authoring_edit"),
    path(f"{DRAFT}block/<str:usage_id>/pick/", pick_views.begin, name="authoring_pick_begin"),
    path(f"{DRAFT}block/<str:usage_id>/pick/<uuid:pick_uuid>/", pick_views.take, name="authoring_pick"),
    path(f"{DRAFT}block/<str:usage_id>/move/", place_views.move, name="authoring_move"),
    path(f"{DRAFT}block/<str:usage_id>/delete/", place_views.delete, name="authoring_delete"),
]
