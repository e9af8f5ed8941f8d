"""Addresses of exchange files under the language prefix."""

from django.urls import path

from credits.interop import views

urlpatterns = [
    path("credits/record/", views.my_record, name="my_record"),
    path("credits/record/file/", views.my_record_file, name="my_record_file"),
    path("credits/record/files/<uuid:uuid>/", views.my_record_export, name="my_record_export"),
    path("registry/record/columns/", views.sheet_columns, name="sheet_columns"),
    path("registry/record/files/<uuid:uuid>/", views.registry_record_export, name="registry_record_export"),
    path("registry/record/<uuid:person_uuid>/", views.registry_record, name="registry_record"),
    path("registry/record/<uuid:person_uuid>/file/", views.registry_record_file, name="registry_record_file"),
]
