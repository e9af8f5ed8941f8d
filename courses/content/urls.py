"""Addresses of content under the language prefix."""

from django.urls import path

from courses.content import views

urlpatterns = [
    path("teach/content/", views.courses, name="content_courses"),
    path("teach/content/<uuid:course_uuid>/", views.versions, name="content_versions"),
    path("teach/content/<uuid:course_uuid>/import/", views.upload, name="content_upload"),
    path("teach/content/<uuid:course_uuid>/imports/<uuid:job_uuid>/", views.import_progress, name="content_import"),
    path("teach/content/<uuid:course_uuid>/versions/<int:number>/", views.report, name="content_report"),
    path("teach/content/<uuid:course_uuid>/versions/<int:number>/export/", views.export, name="content_export"),
    path("teach/content/<uuid:course_uuid>/runs/<uuid:run_uuid>/version/", views.pin, name="content_pin"),
]
