"""Refusals as RFC 9457 problem details, application/problem+json."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Schema

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:guixue:problem:"


class ProblemOut(Schema):
    """What was refused and why; `type` never changes its meaning."""

    type: str = Field(examples=[f"{TYPE_PREFIX}no-such-course"])
    title: str = Field(examples=["There is no such course."])
    status: int = Field(examples=[404])
    instance: str = Field(examples=["/api/v1/courses/8b0f6c1e-7a54-4f0e-9d3e-2f6f0b1d9a11"])


# What operations that only read may answer besides; with a caller also 401 and 403.
PROBLEMS: dict[int, type[Schema]] = {404: ProblemOut, 422: ProblemOut, 429: ProblemOut}
CALLER_PROBLEMS: dict[int, type[Schema]] = {401: ProblemOut, 403: ProblemOut, **PROBLEMS}


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
