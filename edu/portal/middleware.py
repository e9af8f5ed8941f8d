"""Turns refusals into pages (403, 404, 409, 413, 422), and chooses the content policy of the page editor."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render

from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale

EDITOR_PREFIX = "/cms/"
EDITOR_POLICY = {  # Wagtail 8 writes inline scripts and styles, shows previews in frames, and images as data and blobs
    "default-src": ["'self'"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'"],
}
STATUS = {NotThere: 404, NotPermitted: 403, Stale: 409, Refusal: 422}


class RefusalMiddleware:
    """Renders a Refusal that no view caught, as the page (or problem details) for its kind."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for a refusal, or None for what is not ours."""
        if isinstance(exception, RequestDataTooBig):
            return render(request, "413.html", {}, status=413)
        if not isinstance(exception, Refusal):
            return None
        status = _status(exception)
        if request.path.startswith("/api/"):
            problem = {"type": f"urn:guixue:{exception.code}", "title": str(exception.message), "status": status}
            return JsonResponse(problem, status=status, content_type="application/problem+json")
        template = "409.html" if status == 422 else f"{status}.html"
        return render(request, template, {"refusal": exception}, status=status)


def _status(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal; of a kind derived from another, that of the nearest known one."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


class EditorPolicyMiddleware:
    """Gives answers of the page editor the policy that its pages need; stands inside django-csp's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(EDITOR_PREFIX):
            response._csp_replace = EDITOR_POLICY  # type: ignore[attr-defined]  # the name that django-csp reads
        return response


class LanguageMiddleware(LocaleMiddleware):
    """Django's, but for addresses that never have a language: a 404 there stays a 404 and leads nowhere else."""

    WITHOUT_LANGUAGE = (
        *("/v/", "/verify/", "/check/", "/s/", "/trust/", "/status/", "/issuers/"),
        *("/log/checkpoint", "/log/tile/", "/log/policy", "/api/", "/lti/", "/healthz", "/readyz"),
    )

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the response as it is for such an address, otherwise as Django would."""
        if request.path.startswith(self.WITHOUT_LANGUAGE):
            return response
        return super().process_response(request, response)
