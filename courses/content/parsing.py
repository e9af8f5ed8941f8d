"""From a node of OLX to the fields of its block, through the block's own class (`parse_xml`) and a small runtime."""

import copy
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lxml import etree
from opaque_keys.edx.locator import BlockUsageLocator, CourseLocator
from xblock.field_data import DictFieldData
from xblock.fields import Scope, ScopeIds
from xblock.runtime import Runtime

from courses.content import rules
from courses.content.blocktypes import COMPOSITES, FILED_LEAVES, UnknownBlockType, load_block_class
from courses.content.olx import ASIDE_FAMILY, FAMILY, Node, is_block

log = logging.getLogger(__name__)

# Fields that ancestors give to their descendants (edx-platform's InheritanceMixin).
INHERITABLE = frozenset(
    {
        "days_early_for_beta",
        "due",
        "format",
        "graceperiod",
        "graded",
        "group_access",
        "hide_from_toc",
        "max_attempts",
        "rerandomize",
        "self_paced",
        "show_correctness",
        "show_reset_button",
        "showanswer",
        "start",
        "static_asset_path",
        "submission_wait_seconds",
        "use_latex_compiler",
        "visible_to_staff_only",
    }
)
# Text even when it looks like a number or a date: JSON would take a course called 2024 for an integer.
TEXTS = frozenset(
    {"display_name", "format", "start", "due", "language", "course_image", "org", "course", "graceperiod"}
)
# True or false however they are written: a text "False" would hide what it says is shown.
TRUTHS = frozenset(
    {"graded", "hide_from_toc", "self_paced", "show_reset_button", "use_latex_compiler", "visible_to_staff_only"}
)
NOT_FIELDS = frozenset({"url_name", "filename", "slug", FAMILY})
KEY = CourseLocator("guixue", "import", "course")  # blocks want a key while they are parsed; it is stored nowhere


class CannotParse(ValueError):
    """The block's class does not accept its definition."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a block's own class made of its definition."""

    fields: dict[str, dict[str, Any]]
    has_score: bool


def structure_fields(element: etree._Element, policy: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a container's fields: its attributes read as JSON where they are, overruled by the policy."""
    said = {name: _truth(name, value) for name, value in policy.items()}
    return {"settings": {**_attributes(element), **said}, "content": {}}


def parse_leaf(node: Node, *, root: Path, policies: Mapping[str, dict[str, Any]]) -> Parsed:
    """Return the fields that the block's class reads from its definition.

    UnknownBlockType when no class is installed, CannotParse when the class refuses the definition.
    """
    block_class = load_block_class(node.tag)
    runtime = ImportRuntime(root, policies)
    key = BlockUsageLocator(KEY, node.tag, node.url_name)
    try:
        block = runtime.mixologist.mix(block_class).parse_xml(_bare(node), runtime, ScopeIds(None, node.tag, key, key))
        fields = _fields_of(block)
        if node.html is not None:
            fields["content"]["data"] = node.html
        if not rules.is_storable(fields):
            raise CannotParse("a field holds NaN, infinity or NUL")
    except UnknownBlockType as error:  # a child element that is no block
        raise CannotParse(str(error)) from error
    except Exception as error:
        log.info("%s cannot be parsed: %s", node.usage_id, type(error).__name__)
        raise CannotParse(f"{type(error).__name__}: {error}"[:400]) from error
    for name, value in _attributes(node.element).items():
        if name in INHERITABLE:
            fields["settings"].setdefault(name, value)
    return Parsed(fields=fields, has_score=bool(getattr(block, "has_score", False)))


def own_settings(node: Node) -> dict[str, Any]:
    """Return a leaf's attributes as settings, for a block that no class reads."""
    return _attributes(node.element)


def _attributes(element: etree._Element) -> dict[str, Any]:
    pairs = ((str(name), str(text)) for name, text in element.attrib.items())
    return {name: _value(name, text) for name, text in pairs if name not in NOT_FIELDS}


def _value(name: str, text: str) -> Any:
    """Read an attribute as the JSON that exports write, or as the plain text that people write."""
    if name in TRUTHS:
        return _truth(name, text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not rules.is_storable(value):
        return text
    if name in TEXTS and not isinstance(value, str | None):
        return text
    return value


def _truth(name: str, value: Any) -> Any:
    """Return whether something holds as XBlock's Boolean reads it: "true" in any case and nothing else of a text."""
    if name in TRUTHS and isinstance(value, str):
        return value.strip().lower() == "true"
    return value


def _bare(node: Node) -> etree._Element:
    """Return a copy of the definition that parse_xml may change: no asides, no child blocks, no sign of a pointer."""
    element = copy.deepcopy(node.element)
    for child in list(element):
        aside = isinstance(child.tag, str) and child.get(FAMILY) == ASIDE_FAMILY
        if aside or (node.tag in COMPOSITES and is_block(child)):
            element.remove(child)
    element.attrib.pop(FAMILY, "")
    element.attrib.pop("filename", "")  # an html text is read by the importer, with its checks
    if node.tag in FILED_LEAVES and node.tag != "discussion":
        element.set("x-is-pointer-node", "no")  # LegacyXmlMixin, and no other, knows this mark
    else:
        element.attrib.pop("url_name", "")  # no field of a plain XBlock, which would warn
    return element


def _fields_of(block: Any) -> dict[str, dict[str, Any]]:
    """Return the authored fields that are set, as JSON, by scope."""
    found: dict[str, dict[str, Any]] = {"settings": {}, "content": {}}
    for name, field in block.fields.items():
        if name in {"xml_attributes", "parent", "children"} or field.scope not in (Scope.settings, Scope.content):
            continue
        if field.is_set_on(block):
            found["settings" if field.scope == Scope.settings else "content"][name] = field.read_json(block)
    unknown = {name: value for name, value in dict(getattr(block, "xml_attributes", {})).items() if name != "filename"}
    if unknown:  # attributes that are no fields, a film's poster for instance
        found["settings"]["xml_attributes"] = unknown
    return found


class _CheckedFiles:
    """The few calls of pyfilesystem that blocks make while they are parsed; reads the checked folder only."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def exists(self, path: str) -> bool:
        return ".." not in str(path).split("/") and (self.root / str(path).lstrip("/")).is_file()

    def open(self, path: str, mode: str = "r", encoding: str = "utf-8", **_ignored: Any) -> IO[Any]:
        if not self.exists(path) or "r" not in mode:
            raise FileNotFoundError(path)
        full = self.root / str(path).lstrip("/")
        return full.open("rb") if "b" in mode else full.open(encoding=encoding)


class _Ids:
    """Ids that follow from type and url_name alone (courses.md §4.6: else the default YouTube video shows)."""

    target_course_id = None

    def create_definition(self, block_type: str, slug: str | None = None) -> BlockUsageLocator:
        return BlockUsageLocator(KEY, block_type, slug or "unnamed")

    def create_usage(self, def_id: BlockUsageLocator) -> BlockUsageLocator:
        return def_id


class ImportRuntime(Runtime):
    """A runtime that can build blocks and nothing else; what it is given is forgotten after the parse."""

    def __init__(self, root: Path, policies: Mapping[str, dict[str, Any]]) -> None:
        super().__init__(id_reader=None, id_generator=_Ids(), services={"field-data": DictFieldData({})})
        self.resources_fs = _CheckedFiles(root)
        self.policies = policies

    def load_block_type(self, block_type: str) -> Any:
        """Return the class for an OLX tag through the alias table."""
        return load_block_class(block_type)

    def construct_xblock_from_class(
        self, cls: Any, scope_ids: ScopeIds, field_data: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Build a block with field data of its own."""
        data = DictFieldData({}) if field_data is None else field_data
        return super().construct_xblock_from_class(cls, scope_ids, data, *args, **kwargs)

    def add_node_as_child(self, block: Any, node: etree._Element) -> None:
        """Refuse child blocks of leaves: none of the supported ones has any, and unknown ones are kept as text."""
        raise CannotParse(f"<{node.tag}> inside <{block.scope_ids.block_type}>")

    def get_policy(self, usage_id: BlockUsageLocator) -> dict[str, Any]:
        """Return what policy.json says about a block."""
        return self.policies.get(f"{usage_id.block_type}/{usage_id.block_id}", {})

    def parse_asides(self, *_args: Any) -> list[Any]:
        """Return nothing: aside nodes stay in the stored element and go out with it."""
        return []

    def error_tracker(self, message: str) -> None:
        """Take a block's warning about its own definition."""
        log.info("while parsing: %s", message)

    def handler_url(self, *_args: Any, **_kwargs: Any) -> str:
        """Return nothing: no learner is here."""
        return ""

    def local_resource_url(self, *_args: Any, **_kwargs: Any) -> str:
        """Return nothing: no learner is here."""
        return ""

    def resource_url(self, *_args: Any, **_kwargs: Any) -> str:
        """Return nothing: no learner is here."""
        return ""

    def publish(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: no learner is here."""
