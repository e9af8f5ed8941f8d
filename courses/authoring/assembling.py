"""From a draft's rows to content: what a version holds, and what the runtime shows in a preview."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from courses.authoring.models import ContentDraft, DraftBlock, DraftFile
from courses.content import building, olx, xmlsafe
from courses.content.blocktypes import COMPOSITES, CONTAINERS
from courses.content.building import BlockDraft, CourseContent, FileDraft
from courses.content.data import BlockInfo

BROKEN_TEXTS = ("bad-xml", "wrong-tag")  # reasons of blocks whose text is no element that could be rewritten


def content_of(draft: ContentDraft) -> CourseContent:
    """Return everything a version of this draft would hold, in two queries; nothing is parsed anew."""
    blocks = ordered(DraftBlock.objects.filter(draft=draft).order_by("position"))
    files = [_file(row) for row in DraftFile.objects.filter(draft=draft).order_by("path")]
    named = (draft.source_run, draft.source_org, draft.source_course)
    texts = {block.usage_id: text for block in blocks if (text := beside(block)) is not None}
    policies = (draft.course_policy, draft.grading_policy)
    return CourseContent(
        title=blocks[0].display_name,
        run=draft.source_run,
        org=draft.source_org,
        course=draft.source_course,
        blocks=blocks,
        files=files,
        course_policy=draft.course_policy,
        grading_policy=draft.grading_policy,
        changes=[],
        digest=building.digest_of(named, blocks, texts, files, policies),
    )


def ordered(rows: Iterable[DraftBlock]) -> list[BlockDraft]:
    """Return blocks in preorder with all that follows from their place; rows come ordered by position."""
    children: dict[str, list[DraftBlock]] = {}
    for row in rows:
        children.setdefault(row.parent_usage_id, []).append(row)
    done: list[BlockDraft] = []
    for root in children.get("", ()):
        _settle(root, None, {}, children, done)
    return done


def _settle(
    row: DraftBlock,
    parent: BlockDraft | None,
    above: dict[str, Any],
    children: dict[str, list[DraftBlock]],
    done: list[BlockDraft],
) -> None:
    own = children.get(row.usage_id, [])
    draft = block_draft(row, [child.usage_id for child in own])
    below = building.settle(draft, parent, above)
    done.append(draft)
    for child in own:
        _settle(child, draft, below, children, done)


def block_draft(row: DraftBlock, children: list[str]) -> BlockDraft:
    """Return a block without its place, its children as pointers in their order."""
    text = with_pointers(row, children)
    files, hosts = building.asked_for(
        row.block_type, text + str(row.fields.get("content", {}).get("data", "")), row.fields
    )
    return BlockDraft(
        usage_id=row.usage_id,
        block_type=row.block_type,
        url_name=row.url_name,
        parent_usage_id="",
        level="course",
        unit_usage_id="",
        subsection_usage_id="",
        display_name=row.display_name,
        fields=row.fields,
        inherited={},
        has_score=row.has_score,
        support=row.support,
        reason=row.reason,
        needs_sandbox=row.needs_sandbox,
        olx=text,
        files=files,
        hosts=hosts,
    )


def with_pointers(row: DraftBlock, children: list[str]) -> str:
    """Return a block's element with exactly these children; as it stands when they are what it names already."""
    if row.block_type not in CONTAINERS | COMPOSITES or row.reason.startswith(BROKEN_TEXTS):
        return row.olx
    element = xmlsafe.xml_of(row.olx.encode(), row.usage_id)
    if pointers(element) == children:
        return row.olx
    for child in [child for child in element if olx.is_block(child)]:
        _remove(element, child)
    for usage_id in children:
        tag, _at, url_name = usage_id.partition("@")
        etree.SubElement(element, tag, url_name=url_name)
    return etree.tostring(element, encoding="unicode", with_tail=False)


def pointers(element: etree._Element) -> list[str]:
    """Return the usage ids of the blocks that a container's element names, in order."""
    return [f"{child.tag}@{child.get('url_name')}" for child in element if olx.is_block(child)]


def _remove(element: etree._Element, child: etree._Element) -> None:
    """Remove a pointer and the white space after it; words between blocks stay."""
    tail = (child.tail or "").strip() and child.tail
    if tail:
        before = child.getprevious()
        if before is None:
            element.text = (element.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    element.remove(child)


def beside(block: BlockDraft | DraftBlock) -> str | None:
    """Return the text of an html block that stands in a file beside its definition, or None."""
    if block.block_type != "html" or block.reason.startswith((*BROKEN_TEXTS, "no-file")):
        return None
    text = block.fields.get("content", {}).get("data")
    if text is None or xmlsafe.xml_of(block.olx.encode(), block.usage_id).get("filename") is None:
        return None
    return str(text)


def _file(row: DraftFile) -> FileDraft:
    return FileDraft(row.path, Path(), row.sha256, row.size, row.media_type)


def infos(blocks: Iterable[BlockDraft]) -> Iterator[BlockInfo]:
    """Yield blocks as the runtime takes them."""
    found = list(blocks)
    children: dict[str, list[str]] = {}
    for block in found:
        children.setdefault(block.parent_usage_id, []).append(block.usage_id)
    for ordinal, block in enumerate(found):
        yield BlockInfo(
            usage_id=block.usage_id,
            block_type=block.block_type,
            url_name=block.url_name,
            parent_usage_id=block.parent_usage_id,
            unit_usage_id=block.unit_usage_id,
            subsection_usage_id=block.subsection_usage_id,
            level=block.level,
            ordinal=ordinal,
            display_name=block.display_name,
            fields=block.fields,
            inherited=block.inherited,
            graded=block.graded,
            has_score=block.has_score,
            assignment_type=str(block.setting("format") or ""),
            support=block.support,
            reason=block.reason,
            needs_sandbox=block.needs_sandbox,
            children=tuple(children.get(block.usage_id, ())),
        )
