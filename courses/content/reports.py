"""What an import says about a course: every block with its support, what is missing, what would reach out.

The report is JSON with `format` 1: counts, by_type, blocks, missing_files, foreign_hosts, changes, files.
"""

from collections import Counter
from typing import Any

from courses.content import rules
from courses.content.building import BlockDraft, CourseContent
from courses.content.models import BlockSupport

FORMAT = 1


def report_of(content: CourseContent) -> dict[str, Any]:
    """Return the report of an import, for the database, the screen and `import_course --json`."""
    present = {rules.asset_key(file.path) for file in content.files}
    lines = [_line(block, present) for block in content.blocks]
    return {
        "format": FORMAT,
        "title": content.title,
        "counts": {
            "blocks": len(lines),
            **{support.value: sum(line["support"] == support.value for line in lines) for support in BlockSupport},
            "needs_sandbox": sum(line["sandbox"] for line in lines),
            "graded": sum(block.graded for block in content.blocks),
        },
        "by_type": _by_type(content.blocks),
        "blocks": lines,
        "missing_files": _gathered(lines, "missing"),
        "foreign_hosts": _gathered(lines, "hosts"),
        "changes": [{"code": c.code, "usage_id": c.usage_id, "detail": c.detail} for c in content.changes],
        "files": {"count": len(content.files), "bytes": sum(file.size for file in content.files)},
        "digest": content.digest,
    }


def _line(block: BlockDraft, present: set[str]) -> dict[str, Any]:
    return {
        "usage_id": block.usage_id,
        "type": block.block_type,
        "name": block.display_name,
        "unit": block.unit_usage_id,
        "level": block.level,
        "support": block.support,
        "reason": block.reason,
        "sandbox": block.needs_sandbox,
        "missing": sorted(name for name in block.files if rules.asset_key(f"static/{name}") not in present),
        "hosts": sorted(block.hosts),
    }


def _by_type(blocks: list[BlockDraft]) -> list[dict[str, Any]]:
    counts = Counter((block.block_type, block.support) for block in blocks)
    types = sorted({block.block_type for block in blocks})
    return [
        {"type": name, **{support.value: counts[name, support.value] for support in BlockSupport}} for name in types
    ]


def _gathered(lines: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        for name in line[key]:
            found.setdefault(name, []).append(line["usage_id"])
    return [{"name": name, "usage_ids": usage_ids} for name, usage_ids in sorted(found.items())]
