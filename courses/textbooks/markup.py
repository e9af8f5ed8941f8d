"""An author's HTML as a page without a network: own files beside it, no scripts, nothing of another host. Pure."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml import html as lxml_html

STATIC = re.compile(r"^\s*/?static/(?P<path>[^?#]+)")
STUDIO = re.compile(r"^\s*/?(?:asset-v1:[^/]*block@|c4x/[^/]+/[^/]+/asset/)(?P<path>[^?#]+)")
JUMP = re.compile(r"^\s*/jump_to_id/(?P<name>[^?#/]+)")
STYLE_ADDRESS = re.compile(r"""(?P<before>url\(\s*["']?)(?P<address>[^"')\s]+)""")
DROPPED = frozenset({"script", "noscript", "link", "meta", "base", "template", "style"})
FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
ACTIVE = (
    ".html",
    ".htm",
    ".xhtml",
    ".shtml",
    ".svg",
    ".xml",
    ".js",
    ".mjs",
    ".mhtml",
)  # would run a script when opened
LOADING = ("src", "poster", "background", "data")


@dataclass(slots=True)
class Shown:
    """What became of a text: the markup, and what of it needs a network."""

    markup: str = ""
    needs_network: list[str] = field(default_factory=list)  # addresses that the text would load or embed


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie in the pack: a file of the course by its path, a unit's page by a block's name; "" for none."""

    file: Callable[[str], str]
    page: Callable[[str], str]
    embedded: str  # what is said before the address of something that needs a network


def shown(text: str, places: Places) -> Shown:
    """Return the text as it stands in a pack. What cannot be read as HTML is shown as it was typed."""
    found = Shown()
    if not text.strip():
        return found
    try:
        root = lxml_html.fragment_fromstring(text, create_parent="div")
    except (etree.LxmlError, ValueError):
        found.markup = f"<p>{html.escape(text)}</p>"
        return found
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            _drop(element)
        elif element.tag in DROPPED:
            element.drop_tree()
        elif element is not root:
            _settle(element, places, found)
    found.markup = lxml_html.tostring(root, encoding="unicode")
    return found


def file_named(address: str) -> str:
    """Return the path of the course's file that an address names, "" for any other address."""
    match = STATIC.match(address) or STUDIO.match(address)
    path = unquote(match["path"]) if match else ""
    return "" if ".." in path.split("/") else path


def document_named(address: str) -> str:
    """Return the path of a file of the course that may be opened as a page of its own, "" for others.

    Only the pack's own pages forbid scripts, so what could bring some is shown as a picture or not at all.
    """
    path = file_named(address)
    return "" if path.lower().endswith(ACTIVE) else path


def _drop(element: etree._Element) -> None:
    """Remove a comment or instruction and keep what follows it."""
    parent, tail = element.getparent(), element.tail
    if parent is None:
        return
    before = element.getprevious()
    parent.remove(element)
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail


def _settle(element: etree._Element, places: Places, found: Shown) -> None:
    for name in [name for name in element.attrib if str(name).lower().startswith("on") or name == "srcset"]:
        del element.attrib[name]
    if element.tag in FRAMES:
        _unframe(element, places, found)
        return
    for name in LOADING:
        if name in element.attrib:
            _load(element, name, places, found)
    if "style" in element.attrib:
        element.attrib["style"] = _styled(str(element.attrib["style"]), places)
    if "href" in element.attrib:
        _lead(element, places)


def _load(element: etree._Element, name: str, places: Places, found: Shown) -> None:
    address = str(element.attrib[name])
    if address.startswith("data:image/"):
        return
    place = places.file(file_named(address))
    if place:
        element.attrib[name] = place
        return
    del element.attrib[name]
    if urlsplit(address.strip()).netloc:
        found.needs_network.append(address.strip())


def _lead(element: etree._Element, places: Places) -> None:
    address = str(element.attrib["href"]).strip()
    jump = JUMP.match(address)
    place = places.page(unquote(jump["name"])) if jump else places.file(document_named(address))
    if place:
        element.attrib["href"] = place
    elif urlsplit(address).scheme not in {"http", "https", "mailto"} and not address.startswith("#"):
        del element.attrib["href"]  # a page of the platform, which is not here


def _unframe(element: etree._Element, places: Places, found: Shown) -> None:
    """Put a link where a frame was: a document of the course, or an address that needs a network."""
    address = str(element.attrib.get(FRAMES[str(element.tag)], "")).strip()
    place = places.file(document_named(address))
    tail = element.tail
    for child in list(element):
        element.remove(child)
    element.attrib.clear()
    element.tag, element.text, element.tail = "p", "", tail
    link = etree.SubElement(element, "a")
    if place:
        link.attrib["href"], link.text = place, file_named(address)
    elif urlsplit(address).scheme in {"http", "https"}:
        element.text, link.text = places.embedded, address
        link.attrib["href"] = address
        found.needs_network.append(address)
    else:
        element.remove(link)
        found.needs_network.append(address)


def _styled(style: str, places: Places) -> str:
    def moved(match: re.Match[str]) -> str:
        return match["before"] + (places.file(file_named(match["address"])) or "about:blank")

    return STYLE_ADDRESS.sub(moved, style)
