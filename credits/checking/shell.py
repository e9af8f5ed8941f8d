"""The files of the check page, as the build named them: for the worker that keeps them, and for the one-file page."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static

PAGE = "credits/client/entries/check_page.ts"
WORKER = "credits/client/entries/check_worker.ts"
STYLES = "edu/client/styles/verify.css"
ALONE = "check_alone.js"
FAVICON = "dist/favicon.svg"


@dataclass(frozen=True, slots=True)
class Shell:
    """Addresses of what the page needs at once, and of what it loads when the camera is opened."""

    version: str
    worker: str
    files: tuple[str, ...]
    lazy: tuple[str, ...]


@lru_cache(maxsize=1)
def shell() -> Shell:
    """Return the addresses; they change with every build, and so does the version."""
    manifest = _manifest()
    page = manifest[PAGE]
    needed = [static(FAVICON), *_styles(manifest)]
    needed += [address for name in _with_imports(manifest, PAGE) for address in _both(manifest[name]["file"])]
    later = [name for first in page.get("dynamicImports", ()) for name in _with_imports(manifest, first)]
    lazy = [address for name in later for address in _both(manifest[name]["file"])]
    lazy += [address for file in page.get("assets", ()) for address in _both(file)]
    lazy = [address for address in lazy if address not in needed]
    files = tuple(dict.fromkeys(needed))
    version = hashlib.sha256("\n".join((*files, *lazy, _worker(manifest))).encode()).hexdigest()[:12]
    return Shell(version, _worker(manifest), files, tuple(dict.fromkeys(lazy)))


@lru_cache(maxsize=1)
def alone() -> tuple[str, str]:
    """Return the styles and the script that the one-file page has inside."""
    return (_dist() / _manifest()[STYLES]["file"]).read_text("utf-8"), (_dist() / ALONE).read_text("utf-8")


def _with_imports(manifest: dict[str, Any], first: str) -> list[str]:
    """Return a script and all that it imports at once, directly or through others."""
    found = [first]
    for name in found:
        found += [more for more in manifest[name].get("imports", ()) if more not in found]
    return found


def _both(file: str) -> tuple[str, ...]:
    """Return a file's address in the page, and the one by which scripts import each other: storages may differ."""
    return static(f"dist/{file}"), f"{settings.STATIC_URL}dist/{file}"


def _styles(manifest: dict[str, Any]) -> tuple[str, ...]:
    return (static(f"dist/{manifest[STYLES]['file']}"),)


def _worker(manifest: dict[str, Any]) -> str:
    return static(f"dist/{manifest[WORKER]['file']}")


def _dist() -> Path:
    return Path(str(settings.DJANGO_VITE["default"]["manifest_path"])).parent.parent


def _manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(str(settings.DJANGO_VITE["default"]["manifest_path"])).read_text("utf-8"))
    return loaded
