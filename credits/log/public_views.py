"""The log's public files over HTTP; a web server or cache may as well serve the folder itself."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from credits.log import folder, queries

FOR_EVER = "public, max-age=31536000, immutable"
NOW = "no-cache"


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Return the newest published checkpoint."""
    response = HttpResponse(_read(folder.PUBLISHED), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = NOW
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def tile(request: HttpRequest, name: str) -> HttpResponse:
    """Return a tile or a bundle of entries. What a full one holds never changes; a partial one gives way to it."""
    response = HttpResponse(_read(name), content_type="application/octet-stream")
    response.headers["Cache-Control"] = FOR_EVER if ".p/" not in name else NOW
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Return who signs and cosigns, and how many have to (C2SP tlog-policy)."""
    signing = [key for key in queries.log_keys() if key.name == queries.origin()]
    response = HttpResponse(queries.policy().text(signing), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = NOW
    return response


def _read(name: str) -> bytes:
    try:
        return folder.read(name)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise Http404 from error
