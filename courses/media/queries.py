"""Reads for players and authors: a version's films, and their lighter copies."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from courses.content.data import AssetInfo
from courses.content.models import ContentAsset, ContentBlock
from courses.content.queries import assets
from courses.media.models import Rendition
from courses.media.states import RenditionStatus
from edu.kernel.errors import NotThere

VERSIONS_MAX = 256  # versions never change
FRESH_S = 20  # how late a player may learn of a new copy; one query in that time and process, not one a page


@dataclass(frozen=True, slots=True)
class Copy:
    """A lighter copy of a film that is ready."""

    quality: str  # rules.QualityName
    sha256: str
    size: int
    media_type: str


def bare(source: str) -> str:
    """Return the path below the course's folder of files, or "" for an address on a foreign host."""
    return "" if urlsplit(source).netloc else source.removeprefix("/").removeprefix("static/")


@lru_cache(maxsize=VERSIONS_MAX)
def sources(version_id: int, version_uuid: UUID) -> dict[str, AssetInfo]:
    """Return the files that a version's films name, by their bare path; two queries, kept."""
    rows = ContentBlock.objects.filter(version_id=version_id, block_type="video")
    paths = {path for fields in rows.values_list("fields", flat=True) for path in named(fields)}
    return assets(version_id, sorted(paths)) if paths else {}


def copies(version_id: int, version_uuid: UUID) -> dict[str, tuple[Copy, ...]]:
    """Return the copies of a version's films that are ready, by the film's hash, the lightest picture first.

    At most one query in FRESH_S and process; none for a version without films.
    """
    films = frozenset(asset.sha256 for asset in sources(version_id, version_uuid).values())
    return _copies(films, int(time.monotonic() // FRESH_S)) if films else {}


@lru_cache(maxsize=VERSIONS_MAX)
def _copies(films: frozenset[str], moment: int) -> dict[str, tuple[Copy, ...]]:
    rows = Rendition.objects.filter(media__sha256__in=films, status=RenditionStatus.DONE).order_by("rank")
    found: dict[str, tuple[Copy, ...]] = {}
    for film, quality, sha256, size, kind in rows.values_list(
        "media__sha256", "quality", "sha256", "size", "media_type"
    ):
        found[film] = (*found.get(film, ()), Copy(quality, sha256, size, kind))
    return found


def forget() -> None:
    """Let the next page ask anew; for tests."""
    _copies.cache_clear()


def copy_of(version_id: int, path: str, digest: str) -> Copy:
    """Return the copy of a version's film whose hash begins so; NotThere for any other."""
    asset = assets(version_id, [path]).get(path)
    row = (
        Rendition.objects.filter(
            media__sha256=asset.sha256, status=RenditionStatus.DONE, sha256__startswith=digest
        ).first()
        if asset
        else None
    )
    if row is None:
        raise NotThere("no-such-copy")
    return Copy(row.quality, row.sha256, row.size, row.media_type)


def lightest(version_id: int, version_uuid: UUID) -> dict[str, tuple[str, int]]:
    """Return (hash, bytes) of what is taken along in a film's place, by the film's hash: its light copy."""
    return {
        film: (copy.sha256, copy.size)
        for film, made in copies(version_id, version_uuid).items()
        for copy in made
        if copy.quality == "light"
    }


def is_shown_in(sha256: str, course_id: int) -> bool:
    """True when a version of the course has this file."""
    return ContentAsset.objects.filter(sha256=sha256, version__course_id=course_id).exists()


def named(fields: dict[str, dict[str, Any]]) -> list[str]:
    """Return the files of the course that a video block names, the first one first."""
    given = [str(source) for scope in fields.values() for source in scope.get("html5_sources") or [] if source]
    return [path for path in (bare(source) for source in given) if path]
