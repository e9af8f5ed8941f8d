"""Addresses of recognition under the language prefix."""

from django.urls import path

from credits.recognition import registry_views, views

urlpatterns = [
    path("credits/recognitions/", views.my_recognitions, name="my_recognitions"),
    path("credits/recognitions/new/", views.new_application, name="new_application"),
    path("credits/recognitions/files/<uuid:evidence_uuid>/", views.evidence, name="evidence"),
    path("credits/recognitions/<uuid:case_uuid>/", views.recognition_case, name="recognition_case"),
    path("credits/recognitions/<uuid:case_uuid>/slot/", views.application_slot, name="application_slot"),
    path("credits/recognitions/<uuid:case_uuid>/request/", views.application_request, name="application_request"),
    path("credits/recognitions/<uuid:case_uuid>/files/", views.application_evidence, name="application_evidence"),
    path(
        "credits/recognitions/<uuid:case_uuid>/files/<uuid:evidence_uuid>/drop/",
        views.drop_evidence,
        name="drop_evidence",
    ),
    path("credits/recognitions/<uuid:case_uuid>/check/", views.check_application, name="check_application"),
    path("credits/recognitions/<uuid:case_uuid>/done/", views.application_submitted, name="application_submitted"),
    path("credits/recognitions/<uuid:case_uuid>/withdraw/", views.withdraw_case, name="withdraw_case"),
    path("registry/recognitions/", registry_views.cases, name="case_queue"),
    path("registry/recognitions/<uuid:case_uuid>/", registry_views.case, name="registry_case"),
]
