"""Reading the tree of an OLX course from a checked folder, in every layout that is about (courses.md §4.6).

Pointer files (`<problem url_name="x"/>` → problem/x.xml), trees written inline, and mixtures of both give the same
tree of nodes. Each node keeps its own element, with its children as pointers: that is what is stored and exported.
"""

import copy
import hashlib
import os
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from lxml import etree

from courses.content import limits, xmlsafe
from courses.content.blocktypes import COMPOSITES, CONTAINERS, FILED_LEAVES, NOT_BLOCKS
from edu.kernel.errors import Refusal

_NOT_IN_URL_NAME = re.compile(r"[^\w\-~.:]")  # what opaque-keys refuses in a block id
_NOT_IN_TAG = re.compile(r"[^\w\-]")
FAMILY = "xblock-family"
ASIDE_FAMILY = "xblock_asides.v1"


@dataclass(frozen=True, slots=True)
class Change:
    """Something the import did to the course besides reading it; every one is reported."""

    code: str  # see courses/content/reasons.py
    usage_id: str
    detail: str = ""


@dataclass(slots=True)
class Node:
    """One block as it stands in the course: its element without its children's definitions."""

    tag: str
    url_name: str
    element: etree._Element
    children: "list[Node]" = field(default_factory=list)
    html: str | None = None  # the text of html/<filename>.html, when the definition points to one
    broken: str = ""  # reason code with detail, when the definition could not be read
    raw: str = ""  # the text of a broken definition

    @property
    def usage_id(self) -> str:
        """Return the id that names this block in every version of its course."""
        return f"{self.tag}@{self.url_name}"

    def walk(self) -> "Iterator[Node]":
        """Yield this node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class CourseTree:
    """A whole course as read: its root and what was changed on the way."""

    root: Node
    run: str
    org: str
    course: str
    changes: list[Change]
    used_files: set[str]


def read_tree(root: Path) -> CourseTree:
    """Read the tree below course.xml; a Refusal when its structure cannot be read whole."""
    return _Reader(root).read()


def read_block(element: etree._Element, taken: Iterable[str]) -> tuple[Node, list[Change]]:
    """Read one block with all that is written inside it; `taken` are usage ids that it may not claim again.

    There is no folder: a pointer to a file that is not there becomes a broken node, as in `read_tree`.
    """
    reader = _Reader(Path(os.devnull))
    reader.seen = dict.fromkeys(taken, "")
    node = reader.node(element, parent=uuid.uuid4().hex, position=0, above=(), where=str(element.tag))
    return node, reader.changes


class _Reader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.changes: list[Change] = []
        self.used: set[str] = {"course.xml"}
        self.seen: dict[str, str] = {}

    def read(self) -> CourseTree:
        try:
            element = self._file("course.xml")
        except xmlsafe.BrokenXml as error:
            raise _broken_structure("course.xml", str(error)) from None
        if element is None or element.tag != "course":
            raise Refusal("no-course", _("course.xml does not describe a course. Export the course from Studio again."))
        org, number = element.get("org") or "", element.get("course") or ""
        node = self.node(element, parent="", position=0, above=(), where="course.xml")
        return CourseTree(node, node.url_name, org, number, self.changes, self.used)

    def _file(self, path: str) -> etree._Element | None:
        """Return a definition file's root element, or None when there is no such file."""
        full = self.root / path
        if not _is_there(full):
            return None
        self.used.add(path)
        return xmlsafe.xml_of(xmlsafe.read_bytes(full, path, limits.XML_BYTES_MAX), path)

    def node(self, element: etree._Element, *, parent: str, position: int, above: tuple[str, ...], where: str) -> Node:
        """Return a block with all below it; `above` are the blocks around it, `where` the file it stands in."""
        tag = str(element.tag)
        if _NOT_IN_TAG.search(tag) or len(tag) > limits.TAG_CHARACTERS_MAX:
            raise Refusal(
                "bad-tag",
                _("%(where)s holds <%(tag)s>, which names no block type. Remove it.")
                % {"where": where, "tag": tag[: limits.TAG_CHARACTERS_MAX]},
            )
        authored, url_name = self._url_name(element, tag, parent, position)
        node = Node(tag=tag, url_name=url_name, element=element)
        self._claim(node, above, where)
        where = self._resolve(node, authored, where)
        if tag in CONTAINERS | COMPOSITES and not node.broken:
            self._children(node, above, where)
        elif tag == "html" and not node.broken:
            self._html(node, authored)
        return node

    def _url_name(self, element: etree._Element, tag: str, parent: str, position: int) -> tuple[str, str]:
        """Return the name as authored (where files are found) and as kept; a missing one is made from its place."""
        authored = element.get("url_name") or ""
        if not authored:
            made = hashlib.sha256(f"{parent}/{tag}/{position}".encode()).hexdigest()[:20]
            self.changes.append(Change("url-name-made", f"{tag}@{made}"))
            return made, made
        kept = _NOT_IN_URL_NAME.sub("_", authored)[: limits.URL_NAME_CHARACTERS_MAX]
        if kept != authored:
            self.changes.append(Change("url-name-cleaned", f"{tag}@{kept}", authored[:200]))
        return authored, kept

    def _claim(self, node: Node, above: tuple[str, ...], where: str) -> None:
        """Take the node's name in the course; a Refusal for circles, twins, too much depth and too many blocks."""
        if node.usage_id in above:
            raise Refusal(
                "cyclic",
                _("%(block)s contains itself (seen in %(where)s). Remove the inner one.")
                % {"block": node.usage_id, "where": where},
                {"block": node.usage_id},
            )
        if node.usage_id in self.seen:
            raise Refusal(
                "url-name-twice",
                _("%(block)s stands twice in the course, in %(first)s and in %(second)s. Give one another url_name.")
                % {"block": node.usage_id, "first": self.seen[node.usage_id], "second": where},
                {"block": node.usage_id},
            )
        if len(above) >= limits.TREE_DEPTH_MAX:
            raise Refusal(
                "tree-too-deep",
                _("Blocks are nested more than %(limit)s deep. Move the inner ones up and import again.")
                % {"limit": limits.TREE_DEPTH_MAX},
            )
        self.seen[node.usage_id] = where
        if len(self.seen) > limits.BLOCKS_MAX:
            raise Refusal(
                "too-many-blocks",
                _("The course has more than %(limit)s blocks. Split it into two courses.")
                % {"limit": limits.BLOCKS_MAX},
            )

    def _resolve(self, node: Node, authored: str, where: str) -> str:
        """Follow a pointer to its definition file; returns the file the definition stands in."""
        path = f"{node.tag}/{authored.replace(':', '/')}.xml"
        if not _is_pointer(node.element) or ".." in path.split("/"):
            self._keep_name(node)
            return where
        structural = node.tag in CONTAINERS
        try:
            found = self._file(path)
        except xmlsafe.BrokenXml as error:
            if structural:
                raise _broken_structure(path, str(error)) from None
            node.broken = f"bad-xml: {error}"[:500]
            node.raw = (self.root / path).read_text("utf-8")
            self._keep_name(node)
            return path
        if found is not None:
            for name, value in node.element.attrib.items():  # the pointer of a course carries org and course
                if name not in found.attrib:
                    found.set(name, value)
            node.element = found
        elif node.tag == "html" and _is_there(self.root / f"html/{authored.replace(':', '/')}.html"):
            node.element.set("filename", authored.split(":")[-1])
        elif (structural and len(self.seen) > 1) or node.tag in FILED_LEAVES:
            node.broken = f"no-file: {path}"
        self._keep_name(node)
        return path if found is not None else where

    def _keep_name(self, node: Node) -> None:
        node.element.tail = None
        if node.element.tag != node.tag:  # video/x.xml whose root is <problem>
            node.broken = f"wrong-tag: {node.element.tag}"[:500]
        node.element.set("url_name", node.url_name)

    def _children(self, node: Node, above: tuple[str, ...], where: str) -> None:
        """Read the child blocks, and leave a pointer in the place of each."""
        counts: dict[str, int] = {}
        for child in list(node.element):
            if not is_block(child):
                continue
            tag = str(child.tag)
            counts[tag] = counts.get(tag, 0) + 1
            own = copy.deepcopy(child)
            own.tail = None
            below = self.node(
                own, parent=node.usage_id, position=counts[tag], above=(*above, node.usage_id), where=where
            )
            pointer = etree.Element(tag, url_name=below.url_name)
            pointer.tail = child.tail
            node.element.replace(child, pointer)
            node.children.append(below)

    def _html(self, node: Node, authored: str) -> None:
        """Read the text of an html block whose definition names a file beside it."""
        filename = node.element.get("filename")
        if filename is None:
            if len(etree.tostring(node.element)) > limits.HTML_BYTES_MAX:
                raise xmlsafe.too_long(node.usage_id, limits.HTML_BYTES_MAX)
            return
        folder = f"html/{authored.replace(':', '/')}".rpartition("/")[0]
        for path in (f"{folder}/{filename}.html", f"html/{filename}.html", f"html/{filename}", f"html/{filename}.xml"):
            full = self.root / path
            if ".." not in path.split("/") and _is_there(full):
                self.used.add(path)
                node.html = xmlsafe.text_of(xmlsafe.read_bytes(full, path, limits.HTML_BYTES_MAX), path)
                return
        node.broken = f"no-file: {folder}/{filename}.html"[:500]


def _is_there(path: Path) -> bool:
    """True for a file; a name that is longer than any file's names none."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_block(element: etree._Element) -> bool:
    """True for a child element that is a block: no comment, no aside, no field, no note of the container."""
    if not isinstance(element.tag, str) or etree.QName(element).namespace:
        return False
    return element.tag not in NOT_BLOCKS and element.get(FAMILY) != ASIDE_FAMILY


def _is_pointer(element: etree._Element) -> bool:
    names = {str(name) for name in element.attrib} - {FAMILY}
    allowed = {"url_name", "org", "course"} if element.tag == "course" else {"url_name"}
    has_text = bool((element.text or "").strip())
    return "url_name" in names and names <= allowed and len(element) == 0 and not has_text


def _broken_structure(path: str, error: str) -> Refusal:
    return Refusal(
        "structure-broken",
        _("%(path)s is not well-formed XML, and the course's structure hangs on it: %(error)s. Mend that line.")
        % {"path": path, "error": error},
        {"path": path},
    )
