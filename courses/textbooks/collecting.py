"""What of a version goes into a textbook: texts, documents and films with captions, and the files that they show.

Problems, their keys, policies and everything about people stay out; so does what only some learners see.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from courses.content.data import AssetInfo
from courses.content.models import ContentBlock, ContentVersion
from courses.content.queries import assets
from courses.content.storage import open_asset
from courses.media.queries import bare, copies, named
from courses.runtime.captions import to_webvtt
from courses.textbooks import markup

SHOWN_TYPES = frozenset({"html", "video", "pdf"})  # what can be read without being answered
CHOOSING = frozenset(
    {"split_test", "library_content", "legacy_library_content", "itembank", "randomize", "conditional"}
)  # each learner sees another part of them
SUFFIX = re.compile(r"\.[a-z0-9]{1,5}$")
HASH_CHARS = 16  # of a file's name: two files of a course do not share 64 bits


@dataclass(slots=True)
class Film:
    """A film as its page shows it."""

    place: str
    captions: list[tuple[str, str]] = field(default_factory=list)  # language, WebVTT


@dataclass(slots=True)
class Piece:
    """What a block gives to its unit's page: its name, and one of markup, film and document."""

    title: str
    markup: str = ""
    film: Film | None = None
    document: str = ""


@dataclass(slots=True)
class Unit:
    """A page of the book."""

    name: str
    path: str
    pieces: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class Chapter:
    """A section of the course."""

    name: str
    units: list[Unit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes of a file in the pack come from: a file of the course, or a lighter copy of a film."""

    sha256: str
    size: int
    path: str  # in the course, for a message
    is_copy: bool = False


@dataclass(slots=True)
class Book:
    """A textbook before it is written."""

    title: str
    chapters: list[Chapter] = field(default_factory=list)
    files: dict[str, Source] = field(default_factory=dict)  # path in the pack → source
    left_out: dict[str, int] = field(default_factory=dict)  # problem, network, interactive, chosen → how many
    heavy_films: int = 0  # in the pack as uploaded, since there is no lighter copy

    @property
    def units(self) -> list[Unit]:
        """Every page, in order."""
        return [unit for chapter in self.chapters for unit in chapter.units]

    def told(self) -> dict[str, Any]:
        """Return what the download page says of the contents."""
        chapters = [{"name": c.name, "units": [unit.name for unit in c.units]} for c in self.chapters]
        films = sum(piece.film is not None for unit in self.units for piece in unit.pieces)
        return {
            "chapters": chapters,
            "left_out": dict(sorted(self.left_out.items())),
            "films": films,
            "heavy": self.heavy_films,
        }


def collect(version: ContentVersion) -> Book:
    """Return a version as a book, in the active language where the book has words of its own."""
    return _Collector(version).book


class _Collector:
    """Walks the blocks of a version once, in order."""

    def __init__(self, version: ContentVersion) -> None:
        self.version = version
        self.book = Book(version.title or version.course.name_zh)
        self.hidden: set[str] = set()
        rows = list(ContentBlock.objects.filter(version=version).defer("olx").order_by("ordinal"))
        kept = [row for row in rows if self._is_for_all(row)]
        self.pages = {row.usage_id: f"unit-{n}.html" for n, row in enumerate(_units(kept), start=1)}
        self.names = {row.url_name: self.pages.get(row.unit_usage_id, "") for row in kept}
        self.places = markup.Places(self._file, lambda name: self.names.get(name, ""), _("This needs a network: "))
        self.light = self._light_copies()
        for row in kept:
            self._take(row)
        for chapter in self.book.chapters:
            chapter.units = [unit for unit in chapter.units if unit.pieces]
        self.book.chapters = [chapter for chapter in self.book.chapters if chapter.units]

    def _is_for_all(self, row: ContentBlock) -> bool:
        """False for what staff or some groups see, what is drawn for each learner, and all that stands below it."""
        own = row.fields.get("settings", {})
        staff = own.get("visible_to_staff_only") or row.inherited.get("visible_to_staff_only")
        some = own.get("group_access") or row.inherited.get("group_access")
        chosen = bool(some and any(some.values())) or row.block_type in CHOOSING
        above = row.parent_usage_id in self.hidden
        if chosen and not above and not staff:
            self._leave_out("chosen")
        if staff or chosen or above:
            self.hidden.add(row.usage_id)
            return False
        return True

    def _leave_out(self, kind: str) -> None:
        self.book.left_out[kind] = self.book.left_out.get(kind, 0) + 1

    def _take(self, row: ContentBlock) -> None:
        chapters = self.book.chapters
        if row.level == "section":
            chapters.append(Chapter(row.display_name))
        if row.level == "unit":
            if not chapters:
                chapters.append(Chapter(self.book.title))
            chapters[-1].units.append(Unit(row.display_name, self.pages[row.usage_id]))
        if row.level in {"unit", "block"} and chapters and chapters[-1].units:
            piece = self._piece(row)
            if piece:
                chapters[-1].units[-1].pieces.append(piece)

    def _piece(self, row: ContentBlock) -> Piece | None:
        """Return what a block gives to its page; None for what is answered rather than read."""
        if row.level == "unit" and row.block_type not in SHOWN_TYPES:
            return None
        if row.support != "supported" or row.block_type not in SHOWN_TYPES:
            self._leave_out("problem" if row.block_type == "problem" else "interactive")
            return None
        if row.block_type == "html":
            return self._text(row)
        return self._document(row) if row.block_type == "pdf" else self._film(row)

    def _text(self, row: ContentBlock) -> Piece | None:
        found = markup.shown(str(row.fields.get("content", {}).get("data", "")), self.places)
        for _address in found.needs_network:
            self._leave_out("network")
        return Piece("", markup=found.markup) if found.markup else None

    def _document(self, row: ContentBlock) -> Piece | None:
        given = {**row.fields.get("settings", {}), **row.fields.get("content", {})}
        place = self._file(markup.document_named(f"static/{bare(str(given.get('url') or ''))}"))
        if not place:
            self._leave_out("network")
            return None
        return Piece(row.display_name, document=place)

    def _film(self, row: ContentBlock) -> Piece | None:
        name = next(iter(named(row.fields)), "")
        asset = self._asset(name)
        if asset is None:
            self._leave_out("network")
            return None
        copy = self.light.get(asset.sha256)
        self.book.heavy_films += copy is None
        source = copy or Source(asset.sha256, asset.size, asset.path)
        film = Film(self._keep(source, ".mp4" if copy else _suffix(asset.path)))
        for language, file in (row.fields.get("settings", {}).get("transcripts") or {}).items():
            captions = self._asset(bare(str(file)))
            if captions is not None:
                with open_asset(captions.sha256) as stream:
                    film.captions.append((str(language), to_webvtt(stream.read())))
        return Piece(row.display_name, film=film)

    def _light_copies(self) -> dict[str, Source]:
        made = copies(self.version.pk, self.version.uuid)
        return {
            film: Source(copy.sha256, copy.size, film, is_copy=True)
            for film, ready in made.items()
            for copy in ready
            if copy.quality == "light"
        }

    def _asset(self, path: str) -> AssetInfo | None:
        return assets(self.version.pk, [path]).get(path) if path else None

    def _file(self, path: str) -> str:
        """Put a file of the course into the pack; returns its address there, "" when there is none."""
        asset = self._asset(path)
        return self._keep(Source(asset.sha256, asset.size, asset.path), _suffix(asset.path)) if asset else ""

    def _keep(self, source: Source, suffix: str) -> str:
        """Name a file by its hash: sticks know neither capitals nor every character; shown twice, it lies once."""
        place = f"files/{source.sha256[:HASH_CHARS]}{suffix}"
        self.book.files[place] = source
        return quote(place)


def _units(rows: list[ContentBlock]) -> list[ContentBlock]:
    return [row for row in rows if row.level == "unit"]


def _suffix(path: str) -> str:
    found = SUFFIX.search(path.lower())
    return found[0] if found else ""
