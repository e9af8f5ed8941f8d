"""The built workers: each lies where its scope begins, so the address is ours and the script is the build's."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.templatetags.static import static


def worker_script(entry: str, shell: tuple[str, ...] = ()) -> HttpResponse:
    """Return a worker that loads the built script of an entry; browsers look for a new one at each visit.

    `shell` are further entries whose files the worker keeps at once, whatever pages were opened.
    """
    script = _address(_built(entry)["file"])
    start = f"self.GUIXUE_SHELL = {json.dumps(_files(shell))};\nimportScripts({json.dumps(script)});\n"
    response = HttpResponse(start, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Content-Security-Policy"] = "default-src 'none'; script-src 'self'; connect-src 'self'"
    return response


@lru_cache(maxsize=8)
def _files(entries: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses of entries and of all that they import: as pages name them, and as scripts do."""
    names = list(entries)
    for name in names:
        names += [more for more in _built(name).get("imports", ()) if more not in names]
    files = [_built(name)["file"] for name in names]
    return tuple(dict.fromkeys(a for file in files for a in (_address(file), f"{settings.STATIC_URL}dist/{file}")))


def _address(file: str) -> str:
    return static(f"dist/{file}")


def _built(entry: str) -> dict[str, Any]:
    found: dict[str, Any] = _manifest()[entry]
    return found


@lru_cache(maxsize=1)
def _manifest() -> dict[str, Any]:
    path = Path(str(settings.DJANGO_VITE["default"]["manifest_path"]))
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded
