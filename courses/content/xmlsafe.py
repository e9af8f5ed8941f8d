"""Reading text, JSON and XML that strangers wrote: UTF-8 only, no DTD, no entities, no network, no depth tricks."""

import json
import re
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from courses.content import limits, rules
from edu.kernel.errors import Refusal

# What may stand before the root element, besides a DTD: declaration, comments, processing instructions.
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ENCODING = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BOM = b"\xef\xbb\xbf"
# What XML 1.0 §2.2 has no place for. Word and PowerPoint paste their soft line breaks as vertical tabs.
_SOFT_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NO_CHARACTERS = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class BrokenXml(ValueError):
    """The text is not well-formed XML; says line and what is wrong."""


def writable(text: str, line_break: str = "\n") -> str:
    """Return a text without the characters that XML cannot hold; line breaks of any kind become `line_break`."""
    return _NO_CHARACTERS.sub("", _SOFT_BREAKS.sub(line_break, text))


def read_bytes(path: Path, name: str, limit: int) -> bytes:
    """Return a file's bytes; a Refusal when it is longer than `limit`."""
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise too_long(name, limit)
    return data


def too_long(name: str, limit: int) -> Refusal:
    """Return the refusal of a text that no learner's line could load."""
    return Refusal(
        "text-too-long",
        _("%(name)s is longer than %(limit)s KB. Split it into several blocks, and move pictures in it to files.")
        % {"name": name, "limit": limit // 1024},
        {"name": name},
    )


def text_of(data: bytes, name: str) -> str:
    """Return UTF-8 text without a byte-order mark; a Refusal otherwise."""
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(
            "not-utf8",
            _("%(name)s is not UTF-8 (byte %(position)s). Save it as UTF-8 and pack the course again.")
            % {"name": name, "position": error.start},
            {"name": name},
        ) from None
    if "\0" in text:
        raise Refusal("not-text", _("%(name)s holds binary data where text is due. Replace the file.") % {"name": name})
    return text


def json_of(path: Path, name: str) -> dict[str, Any]:
    """Return a JSON object from a file; a Refusal when it is none."""
    text = text_of(read_bytes(path, name, limits.JSON_BYTES_MAX), name)
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal(
            "bad-json", _("%(name)s is not valid JSON: %(error)s. Mend it.") % {"name": name, "error": str(error)[:200]}
        ) from None
    if not isinstance(value, dict) or not rules.is_storable(value):
        raise Refusal(
            "bad-json",
            _("%(name)s must hold one JSON object without NaN, infinity or NUL. Mend it.") % {"name": name},
        )
    return value


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def xml_of(data: bytes, name: str) -> etree._Element:
    """Return the root element; a Refusal for a DTD, an entity or an encoding, BrokenXml when it is not well-formed."""
    data = text_of(data, name).encode("utf-8")
    _refuse_encoding(data, name)
    prolog = _PROLOG.match(data)
    if prolog is not None and data[prolog.end() : prolog.end() + 9].upper() == b"<!DOCTYPE":
        raise Refusal(
            "has-dtd",
            _("%(name)s declares a document type. Entities and external files are not taken: remove the DOCTYPE.")
            % {"name": name},
            {"name": name},
        )
    try:
        root = etree.fromstring(data, parser=_parser())
    except etree.XMLSyntaxError as error:
        raise BrokenXml(str(error)[:300]) from None
    if root.getroottree().docinfo.internalDTD is not None:  # the second assertion of the same rule
        raise Refusal("has-dtd", _("%(name)s declares a document type: remove it.") % {"name": name}, {"name": name})
    _refuse_depth(root, name)
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_blank_text=False,  # a blank between two inline elements is a word's border
        strip_cdata=False,
        encoding="utf-8",
    )


def _refuse_encoding(data: bytes, name: str) -> None:
    declared = _ENCODING.match(data)
    if declared and declared.group(1).lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}:
        raise Refusal(
            "not-utf8",
            _("%(name)s says it is %(encoding)s. Save it as UTF-8 and pack the course again.")
            % {"name": name, "encoding": declared.group(1).decode("ascii")},
            {"name": name},
        )


def _refuse_depth(root: etree._Element, name: str) -> None:
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limits.XML_DEPTH_MAX:
            raise Refusal(
                "xml-too-deep",
                _("%(name)s nests elements more than %(limit)s deep. Flatten it.")
                % {"name": name, "limit": limits.XML_DEPTH_MAX},
            )
