"""Reads for the author's page: a version's films, what each weighs, and where its copies stand."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from courses.content.models import ContentBlock, ContentVersion
from courses.media import queries
from courses.media.models import Rendition
from courses.media.rules import PROFILES
from courses.media.states import AGAIN, OPEN, RenditionStatus
from courses.media.wording import QUALITY_WORDS, REASONS, STATUS_WORDS

SHOWN = ("light", "standard", "sound")


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One copy of one film, as an author reads it; `uuid` is None for one that nobody asked for."""

    quality: Any
    tone: str
    word: Any
    note: Any = ""
    size: int = 0
    progress: int | None = None
    uuid: UUID | None = None
    may_cancel: bool = False
    may_retry: bool = False


@dataclass(frozen=True, slots=True)
class FilmLine:
    """One video of a version; `size` is 0 where its file is missing or elsewhere."""

    usage_id: str
    name: str
    path: str
    size: int
    copies: tuple[CopyLine, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """All films of a version."""

    films: tuple[FilmLine, ...]
    open: int  # copies that wait or are being made
    missing: int  # copies that nobody asked for


def of_version(version: ContentVersion) -> Desk:
    """Return a version's films with their copies: two queries, and two more once for each version."""
    known = queries.sources(version.pk, version.uuid)
    rows = Rendition.objects.select_related("media").filter(media__sha256__in={a.sha256 for a in known.values()})
    by_film: dict[str, dict[str, Rendition]] = {}
    for row in rows:
        by_film.setdefault(row.media.sha256, {})[row.quality] = row
    blocks = ContentBlock.objects.filter(version=version, block_type="video").order_by("ordinal")
    films = []
    for block in blocks.only("usage_id", "display_name", "fields"):
        path = next(iter(queries.named(block.fields)), "")
        asset = known.get(path)
        copies = by_film.get(asset.sha256, {}) if asset else {}
        lines = tuple(_line(name, copies.get(name)) for name in SHOWN) if asset else ()
        films.append(
            FilmLine(block.usage_id, block.display_name or block.usage_id, path, asset.size if asset else 0, lines)
        )
    shown = Counter(row.status for row in rows)
    there = sum(len(copies) for copies in by_film.values())
    wanted = len({asset.sha256 for asset in known.values()}) * len(PROFILES)
    return Desk(tuple(films), sum(shown[status] for status in OPEN), max(0, wanted - there))


def _line(name: str, row: Rendition | None) -> CopyLine:
    quality = QUALITY_WORDS[name]
    if row is None:
        return CopyLine(quality, "neutral", "")
    tone, word = STATUS_WORDS[row.status]
    return CopyLine(
        quality,
        tone,
        word,
        REASONS.get(row.code, "") if row.status not in (*OPEN, RenditionStatus.CANCELLED) else "",
        row.size,
        row.progress if row.status == RenditionStatus.RUNNING else None,
        row.uuid,
        row.status in OPEN,
        row.status in AGAIN,
    )
