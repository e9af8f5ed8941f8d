"""Reads of course content. A unit's blocks come in one query; the outline is read once per version and process."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from courses.content import choosing, openresponse, rules
from courses.content.choosing import Chooser, Item
from courses.content.data import AssetInfo, BlockInfo, GradedSubsection, OpenTask, OutlineNode, VersionInfo
from courses.content.models import BlockSupport, ContentAsset, ContentBlock, ContentVersion
from edu.kernel.errors import NotThere

OUTLINES_MAX = 256  # versions never change, so an outline is kept; about 60 KB each for a large course
ABOVE_BLOCKS = ("course", "section", "subsection", "unit")


def version(version_id: int) -> VersionInfo:
    """Return a version by its row id; NotThere when there is none."""
    return _version_info(_one_version(pk=version_id))


def version_by_uuid(uuid: UUID) -> VersionInfo:
    """Return a version by its uuid; NotThere when there is none."""
    return _version_info(_one_version(uuid=uuid))


def lti_passports(version_id: int) -> list[str]:
    """Return the keys of outside tools ("id:key:secret") that a course brings, in one query."""
    rows = ContentBlock.objects.filter(version_id=version_id, level="course")
    given = rows.values_list("fields__settings__lti_passports", flat=True).first()
    return [str(passport) for passport in given] if isinstance(given, list) else []


def unit_blocks(version_id: int, unit_usage_id: str) -> tuple[BlockInfo, ...]:
    """Return the unit itself and every block below it, in preorder, in one query; NotThere when it is no unit.

    The first is the unit: a vertical as a rule, or a leaf that its author put straight into a subsection.
    """
    rows = list(
        ContentBlock.objects.filter(version_id=version_id, unit_usage_id=unit_usage_id).defer("olx").order_by("ordinal")
    )
    if not rows:
        raise NotThere("no-such-unit")
    return _with_children(rows)


def block(version_id: int, usage_id: str) -> BlockInfo:
    """Return one block with its children's ids, in two queries; NotThere when the version has none of that id."""
    row = ContentBlock.objects.filter(version_id=version_id, usage_id=usage_id).defer("olx").first()
    if row is None:
        raise NotThere("no-such-block")
    children = ContentBlock.objects.filter(version_id=version_id, parent_usage_id=usage_id).order_by("ordinal")
    return _block_info(row, tuple(children.values_list("usage_id", flat=True)))


def unit_of_block(version_id: int, url_name: str) -> str:
    """Return the unit to open for a block, section or subsection by its name in links; "" when there is none."""
    rows = ContentBlock.objects.filter(version_id=version_id).order_by("ordinal")
    found = rows.filter(url_name=url_name).values("level", "usage_id", "unit_usage_id", "ordinal").first()
    if found is None or found["unit_usage_id"]:
        return str(found["unit_usage_id"]) if found else ""
    below = rows.filter(ordinal__gt=found["ordinal"]).exclude(unit_usage_id="")
    return str(below.values_list("unit_usage_id", flat=True).first() or "")


def blocks_by_ids(version_id: int, usage_ids: list[str]) -> dict[str, BlockInfo]:
    """Return several blocks without their children, in one query; ids that are not there are left out."""
    rows = ContentBlock.objects.filter(version_id=version_id, usage_id__in=usage_ids).defer("olx")
    return {row.usage_id: _block_info(row, ()) for row in rows}


def open_responses(version_ids: list[int]) -> list[OpenTask]:
    """Return the tasks in learners' own words of several versions, in order, in one query."""
    rows = ContentBlock.objects.filter(version_id__in=version_ids, block_type=openresponse.BLOCK_TYPE)
    found = rows.filter(support=BlockSupport.SUPPORTED).order_by("version_id", "ordinal")
    return [
        OpenTask(version_id, usage_id, unit, str(title or name), *openresponse.who_judges(steps))
        for version_id, usage_id, unit, name, title, steps in found.values_list(
            "version_id",
            "usage_id",
            "unit_usage_id",
            "display_name",
            "fields__content__title",
            "fields__content__rubric_assessments",
        )
    ]


@lru_cache(maxsize=OUTLINES_MAX)
def outline(version_id: int) -> OutlineNode:
    """Return the tree course → sections → subsections → units in one query; kept, since a version never changes."""
    rows: list[dict[str, Any]] = list(
        ContentBlock.objects.filter(version_id=version_id)  # type: ignore[arg-type]  # a TypedDict is read as a dict
        .order_by("ordinal")
        .values(
            "usage_id",
            "parent_usage_id",
            "level",
            "block_type",
            "display_name",
            "inherited",
            "unit_usage_id",
            "assignment_type",
            "fields__settings",
        )
    )
    if not rows:
        raise NotThere("no-such-version")
    return _tree(rows)


@lru_cache(maxsize=OUTLINES_MAX)
def choosers(version_id: int) -> tuple[Chooser, ...]:
    """Return the blocks that show each learner some of their children, in two queries; kept, as the outline is."""
    return choosing.choosers(_items(version_id, choosing.DRAWING | choosing.GROUPING))


def left_out(version_id: int, run_id: int, person_id: int) -> frozenset[str]:
    """Return the blocks that a learner does not meet, because others were chosen for them."""
    return choosing.left_out(choosers(version_id), choosing.learner(run_id, person_id))


@lru_cache(maxsize=OUTLINES_MAX)
def conditioned(version_id: int) -> frozenset[str]:
    """Return the blocks that stand below conditions, in two queries; kept."""
    return choosing.conditioned(_items(version_id, choosing.WHOLE | {choosing.CONDITIONAL}))


@lru_cache(maxsize=OUTLINES_MAX)
def usage_ids_by_name(version_id: int) -> dict[str, str]:
    """Return usage ids by url_name, in one query; kept."""
    rows = ContentBlock.objects.filter(version_id=version_id, level="block")
    return dict(rows.values_list("url_name", "usage_id"))


def _items(version_id: int, block_types: frozenset[str]) -> list[Item]:
    """Return the blocks of the units in which these types stand: one query, and another where there are any.

    As one, PostgreSQL would go through the version once for each of its blocks while it has no figures of it.
    """
    blocks = ContentBlock.objects.filter(version_id=version_id)
    units = set(
        blocks.filter(block_type__in=block_types).exclude(unit_usage_id="").values_list("unit_usage_id", flat=True)
    )
    if not units:
        return []
    rows = blocks.filter(unit_usage_id__in=units).order_by("ordinal")
    return [
        Item(usage_id, parent, block_type, settings or {})
        for usage_id, parent, block_type, settings in rows.values_list(
            "usage_id", "parent_usage_id", "block_type", "fields__settings"
        )
    ]


def graded_subsections(version_id: int) -> tuple[GradedSubsection, ...]:
    """Return the subsections that count, in order, with the ids of their scored blocks, in one query.

    Blocks that learners do not see or cannot answer are left out: they would be zeros that nobody can help.
    """
    rows = ContentBlock.objects.asked_of_learners().filter(version_id=version_id, graded=True).order_by("ordinal")
    scored: dict[str, list[str]] = {}
    for usage_id, subsection in rows.values_list("usage_id", "subsection_usage_id"):
        scored.setdefault(subsection, []).append(usage_id)
    return tuple(
        GradedSubsection(node.usage_id, node.display_name, node.assignment_type, node.due, tuple(scored[node.usage_id]))
        for section in outline(version_id).children
        for node in section.children
        if node.usage_id in scored
    )


def graded_units(version_id: int) -> tuple[OutlineNode, ...]:
    """Return the units that stand in graded subsections, in order."""
    return tuple(unit for unit in outline(version_id).units() if unit.graded)


def asset(version_id: int, path: str) -> AssetInfo:
    """Return a file by its path inside the course's folder; a bare name means static/<name>. NotThere if unknown."""
    found = assets(version_id, [path])
    if path not in found:
        raise NotThere("no-such-file")
    return found[path]


def assets(version_id: int, paths: list[str]) -> dict[str, AssetInfo]:
    """Return several files by path as `asset` does, in one query; those that are not there are left out.

    The spelling of Studio's addresses is understood too: `Brain_red.png` finds `static/Brain red.png`.
    """
    keys = {rules.asset_key(spelt) for path in paths for spelt in (f"static/{path}", path)}
    rows = list(ContentAsset.objects.filter(version_id=version_id, key__in=keys).order_by("path"))
    by_name = {row.key: row for row in rows} | {row.path: row for row in rows}  # an exact name wins
    found: dict[str, AssetInfo] = {}
    for path in paths:
        spellings = (f"static/{path}", path, rules.asset_key(f"static/{path}"), rules.asset_key(path))
        row = next((by_name[name] for name in spellings if name in by_name), None)
        if row is not None:
            found[path] = AssetInfo(row.path, row.sha256, row.size, row.media_type)
    return found


def _one_version(**by: Any) -> ContentVersion:
    row = ContentVersion.objects.filter(**by).select_related("course").defer("report", "course_policy").first()
    if row is None:
        raise NotThere("no-such-version")
    return row


def _version_info(row: ContentVersion) -> VersionInfo:
    return VersionInfo(
        id=row.pk,
        uuid=row.uuid,
        course_id=row.course_id,
        course_label=row.course.label,
        number=row.number,
        digest=row.digest,
        title=row.title,
        source_name=row.source_name,
        grading_policy=row.grading_policy,
        block_count=row.block_count,
        recorded_at=row.recorded_at,
    )


def _with_children(rows: list[ContentBlock]) -> tuple[BlockInfo, ...]:
    children: dict[str, list[str]] = {}
    for row in rows:
        children.setdefault(row.parent_usage_id, []).append(row.usage_id)
    return tuple(_block_info(row, tuple(children.get(row.usage_id, ()))) for row in rows)


def _block_info(row: ContentBlock, children: tuple[str, ...]) -> BlockInfo:
    return BlockInfo(
        usage_id=row.usage_id,
        block_type=row.block_type,
        url_name=row.url_name,
        parent_usage_id=row.parent_usage_id,
        unit_usage_id=row.unit_usage_id,
        subsection_usage_id=row.subsection_usage_id,
        level=row.level,
        ordinal=row.ordinal,
        display_name=row.display_name,
        fields=row.fields,
        inherited=row.inherited,
        graded=row.graded,
        has_score=row.has_score,
        assignment_type=row.assignment_type,
        support=row.support,
        reason=row.reason,
        needs_sandbox=row.needs_sandbox,
        children=children,
    )


def _tree(rows: list[dict[str, Any]]) -> OutlineNode:
    """Build the outline from rows in preorder: children are complete before their parent is made."""
    kinds: dict[str, list[str]] = {}
    for row in rows:
        if row["level"] == "block":
            kinds.setdefault(row["unit_usage_id"], []).append(row["block_type"])
    waiting: dict[str, list[OutlineNode]] = {}
    node: OutlineNode | None = None
    for row in reversed([row for row in rows if row["level"] in ABOVE_BLOCKS]):
        node = _node(row, tuple(reversed(waiting.pop(row["usage_id"], []))), tuple(kinds.get(row["usage_id"], ())))
        waiting.setdefault(row["parent_usage_id"], []).append(node)
    assert node is not None  # there was at least the course
    return node


def _node(row: dict[str, Any], children: tuple[OutlineNode, ...], kinds: tuple[str, ...]) -> OutlineNode:
    settings = {**row["inherited"], **(row["fields__settings"] or {})}
    return OutlineNode(
        usage_id=row["usage_id"],
        level=row["level"],
        display_name=row["display_name"],
        graded=bool(settings.get("graded")),
        assignment_type=row["assignment_type"],
        start=str(settings.get("start") or ""),
        due=str(settings.get("due") or ""),
        staff_only=bool(settings.get("visible_to_staff_only")),
        block_types=kinds or ((row["block_type"],) if row["level"] == "unit" and not kinds else ()),
        children=children,
    )
