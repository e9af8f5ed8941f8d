"""Findings as people read them: sentences, what to do, and the lines of the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.content import hosts, limits, linting
from courses.content.lighter import Copies
from courses.content.linting import Film, Finding, Offline, Report, Severity, UnitWeight
from courses.content.reasons import sentence
from edu.design.formats import file_size

SEVERITY_WORDS: dict[str, tuple[str, Any]] = {
    Severity.MUST.value: ("bad", _("Must be fixed")),
    Severity.LOOK.value: ("warn", _("Should be looked at")),
    Severity.INFO.value: ("neutral", _("For information")),
}

# code → (what it is, what to do)
WORDS: dict[str, tuple[Any, Any]] = {
    "foreign-script": (
        _("A script from another host"),
        _("It does not load: pages ask no other host. Put the script into the course's files, or do without."),
    ),
    "foreign-style": (
        _("Styles or fonts from another host"),
        _("They do not load: pages ask no other host. Put them into the course's files, or leave them out."),
    ),
    "foreign-frame": (
        _("A page of another host in a frame"),
        _("It does not load: learners see an empty frame. Put the film or page into the course, or link to it."),
    ),
    "foreign-media": (
        _("A picture, sound or film from another host"),
        _("It does not load: learners see a gap. Put the file into the course's files."),
    ),
    "video-elsewhere": (
        _("A video that lies on another host only"),
        _("It does not play here. Put the film into the course's files."),
    ),
    "video-empty": (
        _("A video without a film"),
        _("The block names no file that the course has. Add the film, or remove the block."),
    ),
    "refused": (
        _("A block with a broken definition"),
        _("Learners see that something is missing here. Mend it and import again."),
    ),
    "foreign-form": (
        _("A form that sends to another host"),
        _("It cannot be sent from here. Use a question or survey of the course."),
    ),
    "script-names-host": (
        _("A script that names another host"),
        _("If it loads something from there, that does not work. Try the unit as a learner."),
    ),
    "outside-tool": (
        _("A tool on another server"),
        _("It starts only where the server is reached, and not without a network."),
    ),
    "placeholder": (
        _("A block that is not shown here"),
        _("Learners see that something is here, and why it is not shown."),
    ),
    "needs-sandbox": (
        _("A problem with a script of its author"),
        _("It needs a script sandbox. Where none is installed learners see that it is not available."),
    ),
    "image-without-alt": (
        _("A picture without a text alternative"),
        _('Say in alt="…" what it shows, or write alt="" where it only adorns.'),
    ),
    "video-without-captions": (
        _("A video without captions"),
        _("Add captions in the language that is spoken: for who cannot hear, and for a loud room."),
    ),
    "file-missing": (
        _("A file that the course does not have"),
        _("Add it to the course's files, or change the address."),
    ),
    "jump-nowhere": (
        _("A link into the course that leads nowhere"),
        _("No block of this version has the name. Change the link."),
    ),
    "id-twice": (
        _("One identifier twice in a unit"),
        _("Links and scripts find the first one only. Change one of them."),
    ),
    "page-heavy": (
        _("A heavy unit"),
        _("Text and pictures are more than 1 MB: slow for a class that shares a line. Make the largest smaller."),
    ),
    "film-heavy": (
        _("A heavy film"),
        _(
            "Its lightest file is more than 100 MB. Learners are offered the lighter copy that is named here. Without "
            "one, add a file of a lower quality or cut the film."
        ),
    ),
    "film-in-parts": (
        _("A film in parts (HLS)"),
        _(
            "It plays as it is. There is no lighter copy of it, it cannot be taken along without a network, and its "
            "playing time is not counted. A single MP4 file has all three."
        ),
    ),
    "video-also-elsewhere": (
        _("A video that names another host too"),
        _("The course's own file is played; the other address is not asked."),
    ),
    "link-out-of-reach": (
        _("A link that schools cannot follow"),
        _("The page loads without it. Say in words what stands there, or link to another place."),
    ),
}
HOST_WORDS: dict[str, Any] = {
    hosts.VIDEO: _("video site"),
    hosts.GOOGLE: _("Google"),
    hosts.CDN: _("script or font library (CDN)"),
    hosts.SOCIAL: _("social network"),
    hosts.OPEN_EDX: _("Open edX"),
    hosts.STORE: _("file store"),
    hosts.ELSEWHERE: _("another host"),
}
OFFLINE_WORDS: dict[str, tuple[str, Any]] = {
    Offline.ALL.value: ("done", _("Works without a network")),
    Offline.READING.value: ("info", _("Opens without a network, is not answered")),
    Offline.NOT_ALL.value: ("warn", _("Needs a network")),
}


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as the page shows it."""

    code: str
    title: Any
    advice: Any
    block_name: str
    usage_id: str
    notes: tuple[str, ...]  # files, addresses, or why
    more: int


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit's weight as the page shows it; sizes are bytes."""

    name: str
    page: int
    text: int
    pictures: int
    other: int
    offered: int
    films: tuple[tuple[Any, int], ...]  # quality or name, size
    film_least: int
    film_most: int
    tone: str
    offline: Any
    why: tuple[Any, ...]


def chosen(report: Report, severity: str) -> list[Finding]:
    """Return the findings of one severity, those of one kind together, in the order of the course."""
    codes = list(linting.SEVERITIES)
    found = [finding for finding in report.findings if finding.severity.value == severity]
    return sorted(found, key=lambda finding: codes.index(finding.code))  # a stable sort


def lines(found: Iterable[Finding], copies: Copies) -> list[FindingLine]:
    """Return findings as the page shows them; beside a heavy film stands the copy that learners are offered."""
    return [_line(finding, copies) for finding in found]


def _line(finding: Finding, copies: Copies) -> FindingLine:
    title, advice = WORDS[finding.code]
    reason = finding.code in ("refused", "placeholder")
    notes = tuple(sentence(name) if reason else _with_host(name) for name in finding.names)
    if finding.code == "film-heavy":
        notes = tuple(_with_copy(name, copies) for name in finding.names)
    return FindingLine(
        code=finding.code,
        title=title,
        advice=advice,
        block_name=finding.block_name or finding.usage_id,
        usage_id=finding.usage_id,
        notes=notes,
        more=finding.count - len(finding.names),
    )


def _with_host(name: str) -> str:
    host = hosts.host_of(name)
    return f"{name} ({HOST_WORDS[hosts.kind_of(host)]})" if host else name


def _with_copy(name: str, copies: Copies) -> str:
    made = copies.get(name)
    return f"{name} ({made[0].label}: {file_size(made[0].size)})" if made else name


def unit_lines(units: Iterable[UnitWeight], copies: Copies) -> list[UnitLine]:
    """Return units as the page shows them: films weigh what learners fetch, which is a lighter copy where one is."""
    return [_unit_line(unit, copies) for unit in units]


def _fetched(films: tuple[Film, ...], copies: Copies) -> list[tuple[Any, int]]:
    """Return what one video offers, the lightest first: its copies, and its files as they were uploaded."""
    made = [(copy.label, copy.size) for film in films for copy in copies.get(film.name, ())]
    given = [(film.quality or film.name.rpartition("/")[2], film.size) for film in films]
    return sorted([*made, *given[: limits.NAMES_IN_A_FINDING]], key=lambda entry: entry[1])


def _unit_line(unit: UnitWeight, copies: Copies) -> UnitLine:
    fetched = [_fetched(films, copies) for films in unit.films]
    tone, word = OFFLINE_WORDS[unit.offline.value]
    return UnitLine(
        name=unit.name or unit.usage_id,
        page=unit.page_bytes,
        text=unit.text_bytes,
        pictures=unit.picture_bytes,
        other=unit.other_bytes,
        offered=sum(unit.offered.values()),
        films=tuple(entry for entries in fetched for entry in entries),
        film_least=sum(entries[0][1] for entries in fetched),
        film_most=sum(entries[-1][1] for entries in fetched),
        tone=tone,
        offline=word,
        why=tuple(WORDS[code][0] for code in sorted(unit.hinders)) or tuple(sorted(unit.on_line)),
    )
