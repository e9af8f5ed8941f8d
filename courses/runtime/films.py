"""What a player offers of a film: its qualities with their megabytes, said before anything is fetched."""

import json
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from courses.media import queries as media
from courses.runtime import lengths
from courses.runtime.assets import AssetUrls

STREAM = "application/vnd.apple.mpegurl"
TYPES = {".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg", ".m3u8": STREAM}
MEGABYTE = 1_000_000
DIGEST_CHARS = 16  # of a copy's hash in its address


@dataclass(frozen=True, slots=True)
class Quality:
    """One file in which a film can be played; `bytes` is 0 where nobody knows beforehand."""

    name: str  # light, standard, original, sound
    url: str
    type: str
    bytes: int
    label: str


def qualities(version_id: int, version_uuid: UUID, local: list[str], urls: AssetUrls) -> list[Quality]:
    """Return what can be played of a film, the lightest picture first, sound alone last; `local` are its own files."""
    if not local:
        return []
    known = media.sources(version_id, version_uuid)
    first = local[0]
    own = known.get(media.bare(first))
    weight = own.size if own and type_of(first) != STREAM else 0
    original = _quality("original", urls.url(first), type_of(first), weight)
    made = media.copies(version_id, version_uuid).get(own.sha256, ()) if own else ()
    copies = {
        copy.quality: _quality(
            copy.quality, urls.film_url(first, copy.sha256[:DIGEST_CHARS]), copy.media_type, copy.size
        )
        for copy in made
    }
    return [*(copies[name] for name in ("light", "standard") if name in copies), original, *_sound(copies)]


def _sound(copies: dict[str, Quality]) -> list[Quality]:
    return [copies["sound"]] if "sound" in copies else []


def seconds_of(version_id: int, version_uuid: UUID, usage_id: str) -> int:
    """Return how long a film is, 0 where its file does not tell."""
    return lengths.videos_of(version_id, version_uuid).get(usage_id) or 0


def minutes(seconds: int) -> str:
    """83 → "1:23", "" for 0."""
    hours, rest = divmod(seconds, 3600)
    short = f"{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
    return (f"{hours}:{short}" if hours else short) if seconds else ""


def as_json(offered: list[Quality]) -> SafeString:
    """Return the qualities for the player's script."""
    text = json.dumps([asdict(quality) for quality in offered], ensure_ascii=False).replace("<", "\\u003c")
    return mark_safe(text)  # noqa: S308  # JSON inside a script element


def type_of(source: str) -> str:
    """Return the media type that a file's name promises."""
    return next((kind for ending, kind in TYPES.items() if source.lower().endswith(ending)), "video/mp4")


def _quality(name: str, url: str, kind: str, weight: int) -> Quality:
    return Quality(name, url, kind, weight, _label(name, weight))


def _label(name: str, weight: int) -> str:
    word = {
        "light": _("Data saver"),
        "standard": _("Standard"),
        "original": _("As uploaded"),
        "sound": _("Sound only"),
    }[name]
    if not weight:
        return str(word)
    size: Any = f"{max(0.1, weight / MEGABYTE):.1f}"
    return str(_("%(quality)s · %(size)s MB") % {"quality": word, "size": size})
