"""Blocks that open a registered tool (LTI 1.3): between the element, the form, and what was chosen at the tool."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lxml import etree

from courses.authoring.models import DraftBlock
from courses.catalogue.models import Course
from courses.content import xmlsafe
from courses.lti import access as lti
from courses.lti.models import Tool
from courses.runtime.lti import VERSION_13

TAG = "lti_consumer"
ATTRIBUTES = ("display_name", "lti_version", "lti_id", "lti_1p3_launch_url", "custom_parameters", "has_score", "weight")


def is_registered(row: DraftBlock) -> bool:
    """True for a block that names a registered tool; others (LTI 1.1) have addresses and keys of their own."""
    return bool(settings_of(row).get("lti_version") == VERSION_13)


def settings_of(row: DraftBlock) -> dict[str, Any]:
    """Return the settings of a block."""
    found: dict[str, Any] = row.fields.get("settings", {})
    return found


def choices(course: Course, row: DraftBlock | None) -> list[tuple[str, str]]:
    """Return the tools that a block may open, and the one it names though it is registered no longer."""
    found = [(tool.client_id, tool.name) for tool in lti.tools_for_units(course.institution_id)]
    named = str(settings_of(row).get("lti_id") or "") if row else ""
    return found if not named or named in dict(found) else [*found, (named, named)]


def tool_of(course: Course, row: DraftBlock) -> Tool | None:
    """Return the registered tool that a block opens, or None."""
    named = str(settings_of(row).get("lti_id") or "")
    return next((tool for tool in lti.tools_for_units(course.institution_id) if tool.client_id == named), None)


def offers(course: Course) -> bool:
    """True when content can be chosen at one of the tools that units of the course may open."""
    return any(tool.choosing_url for tool in lti.tools_for_units(course.institution_id))


def picks(course: Course, row: DraftBlock) -> bool:
    """True when content for this block can be chosen at its tool."""
    tool = tool_of(course, row)
    return tool is not None and bool(tool.choosing_url)


def initial(row: DraftBlock) -> dict[str, Any]:
    """Return what the form of a block shows first."""
    settings = settings_of(row)
    weight = settings.get("weight")
    return {
        "tool": settings.get("lti_id") or "",
        "points": Decimal(str(1 if weight is None else weight)) if settings.get("has_score") else 0,
        "address": settings.get("lti_1p3_launch_url") or settings.get("launch_url") or "",
        "parameters": "\n".join(map(str, settings.get("custom_parameters") or [])),
    }


def fill(element: etree._Element, values: Mapping[str, Any]) -> None:
    """Write what the form says into the element."""
    element.set("lti_id", values["tool"])
    _fill(element, values["address"], values["parameters"])
    _score(element, values["points"])


def fill_from(element: etree._Element, tool: Tool, item: Mapping[str, Any]) -> None:
    """Write what was chosen at the tool into the element; the name and points stay where the tool names none."""
    element.set("lti_id", tool.client_id)
    _fill(element, item["url"], item["custom"])
    if item["title"]:
        element.set("display_name", xmlsafe.writable(item["title"], " "))
    if item["points"] is not None:
        _score(element, Decimal(item["points"]))


def _fill(element: etree._Element, address: str, parameters: Sequence[str]) -> None:
    element.attrib.pop("launch_url", "")  # the address of LTI 1.1, which would speak where none is given
    element.set("lti_version", VERSION_13)
    element.set("lti_1p3_launch_url", address)
    element.set("custom_parameters", json.dumps(list(parameters), ensure_ascii=False))


def _score(element: etree._Element, points: Decimal) -> None:
    element.set("has_score", json.dumps(points > 0))
    if points > 0:
        element.set("weight", f"{points.normalize():f}")
