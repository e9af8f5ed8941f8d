"""The built workers: each lies where its scope begins, so the address is ours and the script is the build's."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.templatetags.static import static


def worker_script(entry: str) -> HttpResponse:
    """Return a worker that loads the built script of an entry; browsers look for a new one at each visit."""
    start = f"importScripts({json.dumps(static('dist/' + _file(entry)))});\n"
    response = HttpResponse(start, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Content-Security-Policy"] = "default-src 'none'; script-src 'self'; connect-src 'self'"
    return response


@lru_cache(maxsize=8)
def _file(entry: str) -> str:
    manifest = json.loads(Path(str(settings.DJANGO_VITE["default"]["manifest_path"])).read_text("utf-8"))
    return str(manifest[entry]["file"])
