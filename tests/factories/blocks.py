"""Units with blocks for tests of the runtime, without an import."""

from typing import Any

from courses.content import rules
from courses.content.models import ContentBlock, ContentVersion
from courses.runtime.grants import Grant

UNIT = "vertical@unit1"
CHOICE = """<problem><multiplechoiceresponse><label>2+2?</label><choicegroup type="MultipleChoice">
<choice correct="false">3</choice><choice correct="true">4</choice></choicegroup></multiplechoiceresponse></problem>"""
NUMBER = """<problem><numericalresponse answer="70"><label>Median?</label><formulaequationinput/></numericalresponse>
<demandhint><hint>Sort first.</hint></demandhint></problem>"""
WORD = """<problem><stringresponse answer="中位数" type="ci">
<label>Name it</label><textline size="20"/></stringresponse></problem>"""

Spec = tuple[str, dict[str, Any]]


def problem(name: str, data: str = CHOICE, **settings: Any) -> Spec:
    """A problem by its url_name."""
    return f"problem@{name}", {"settings": {"display_name": name, **settings}, "content": {"data": data}}


def text(name: str, data: str = "<p>Read this.</p>") -> Spec:
    """An html block."""
    return f"html@{name}", {"settings": {}, "content": {"data": data}}


def block(usage_id: str, content: dict[str, Any] | None = None, **settings: Any) -> Spec:
    """Any block."""
    return usage_id, {"settings": settings, "content": content or {}}


def make_unit(
    version: ContentVersion,
    specs: list[Spec],
    *,
    unit: str = UNIT,
    support: str = "supported",
    parents: dict[str, str] | None = None,
    course: dict[str, Any] | None = None,
) -> str:
    """Give a version a course with one section, subsection and unit that holds the blocks; return the unit's id.

    `parents` names the block in which another one stands, where that is not the unit; `course` are the course's own
    settings.
    """
    above = [
        ("course@c", "", "course"),
        ("chapter@1", "course@c", "section"),
        ("sequential@1", "chapter@1", "subsection"),
        (unit, "sequential@1", "unit"),
    ]
    rows = [
        _row(version, i, usage, parent, level, _course_fields(level, course), unit, "supported")
        for i, (usage, parent, level) in enumerate(above)
    ]
    rows += [
        _row(version, len(above) + i, usage, (parents or {}).get(usage, unit), "block", fields, unit, support)
        for i, (usage, fields) in enumerate(specs)
    ]
    ContentBlock.objects.bulk_create(rows)
    return unit


def _course_fields(level: str, course: dict[str, Any] | None) -> dict[str, Any]:
    return {"settings": course} if level == "course" and course else {}


def _row(
    version: ContentVersion,
    ordinal: int,
    usage: str,
    parent: str,
    level: str,
    fields: dict[str, Any],
    unit: str,
    support: str,
) -> ContentBlock:
    block_type, _at, url_name = usage.partition("@")
    return ContentBlock(
        version=version,
        ordinal=ordinal,
        usage_id=usage,
        block_type=block_type,
        url_name=url_name,
        parent_usage_id=parent,
        level=level,
        unit_usage_id=unit if level in {"unit", "block"} else "",
        subsection_usage_id="sequential@1" if level in {"unit", "block"} else "",
        display_name=fields.get("settings", {}).get("display_name", url_name),
        fields=fields,
        has_score=block_type in {"problem", "done"},
        support=support,
        needs_sandbox=block_type == "problem" and rules.needs_sandbox(fields.get("content", {}).get("data", "")),
        olx="",
    )


def grant_for(person: Any, run: Any, unit: str = UNIT, usage: str = "", *, keeps: bool = True) -> Grant:
    """A learner's right to a unit or one of its blocks."""
    return Grant(person.pk, run.pk, run.content_id, unit, usage or unit, keeps, "en")
