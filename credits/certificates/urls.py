"""Addresses of certificates under the language prefix."""

from django.urls import path

from credits.certificates import document_views, transcript_views, views

urlpatterns = [
    path("credits/certificates/", views.my_certificates, name="my_certificates"),
    path("credits/certificates/request/<uuid:lot_uuid>/", views.request_certificate, name="request_certificate"),
    path("credits/certificates/<uuid:uuid>/", views.my_certificate, name="my_certificate"),
    path("credits/certificates/<uuid:uuid>/pdf/", views.my_pdf, name="my_certificate_pdf"),
    path("credits/certificates/<uuid:uuid>/record/", views.my_record, name="my_certificate_record"),
    path("credits/certificates/<uuid:uuid>/credential/", document_views.my_credential, name="my_credential"),
    path("credits/certificates/<uuid:uuid>/credential-jwt/", document_views.my_jwt, name="my_credential_jwt"),
    path("credits/certificates/transcript/<uuid:issuer_uuid>/", transcript_views.my_transcript, name="my_transcript"),
    path("registry/certificates/", views.registry, name="registry_certificates"),
    path(
        "registry/certificates/transcript/<uuid:person_uuid>/",
        transcript_views.registry_transcript,
        name="registry_transcript",
    ),
    path("registry/certificates/<uuid:uuid>/", views.registry_certificate, name="registry_certificate"),
    path("registry/certificates/<uuid:uuid>/pdf/", views.registry_pdf, name="registry_certificate_pdf"),
    path(
        "registry/certificates/<uuid:uuid>/credential/",
        document_views.registry_credential,
        name="registry_credential",
    ),
    path(
        "registry/certificates/<uuid:uuid>/credential-jwt/", document_views.registry_jwt, name="registry_credential_jwt"
    ),
    path("registry/certificates/<uuid:uuid>/revoke/", views.revoke, name="revoke_certificate"),
    path("registry/certificates/<uuid:uuid>/suspend/", views.suspend, name="suspend_certificate"),
    path("registry/certificates/<uuid:uuid>/reissue/", views.reissue, name="reissue_certificate"),
]
