"""The check page that works without a network, and what goes with it: no sign-in, no cookie, both languages."""

import base64
import hashlib
import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from credits.certificates.public_views import in_both_languages
from credits.checking import shell, trust
from edu.kernel import clock
from edu.kernel.errors import Refusal

SCRIPT = Path(__file__).with_name("verify_certificate.py")
# WebAssembly for the camera's reader, on this page alone; the rest is the site's policy.
POLICY = {"script-src": ["'self'", "'wasm-unsafe-eval'"], "worker-src": ["'self'"]}
LIST_MAX_AGE_S = 300


@require_safe
@cache_control(max_age=0, public=True)
@in_both_languages
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that checks in the browser; it is the same for everybody, so a worker may keep it."""
    response = render(request, "credits/checking/offline.html")
    response._csp_update = POLICY  # type: ignore[attr-defined]  # how django-csp takes a page's exception
    return response


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Return the worker's start: what to keep, then the script that keeps it."""
    found = shell.shell()
    kept = {
        "version": found.version,
        "page": "/check/offline/",
        "list": "/trust/list.json",
        "files": found.files,
        "lazy": found.lazy,
    }
    body = f"self.GUIXUE_KEPT = {json.dumps(kept)};\nimportScripts({json.dumps(found.worker)});\n"
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"  # it is registered for /check/ and for /v/, nothing else
    return response


@require_safe
def trust_list(request: HttpRequest) -> HttpResponse:
    """Return the signed trust list, at most five minutes old; 503 while the log cannot sign."""
    try:
        data = trust.signed_list()
    except Refusal as refusal:
        body = {"type": f"urn:guixue:problem:{refusal.code}", "title": str(refusal.message), "status": 503}
        return HttpResponse(json.dumps(body), status=503, content_type="application/problem+json")
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    headers = {
        "ETag": etag,
        "Cache-Control": f"public, max-age={LIST_MAX_AGE_S}",
        "Access-Control-Allow-Origin": "*",  # it is public, and other people's checkers may fetch it
    }
    return HttpResponse(data, content_type="application/json", headers=headers)


@require_safe
@in_both_languages
def alone(request: HttpRequest) -> HttpResponse:
    """Hand out the page as one file with today's list inside."""
    response = HttpResponse(alone_html(), content_type="text/html; charset=utf-8")
    name = f"guixue-check-{clock.today().isoformat()}.html"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@cache_control(max_age=3600, public=True)
def script(request: HttpRequest) -> HttpResponse:
    """Hand out the one-file checker."""
    response = HttpResponse(SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="verify_certificate.py"'
    return response


def alone_html() -> str:
    """Return the whole page in one file: styles, script and trust list inside, nothing fetched from anywhere."""
    styles, code = shell.alone()
    listed = trust.signed_list().decode()
    context = {
        "styles": mark_safe(styles),  # noqa: S308  (built by us)
        "script": mark_safe(code.replace("</script", "<\\/script")),  # noqa: S308  (built by us)
        "script_hash": base64.b64encode(
            hashlib.sha256(code.replace("</script", "<\\/script").encode()).digest()
        ).decode(),
        "list": mark_safe(listed.replace("<", "\\u003c")),  # noqa: S308  (JSON without a single "<")
        "made_on": clock.today().isoformat(),
    }
    return render_to_string("credits/checking/alone.html", context)
