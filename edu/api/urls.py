"""The API's address. Imported after every app is ready, so every router is there."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from edu.api.problems import problem
from edu.api.site import build


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer an unknown address of the API as a problem, not as a page."""
    return problem(request, status=404, code="not-there", title="There is nothing at this address.")


urlpatterns = [
    path("v1/", nothing_here),
    path("v1/", build().urls),
    re_path(r"^.*$", nothing_here),
]
