"""The API itself: every registered router under /api/v1/, its description in openapi.json, refusals as problems."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from edu.api import registry
from edu.api.limits import Limit, LimitThrottle
from edu.api.problems import problem
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale

log = logging.getLogger(__name__)

EVERYBODY = Limit("api", times=120, seconds=60)  # a school that checks a class asks 50 times; a scraper thousands
STATUS: dict[type[Refusal], int] = {NotThere: 404, NotPermitted: 403, Stale: 409, Refusal: 422}
DESCRIPTION = (
    'Guixue\'s public interface. Amounts are strings ("2.00"), moments RFC 3339 in UTC, refusals are '
    "application/problem+json (RFC 9457) whose type is stable."
)


def build() -> NinjaAPI:
    """Return the API with every router registered by now; documentation pages from foreign hosts are off."""
    api = NinjaAPI(
        title="Guixue 桂学",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        urls_namespace="api",
        throttle=[LimitThrottle(EVERYBODY)],
    )
    for prefix, router in registry.routers():
        api.add_router(f"/{prefix}", router)
    _add_handlers(api)
    return api


def _add_handlers(api: NinjaAPI) -> None:
    handlers: dict[type[Exception], Any] = {
        Refusal: _refused,
        Throttled: _throttled,
        ValidationError: _malformed,
        Http404: _not_found,
        HttpError: _http_error,
        Exception: _failed,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    assert isinstance(error, Refusal)
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    return problem(request, status=status, code=error.code, title=str(error.message), **_details(error))


def _details(error: Refusal) -> dict[str, Any]:
    return {"details": error.details} if error.details else {}


def _throttled(request: HttpRequest, error: Exception) -> HttpResponse:
    wait = getattr(error, "wait", None) or 60
    return problem(
        request,
        status=429,
        code="too-many-requests",
        title="Too many requests from this address.",
        headers={"Retry-After": str(int(wait))},
    )


def _malformed(request: HttpRequest, error: Exception) -> HttpResponse:
    assert isinstance(error, ValidationError)
    faults = [{"field": ".".join(map(str, fault["loc"])), "message": fault["msg"]} for fault in error.errors]
    return problem(request, status=422, code="malformed-request", title="The request is malformed.", errors=faults)


def _not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(request, status=404, code="not-there", title="There is nothing at this address.")


def _http_error(request: HttpRequest, error: Exception) -> HttpResponse:
    assert isinstance(error, HttpError)
    if isinstance(error, AuthenticationError):
        title = "Send a key that is good: Authorization: Bearer guixue_…"
        return problem(request, status=401, code="no-key", title=title, headers={"WWW-Authenticate": "Bearer"})
    return problem(request, status=error.status_code, code="http-error", title=str(error))


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("the API failed at %s", request.path, exc_info=error)
    return problem(request, status=500, code="failed", title="Something failed here. It was recorded; try again later.")
