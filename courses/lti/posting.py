"""Pages whose only work is to let the browser post a form to another server."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TEMPLATE = "courses/lti/post.html"


def post_page(
    request: HttpRequest, url: str, fields: Iterable[tuple[str, str]], *, by_itself: bool = True, **context: Any
) -> HttpResponse:
    """Return a page with the form; it posts itself, or waits for the person when there is something to agree to."""
    nonce = secrets.token_urlsafe(16)
    shown = {"url": url, "fields": list(fields), "nonce": nonce, "by_itself": by_itself, **context}
    response = render(request, TEMPLATE, shown)
    # A tool may lead on to other hosts before it shows itself, and browsers ask this policy for each of them.
    response["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; form-action https: http:; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
