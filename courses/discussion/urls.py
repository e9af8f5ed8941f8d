"""Addresses of the discussion under the language prefix."""

from django.urls import path

from courses.discussion import moderation_views, views

RUN = "learn/<uuid:run_uuid>/discussion"

urlpatterns = [
    path(f"{RUN}/", views.threads, name="discussion"),
    path(f"{RUN}/new/", views.new_thread, name="new_thread"),
    path(f"{RUN}/<uuid:thread_uuid>/", views.thread, name="thread"),
    path(f"{RUN}/posts/<uuid:post_uuid>/report/", views.report, name="report_post"),
    path(f"{RUN}/posts/<uuid:post_uuid>/take-back/", views.take_back, name="take_back_post"),
    path(f"{RUN}/posts/<uuid:post_uuid>/answer/", views.mark, name="mark_answer"),
    path("teach/moderation/", moderation_views.queue, name="moderation"),
    path("teach/moderation/<uuid:post_uuid>/", moderation_views.case, name="moderate_post"),
]
