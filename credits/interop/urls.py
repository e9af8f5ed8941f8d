"""Addresses of exchange files under the language prefix."""

from django.urls import path

from credits.interop import handing_views, incoming_views, views

urlpatterns = [
    path("registry/imports/", incoming_views.imports, name="imports"),
    path("registry/imports/institutions/", incoming_views.parties_page, name="parties"),
    path("registry/imports/<uuid:uuid>/", incoming_views.import_file, name="import_file"),
    path("registry/imports/<uuid:uuid>/take-over/", incoming_views.take_over_import, name="take_over_import"),
    path("registry/imports/<uuid:uuid>/put-aside/", incoming_views.put_import_aside, name="put_import_aside"),
    path("credits/record/", views.my_record, name="my_record"),
    path("credits/record/file/", views.my_record_file, name="my_record_file"),
    path("credits/record/files/<uuid:uuid>/", views.my_record_export, name="my_record_export"),
    path("registry/handed-over/", handing_views.handed_over, name="handed_over"),
    path("registry/handed-over/<uuid:uuid>/", handing_views.handed_over_one, name="handed_over_one"),
    path("registry/handed-over/new/<uuid:lot_uuid>/", handing_views.hand_over, name="hand_over"),
    path("registry/record/columns/", views.sheet_columns, name="sheet_columns"),
    path("registry/record/files/<uuid:uuid>/", views.registry_record_export, name="registry_record_export"),
    path("registry/record/<uuid:person_uuid>/", views.registry_record, name="registry_record"),
    path("registry/record/<uuid:person_uuid>/file/", views.registry_record_file, name="registry_record_file"),
]
