"""What authors should know of a version before learners see it: findings with a severity, and what each unit weighs.

Pure. What "must be fixed" learners would meet as a hole in the page; such a version is published with a reason only.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import unquote

from courses.content import hosts, limits, markup, rules

EDITION = f"2/{hosts.CHECKED_ON}"  # findings of another edition are made anew


class Severity(StrEnum):
    """How much a finding matters."""

    MUST = "must"
    LOOK = "look"
    INFO = "info"


# code → severity; the sentences stand in courses/content/findings.py.
SEVERITIES: dict[str, Severity] = {
    "foreign-script": Severity.MUST,
    "foreign-style": Severity.MUST,
    "foreign-frame": Severity.MUST,
    "foreign-media": Severity.MUST,
    "video-elsewhere": Severity.MUST,
    "video-empty": Severity.MUST,
    "refused": Severity.MUST,
    "foreign-form": Severity.LOOK,
    "script-names-host": Severity.LOOK,
    "outside-tool": Severity.LOOK,
    "placeholder": Severity.LOOK,
    "needs-sandbox": Severity.LOOK,
    "image-without-alt": Severity.LOOK,
    "video-without-captions": Severity.LOOK,
    "file-missing": Severity.LOOK,
    "jump-nowhere": Severity.LOOK,
    "id-twice": Severity.LOOK,
    "page-heavy": Severity.LOOK,
    "film-heavy": Severity.LOOK,
    "film-in-parts": Severity.LOOK,
    "video-also-elsewhere": Severity.INFO,
    "link-out-of-reach": Severity.INFO,
}
_FOREIGN_CODES = {
    markup.SCRIPT: "foreign-script",
    markup.STYLE: "foreign-style",
    markup.FRAME: "foreign-frame",
    markup.MEDIA: "foreign-media",
    markup.FORM: "foreign-form",
}
TOOLS = frozenset({"lti", "lti_consumer"})  # start a page of another server
# With scripts of their own (decision 0031), or with others waiting for the answer (0022): they open without a
# network, but an answer needs it.
ANSWERED_ON_LINE = frozenset({"acid", "drag-and-drop-v2", "openassessment", "problem-builder", "scorm", "step-builder"})
HINDERS = frozenset({"foreign-script", "foreign-style", "foreign-frame", "foreign-media", "video-elsewhere"})
_ADDRESS_FIELD = re.compile(r"(?:url|src|img|image|file|background)$", re.IGNORECASE)
_OWN_FIELDS = frozenset(
    {"html5_sources", "transcripts", "sub", "youtube_id_1_0", "launch_url", "poster", "thumbnail", "source_url"}
    | {"handout", "xml_attributes", "track"}
)
_QUALITY = re.compile(r"(?<![A-Za-z0-9])(240|360|480|540|720|1080|1440|2160)p?(?![A-Za-z0-9])")
PLAYLIST = ".m3u8"
PARTS = (".ts", ".m4s", ".mp4", ".aac")
_FILMS, _PICTURES = ("video/",), ("image/",)
STATIC = "static/"
_NO_TEXT = "\N{REPLACEMENT CHARACTER}"


class Offline(StrEnum):
    """What of a unit works without a network."""

    ALL = "all"
    READING = "reading"  # it opens; something in it is answered on line only
    NOT_ALL = "not-all"  # something in it needs a network


@dataclass(frozen=True, slots=True)
class Item:
    """A block as a check needs it; items come in preorder."""

    usage_id: str
    block_type: str
    level: str
    unit_usage_id: str
    display_name: str
    settings: Mapping[str, Any]
    content: Mapping[str, Any]
    support: str
    reason: str
    needs_sandbox: bool


@dataclass(frozen=True, slots=True)
class File:
    """A file as a check needs it."""

    path: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one block; `names` are the first addresses or files concerned, `count` is how many there are."""

    code: str
    usage_id: str
    unit_usage_id: str
    block_name: str
    names: tuple[str, ...] = ()
    count: int = 0

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return SEVERITIES[self.code]


@dataclass(frozen=True, slots=True)
class Film:
    """One file of a film; `quality` is what its name says ("720p"), or ""."""

    name: str
    size: int
    quality: str


@dataclass(slots=True)
class UnitWeight:
    """What a learner's line carries for one unit. A page loads one file of each film."""

    usage_id: str
    name: str
    text_bytes: int = 0
    files: dict[str, tuple[int, str]] = field(default_factory=dict)  # loaded: path → (size, media type)
    offered: dict[str, int] = field(default_factory=dict)  # behind links: path → size
    films: list[tuple[Film, ...]] = field(default_factory=list)  # of each video block, the lightest file first
    hinders: set[str] = field(default_factory=set)  # codes: why not all of it works without a network
    on_line: set[str] = field(default_factory=set)  # types of blocks that are answered on line only

    @property
    def picture_bytes(self) -> int:
        """Pictures of the page."""
        return sum(size for size, kind in self.files.values() if kind.startswith(_PICTURES))

    @property
    def other_bytes(self) -> int:
        """Captions, sounds and whatever else the page loads."""
        return sum(size for size, kind in self.files.values() if not kind.startswith(_PICTURES))

    @property
    def page_bytes(self) -> int:
        """What is loaded before a film is played."""
        return self.text_bytes + self.picture_bytes + self.other_bytes

    @property
    def offline(self) -> Offline:
        """What works without a network."""
        if self.hinders:
            return Offline.NOT_ALL
        return Offline.READING if self.on_line else Offline.ALL


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a check says of a version."""

    findings: tuple[Finding, ...]
    units: tuple[UnitWeight, ...]

    def counts(self) -> dict[str, int]:
        """Return severity → number of findings."""
        counted = Counter(finding.severity.value for finding in self.findings)
        return {severity.value: counted[severity.value] for severity in Severity}


def lint(items: Iterable[Item], files: Iterable[File], url_names: Iterable[str]) -> Report:
    """Check the blocks of a version. `url_names` are those of all its blocks, which links inside the course name."""
    linter = _Linter(files, frozenset(url_names))
    for item in items:
        linter.add(item)
    return linter.report()


class _Linter:
    """Goes through the blocks once, keeping no text."""

    def __init__(self, files: Iterable[File], url_names: frozenset[str]) -> None:
        self.files = {rules.asset_key(file.path): file for file in files}
        self.url_names = url_names
        self.findings: list[Finding] = []
        self.units: dict[str, UnitWeight] = {}
        self.ids: dict[str, dict[str, str]] = {}  # unit → id → the first block that has it

    def add(self, item: Item) -> None:
        if item.level == "unit":
            self.units[item.usage_id] = UnitWeight(item.usage_id, item.display_name)
        if item.support != "supported":
            self._find("refused" if item.support == "refused" else "placeholder", item, [item.reason])
            if item.support == "placeholder":
                self._hinder("placeholder", item)
            return
        if item.needs_sandbox:
            self._find("needs-sandbox", item)
        if item.block_type in TOOLS:
            self._find("outside-tool", item, _addresses(item.settings.get("launch_url")))
            self._hinder("outside-tool", item)
        if item.block_type in ANSWERED_ON_LINE and item.unit_usage_id in self.units:
            self.units[item.unit_usage_id].on_line.add(item.block_type)
        found = _read_all(item)
        self._look_at_text(item, found)
        self._look_at_ids(item, found)
        self._weigh(item, found)
        if item.block_type == "video":
            self._look_at_video(item)

    def report(self) -> Report:
        """Return all findings, the gravest first, each severity in the order of the course; and the units."""
        for unit in self.units.values():
            self._look_at_weight(unit)
        ranks = list(Severity)
        self.findings.sort(key=lambda finding: ranks.index(finding.severity))  # a stable sort
        return Report(tuple(self.findings), tuple(self.units.values()))

    def _find(self, code: str, item: Item, names: Iterable[str] = ()) -> None:
        every = list(dict.fromkeys(name.replace("\0", _NO_TEXT) for name in names if name))  # "%00" in an address
        shown = tuple(name[: limits.NAME_CHARACTERS] for name in every[: limits.NAMES_IN_A_FINDING])
        name = item.display_name[: limits.NAME_CHARACTERS]
        self.findings.append(Finding(code, item.usage_id, item.unit_usage_id, name, shown, len(every)))
        if code in HINDERS:
            self._hinder(code, item)

    def _hinder(self, code: str, item: Item) -> None:
        if item.unit_usage_id in self.units:
            self.units[item.unit_usage_id].hinders.add(code)

    def _look_at_text(self, item: Item, found: markup.Markup) -> None:
        by_code: dict[str, list[str]] = {}
        for what, address in found.loads:
            by_code.setdefault(_FOREIGN_CODES[what], []).append(address)
        out_of_reach = [address for address in found.links if hosts.is_out_of_reach(hosts.host_of(address))]
        wanted = _own_files(item)
        by_code |= {
            "script-names-host": found.script_hosts,
            "link-out-of-reach": out_of_reach,
            "jump-nowhere": sorted(unquote(name) for name in found.jumps if unquote(name) not in self.url_names),
            "file-missing": sorted(name for name in wanted if self._file(name) is None),
        }
        for code, names in by_code.items():
            if names:
                self._find(code, item, names)
        if found.without_alt:
            self._find("image-without-alt", item, [address or "<img>" for address in found.without_alt])
        if found.without_captions:
            self._find("video-without-captions", item, [address or "<video>" for address in found.without_captions])

    def _look_at_ids(self, item: Item, found: markup.Markup) -> None:
        known = self.ids.setdefault(item.unit_usage_id, {}) if item.unit_usage_id else {}
        twice = [name for name, count in Counter(found.ids).items() if count > 1 or name in known]
        if twice:
            self._find("id-twice", item, twice)
        known.update(dict.fromkeys(found.ids, item.usage_id))

    def _look_at_video(self, item: Item) -> None:
        given = [str(source) for source in item.settings.get("html5_sources") or _from_content(item) if source]
        foreign = [source for source in given if hosts.host_of(source)]
        if item.settings.get("youtube_id_1_0"):
            foreign.append(f"https://www.youtube.com/watch?v={item.settings['youtube_id_1_0']}")
        own = [source for source in given if not hosts.host_of(source)]
        present = [file for source in own if (file := self._file(_bare(source)))]
        if foreign:
            self._find("video-also-elsewhere" if present else "video-elsewhere", item, foreign)
        elif not present:
            self._find("video-empty", item, own)
        if not (item.settings.get("transcripts") or item.content.get("transcripts") or item.settings.get("sub")):
            self._find("video-without-captions", item)
        if lists := [file.path for file in present if file.path.endswith(PLAYLIST)]:
            self._find("film-in-parts", item, lists)
        films = sorted((Film(file.path, self._film_bytes(file), quality_of(file.path)) for file in present), key=_size)
        if films and item.unit_usage_id in self.units:
            self.units[item.unit_usage_id].films.append(tuple(films))

    def _film_bytes(self, file: File) -> int:
        """Return what a film weighs; a playlist's is that of the parts beside it whose names begin as its own."""
        if not file.path.endswith(PLAYLIST):
            return file.size
        stem = rules.asset_key(file.path.removesuffix(PLAYLIST))
        return sum(part.size for key, part in self.files.items() if key.startswith(stem) and key.endswith(PARTS))

    def _weigh(self, item: Item, found: markup.Markup) -> None:
        unit = self.units.get(item.unit_usage_id)
        if unit is None:
            return
        unit.text_bytes += sum(len(text.encode("utf-8", "replace")) for _name, text in _texts(item.content))
        offered = {_bare(unquote(address.partition("#")[0].partition("?")[0])) for address in found.offered}
        for name in _own_files(item):
            file = self._file(name)
            if file is None or (file.media_type.startswith(_FILMS) and item.block_type == "video"):
                continue
            if name in offered:
                unit.offered[file.path] = file.size
            else:
                unit.files[file.path] = (file.size, file.media_type)

    def _look_at_weight(self, unit: UnitWeight) -> None:
        item = Item(unit.usage_id, "", "unit", unit.usage_id, unit.name, {}, {}, "supported", "", needs_sandbox=False)
        if unit.page_bytes > limits.PAGE_BYTES_HEAVY:
            heaviest = sorted(unit.files, key=lambda path: -unit.files[path][0])
            self._find("page-heavy", item, heaviest)
        heavy = [films[0].name for films in unit.films if films[0].size > limits.FILM_BYTES_HEAVY]
        if heavy:
            self._find("film-heavy", item, heavy)

    def _file(self, name: str) -> File | None:
        return self.files.get(rules.asset_key(STATIC + name)) or self.files.get(rules.asset_key(name))


def quality_of(name: str) -> str:
    """Return what a film's name says of its quality, "720p", or ""."""
    found = _QUALITY.search(name.rpartition("/")[2])
    return f"{found.group(1)}p" if found else ""


def _size(film: Film) -> int:
    return film.size


def _from_content(item: Item) -> list[Any]:
    return item.content.get("html5_sources") or []


def _bare(address: str) -> str:
    return address.strip().removeprefix("/").removeprefix(STATIC)


def _addresses(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else []


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text in a field's value, with the name it stands under."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, name)


def _read_all(item: Item) -> markup.Markup:
    """Return what all texts of a block load; addresses in fields of their own count as media."""
    whole = markup.Markup()
    for name, text in (*_texts(item.settings), *_texts(item.content)):
        if name in _OWN_FIELDS or "html5_sources" in name:
            continue
        if _ADDRESS_FIELD.search(name) and "<" not in text and item.block_type not in TOOLS:
            if hosts.host_of(text):
                whole.loads.append((markup.MEDIA, text))
            continue
        part = markup.read(text)
        for slot in ("loads", "links", "without_alt", "without_captions", "ids", "script_hosts"):
            getattr(whole, slot).extend(getattr(part, slot))
        whole.offered |= part.offered
        whole.jumps |= part.jumps
    return whole


def _own_files(item: Item) -> set[str]:
    """Return the course's own files that a block names, without `static/`."""
    found: set[str] = set()
    for _name, text in (*_texts(item.settings), *_texts(item.content)):
        found |= rules.static_files(text)
    captions = item.settings.get("transcripts") or item.content.get("transcripts") or {}
    found |= {str(name) for name in captions.values() if name} if isinstance(captions, Mapping) else set()
    if item.block_type == "video" and item.settings.get("sub"):
        found.add(f"subs_{item.settings['sub']}.srt.sjson")
    return {name for name in map(_bare, found) if name}
