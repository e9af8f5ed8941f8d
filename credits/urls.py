"""Addresses of credits under the language prefix; one include per applet."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "credits"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("credits.ledger.urls")),
    path("", include("credits.seals.urls")),
    path("", include("credits.agreements.urls")),
    path("", include("credits.exchange.urls")),
    path("", include("credits.recognition.urls")),
    path("", include("credits.certificates.urls")),
    path("", include("credits.checking.urls")),
    path("", include("credits.interop.urls")),
    path("", include("credits.log.urls")),
]
