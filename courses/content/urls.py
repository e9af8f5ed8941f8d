"""Addresses of content under the language prefix."""

from django.urls import path

from courses.content import approval_views, check_views, compare_views, publish_views, views

urlpatterns = [
    path("teach/content/", views.courses, name="content_courses"),
    path("teach/approvals/", approval_views.queue, name="content_approvals"),
    path("teach/approvals/<uuid:submission_uuid>/", approval_views.submission, name="content_submission"),
    path("teach/content/<uuid:course_uuid>/", views.versions, name="content_versions"),
    path("teach/content/<uuid:course_uuid>/import/", views.upload, name="content_upload"),
    path("teach/content/<uuid:course_uuid>/imports/<uuid:job_uuid>/", views.import_progress, name="content_import"),
    path("teach/content/<uuid:course_uuid>/versions/<int:number>/", views.report, name="content_report"),
    path("teach/content/<uuid:course_uuid>/compare/", compare_views.compare, name="content_compare"),
    path("teach/content/<uuid:course_uuid>/versions/<int:number>/export/", views.export, name="content_export"),
    path("teach/content/<uuid:course_uuid>/runs/<uuid:run_uuid>/version/", publish_views.pin, name="content_pin"),
    path("teach/content/<uuid:course_uuid>/log/", publish_views.log, name="content_log"),
    path("teach/content/<uuid:course_uuid>/versions/<int:number>/check/", check_views.check, name="content_check"),
]
