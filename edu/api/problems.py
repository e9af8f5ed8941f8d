"""Refusals as RFC 9457 problem details, application/problem+json."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:guixue:problem:"


def problem(
    request: HttpRequest, *, status: int, code: str, title: str, headers: dict[str, str] | None = None, **more: Any
) -> HttpResponse:
    """Return a problem document; `code` never changes its meaning, `title` is for people."""
    body = {
        "type": f"{TYPE_PREFIX}{code}",
        "title": title,
        "status": status,
        "instance": request.path,
        **more,
    }
    return JsonResponse(
        body, status=status, content_type=CONTENT_TYPE, headers=headers, json_dumps_params={"ensure_ascii": False}
    )
