"""Decisions about content on plain values: levels, inheritance, what a block's text refers to, digests."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

LEVELS = ("course", "section", "subsection", "unit", "block")

_STATIC = re.compile(r"""/?static/([^"'\\<>()?#\s&]+(?: [^"'\\<>()?#&]+?\.\w{2,5}(?=["']))?)""")
_ASSET_KEY = re.compile(r"""asset-v1:[^"'\\<>\s]*?(?:type@asset[+/])?block@([^"'\\<>()?#\s&]+)""")
_LOADS = re.compile(
    r"""(?:(?<![\w-])(?:src|poster|data|srcset|xlink:href|manifest|video_url|launch_url|document_url|scorm_url)\s*=\s*["']?|url\(\s*["']?|"src":\s*")\s*(?:https?:)?//([A-Za-z0-9.-]+)""",
    re.IGNORECASE,
)
_MEDIA_FIELD_HOST = re.compile(r"^(?:https?:)?//([A-Za-z0-9.-]+)")
_NOT_IN_ASSET_KEY = re.compile(r"[^\w.~/-]")  # Open edX's StaticContent.compute_location
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as JSON spells it; a doubled backslash before it is the author's text
_SCRIPT_NODE = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
# Response types whose grading runs Python that the author wrote (capa/responsetypes.py: safe_exec).
_SCRIPTED_RESPONSES = re.compile(r"<(?:customresponse|symbolicresponse|schematicresponse)\b", re.IGNORECASE)


def level_below(level: str) -> str:
    """Return the level that children of a block at `level` stand on."""
    return LEVELS[min(LEVELS.index(level) + 1, len(LEVELS) - 1)]


def inherited(above: Mapping[str, Any], own: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return what the children of a block inherit: what it got, overruled by what it sets itself."""
    return {**above, **{name: own[name] for name in names if name in own}}


def static_files(text: str) -> set[str]:
    """Return the names of the course's own files that a block's text asks for, without `static/`."""
    found = {unquote(match) for match in (*_STATIC.findall(text), *_ASSET_KEY.findall(text))}
    found = {name.replace("\0", "\N{REPLACEMENT CHARACTER}") for name in found}  # no file has such a name
    return {name.strip().rstrip(".,;") for name in found if name.strip("/ ") and not name.endswith("/")}


def foreign_hosts(text: str, fields: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the hosts that a page with this block would load from; links that one may follow do not count."""
    hosts = {host.lower() for host in _LOADS.findall(text)}
    settings, content = fields.get("settings", {}), fields.get("content", {})
    if any(value for name, value in settings.items() if name.startswith("youtube_id")):
        hosts.add("www.youtube.com")
    sources = [*(settings.get("html5_sources") or []), *(content.get("html5_sources") or [])]
    for source in [*sources, settings.get("launch_url"), settings.get("url")]:
        match = _MEDIA_FIELD_HOST.match(source) if isinstance(source, str) else None
        if match:
            hosts.add(match.group(1).lower())
    return hosts


def asset_key(path: str) -> str:
    """Return a path as Studio's addresses spell it: `static/Brain red.png` is asked for as `static/Brain_red.png`."""
    return _NOT_IN_ASSET_KEY.sub("_", path)


def needs_sandbox(problem: str) -> bool:
    """True when a problem can only be shown or graded by running the author's Python (courses.md §1.12)."""
    scripts = [attributes.lower() for attributes in _SCRIPT_NODE.findall(problem)]
    return any("javascript" not in attributes for attributes in scripts) or bool(_SCRIPTED_RESPONSES.search(problem))


def is_storable(value: Any) -> bool:
    """True when PostgreSQL's jsonb takes the value: no NaN or infinity, no NUL, no half of a surrogate pair."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode("utf-8")
    except (ValueError, TypeError, RecursionError):
        return False
    return _NUL.search(text) is None


def digest(parts: Iterable[Any]) -> str:
    """Return the SHA-256 of a sequence of JSON values, independent of the order of keys."""
    total = hashlib.sha256()
    for part in parts:
        total.update(json.dumps(part, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        total.update(b"\n")
    return total.hexdigest()
