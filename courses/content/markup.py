"""What a piece of an author's HTML would load, link to and leave out. Pure; never raises, whatever the text is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from courses.content import hosts

SCRIPT, STYLE, FRAME, MEDIA, FORM = "script", "style", "frame", "media", "form"

_FRAMES = {"iframe": ("src",), "frame": ("src",), "embed": ("src",), "object": ("data",)}
_MEDIA_ATTRIBUTES = ("src", "poster", "background", "lowsrc", "dynsrc", "html_file")
_SVG_REFERENCES = frozenset({"image", "use", "feimage"})
_LOADING_RELS = frozenset(
    {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "manifest", "apple-touch-icon", "import"}
)
_CSS_ADDRESS = re.compile(r"""(?:url\(\s*|@import\s+)["']?\s*([^"'()\s;]{3,2000})""", re.IGNORECASE)
_SCRIPT_ADDRESS = re.compile(r"""["'`]((?:https?:)?//[A-Za-z0-9][^"'`\s<>]{2,300})""")
_JUMP = re.compile(r"""/jump_to_id/([^"'?#/\s<>&]+)""")
_MARKDOWN_IMAGE = re.compile(r"!\[([^\]]{0,300})\]\(\s*([^()\s]{1,1000})")
NESTED_MAX = 3  # pages in the srcdoc of a frame in the srcdoc of a frame


@dataclass(slots=True)
class Markup:
    """What was found in one text."""

    loads: list[tuple[str, str]] = field(default_factory=list)  # (what loads it, foreign address)
    links: list[str] = field(default_factory=list)  # foreign addresses that one may follow
    offered: set[str] = field(default_factory=set)  # own addresses behind links: not loaded with the page
    without_alt: list[str] = field(default_factory=list)  # addresses of pictures
    without_captions: list[str] = field(default_factory=list)  # addresses of <video>
    ids: list[str] = field(default_factory=list)
    jumps: set[str] = field(default_factory=set)  # url_names that links of the course lead to
    script_hosts: list[str] = field(default_factory=list)  # addresses that a script names: it may load them


def read(text: str) -> Markup:
    """Return what a text of HTML or of a problem would load and what it lacks."""
    found = Markup()
    _read(text, found, 0)
    return found


def _read(text: str, found: Markup, depth: int) -> None:
    found.jumps.update(_JUMP.findall(text))
    for alternative, address in _MARKDOWN_IMAGE.findall(text):
        _note(found, MEDIA, address)
        if not alternative.strip():
            found.without_alt.append(address)
    if "<" not in text:
        return
    for element in _elements(text):
        _look_at(element, found, depth)


def _elements(text: str) -> Iterator[etree._Element]:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, recover=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is not None:
        yield from root.iter(etree.Element)


def _look_at(element: etree._Element, found: Markup, depth: int) -> None:
    tag = str(element.tag).lower()
    given = {str(name).lower(): str(value) for name, value in element.attrib.items()}
    if "id" in given and given["id"].strip():
        found.ids.append(given["id"].strip())
    for address in _CSS_ADDRESS.findall(given.get("style", "")):
        _note(found, STYLE, address)
    _look_at_loads(tag, given, found)
    if tag in ("script", "style"):
        _look_at_code(tag, given, element.text or "", found)
    elif tag in ("a", "area"):
        _look_at_link(given, found)
    elif tag == "img" and "alt" not in given and given.get("role") != "presentation" and "aria-hidden" not in given:
        found.without_alt.append(given.get("src", ""))
    elif tag == "video" and not any(
        child.get("kind", "subtitles") in ("captions", "subtitles") for child in element.iter("track")
    ):
        found.without_captions.append(given.get("src", ""))
    if "srcdoc" in given and depth < NESTED_MAX:
        _read(given["srcdoc"], found, depth + 1)


def _look_at_loads(tag: str, given: dict[str, str], found: Markup) -> None:
    if tag in _FRAMES:
        for name in _FRAMES[tag]:
            _note(found, FRAME, given.get(name, ""))
        return
    if tag == "link":
        if _LOADING_RELS & set(given.get("rel", "").lower().split()):
            _note(found, STYLE, given.get("href", ""))
        return
    if tag == "form":
        _note(found, FORM, given.get("action", ""))
        return
    for name in _MEDIA_ATTRIBUTES:
        _note(found, SCRIPT if tag == "script" else MEDIA, given.get(name, ""))
    for part in given.get("srcset", "").split(","):
        _note(found, MEDIA, part.strip().partition(" ")[0])
    if tag in _SVG_REFERENCES:
        _note(found, MEDIA, given.get("xlink:href") or given.get("href", ""))


def _look_at_code(tag: str, given: dict[str, str], text: str, found: Markup) -> None:
    if tag == "style":
        for address in _CSS_ADDRESS.findall(text):
            _note(found, STYLE, address)
    elif "python" not in given.get("type", "").lower():  # a problem's own script runs on the server
        found.script_hosts += [address for address in _SCRIPT_ADDRESS.findall(text) if hosts.host_of(address)]


def _look_at_link(given: dict[str, str], found: Markup) -> None:
    address = given.get("href", "")
    if hosts.host_of(address):
        found.links.append(address)
    elif address:
        found.offered.add(address)


def _note(found: Markup, what: str, address: str) -> None:
    if address and hosts.host_of(address):
        found.loads.append((what, address))
