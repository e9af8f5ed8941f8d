"""Deeds on the tree of a draft: beginning it, adding, moving, duplicating and deleting."""

import secrets

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from lxml import etree

from courses.authoring import blocks, limits, queries
from courses.authoring.editing import Deed, deed, gone, note, require_seen
from courses.authoring.models import ContentDraft, DraftBlock, DraftFile
from courses.authoring.tree import TYPE_OF_LEVEL, Tree, homes, is_part, may_hold
from courses.catalogue.models import Course
from courses.content import xmlsafe
from courses.content.actions import require_author
from courses.content.models import ContentAsset, ContentBlock, ContentVersion
from courses.content.rules import level_below
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal, Stale

ROWS_A_STATEMENT = 500
ROOT_NAME = "course"  # url_name of a course that was begun here


def begin(*, course_id: int, acting: Actor) -> ContentDraft:
    """Return a course's draft, beginning it from the newest version, or empty when the course has no content."""
    require_author(course_id, acting)
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=course_id)  # two authors at once begin one draft
        draft = ContentDraft.objects.filter(course=course).first()
        if draft is not None:
            return draft
        draft = ContentDraft.objects.create(course=course, source_run=ROOT_NAME)
        version = queries.newest_version(course)
        if version is None:
            _plant(draft, course)
        else:
            _copy(draft, version)
        draft.revision = 1
        draft.base_revision = 1 if version else 0
        draft.save()
        note(Deed(draft, 1), "begin", acting)
    return draft


def begin_again(*, course_id: int, number: int, seen: int, acting: Actor) -> ContentDraft:
    """Let a draft hold what a version holds; Refusal while it holds what no version does, so that nothing is lost."""
    with deed(course_id, "begin-again", acting) as done:
        draft = done.draft
        require_seen(draft.revision, seen, "")
        if not draft.is_saved:
            raise Refusal(
                "unsaved-draft", _("The draft holds changes that no version has. Save it as a version first.")
            )
        version = ContentVersion.objects.filter(course_id=course_id, number=number).first()
        if version is None:
            raise NotThere("no-such-version")
        DraftBlock.objects.filter(draft=draft).delete()
        DraftFile.objects.filter(draft=draft).delete()
        _copy(draft, version)
        draft.base_revision = done.revision
        draft.save()
        done.about("", f"v{version.number}")
    return draft


def _plant(draft: ContentDraft, course: Course) -> None:
    """Begin with the course's root and nothing below it."""
    draft.source_org, draft.source_course = (course.institution.code or "")[:255], course.code[:255]
    element = etree.Element("course", url_name=ROOT_NAME, display_name=xmlsafe.writable(course.name_zh, " "))
    element.set("org", draft.source_org)  # as an import reads them from course.xml
    element.set("course", draft.source_course)
    node = blocks.node_of(element, "course", ROOT_NAME)
    blocks.row_of(draft, node, parent="", position=0, revision=1).save()


def _copy(draft: ContentDraft, version: ContentVersion) -> None:
    """Fill an empty draft from a version."""
    draft.base = version
    draft.source_run, draft.source_org = version.source_run, version.source_org
    draft.source_course = version.source_course
    draft.course_policy, draft.grading_policy = version.course_policy, version.grading_policy
    places: dict[str, int] = {}
    rows = []
    for block in ContentBlock.objects.filter(version=version).order_by("ordinal").iterator(ROWS_A_STATEMENT):
        position = places.get(block.parent_usage_id, 0)
        places[block.parent_usage_id] = position + 1
        rows.append(_copied(draft, block, position))
    DraftBlock.objects.bulk_create(rows, batch_size=ROWS_A_STATEMENT)
    names = ("path", "key", "sha256", "size", "media_type")
    assets = ContentAsset.objects.filter(version=version).values(*names)
    DraftFile.objects.bulk_create((DraftFile(draft=draft, **values) for values in assets), batch_size=ROWS_A_STATEMENT)


def _copied(draft: ContentDraft, block: ContentBlock, position: int) -> DraftBlock:
    return DraftBlock(
        draft=draft,
        usage_id=block.usage_id,
        block_type=block.block_type,
        url_name=block.url_name,
        parent_usage_id=block.parent_usage_id,
        position=position,
        display_name=block.display_name,
        fields=block.fields,
        has_score=block.has_score,
        support=block.support,
        reason=block.reason,
        needs_sandbox=block.needs_sandbox,
        olx=block.olx,
    )


def add_part(*, course_id: int, parent: str, name: str, acting: Actor) -> str:
    """Add a section, subsection or unit at the end of a course, section or subsection; returns its usage id."""
    with deed(course_id, "add", acting) as done:
        tree = queries.tree(done.draft)
        level = level_below(_level(tree, parent))
        if level not in TYPE_OF_LEVEL:
            raise _may_not_stand()
        element = etree.Element(TYPE_OF_LEVEL[level], display_name=name.strip()[: limits.NAME_CHARACTERS_MAX])
        return _put(done, tree, parent, element)


def add_block(*, course_id: int, parent: str, element: etree._Element, text: str | None = None, acting: Actor) -> str:
    """Add a block at the end of a unit; returns its usage id. `text` is what an html block shows."""
    if text is not None and len(text.encode()) > limits.TEXT_BYTES_MAX:
        raise xmlsafe.too_long(str(_("The text")), limits.TEXT_BYTES_MAX)
    with deed(course_id, "add", acting) as done:
        return _put(done, queries.tree(done.draft), parent, element, text)


def _put(done: Deed, tree: Tree, parent: str, element: etree._Element, text: str | None = None) -> str:
    level = _level(tree, parent)
    if not may_hold(tree.spots[parent].block_type, level, str(element.tag)):
        raise _may_not_stand()
    element.set("url_name", fresh_name())
    if text is not None:
        element.set("filename", element.get("url_name") or "")
    node = blocks.read(element, tree.spots, text)
    rows = blocks.rows_of(done, node, parent, done.next_position(parent))
    done.require_room(len(rows))
    DraftBlock.objects.bulk_create(rows, batch_size=ROWS_A_STATEMENT)
    done.about(rows[0].usage_id, rows[0].display_name)
    return rows[0].usage_id


def step(*, course_id: int, usage_id: str, down: bool, seen: int, acting: Actor) -> None:
    """Let a block and its neighbour change places; nothing happens to the first or last. Stale when it was moved."""
    with deed(course_id, "move", acting) as done:
        row = done.block(usage_id)
        require_seen(row.place_revision, seen, usage_id)
        _refuse_part(queries.tree(done.draft), usage_id)
        siblings = DraftBlock.objects.filter(draft=done.draft, parent_usage_id=row.parent_usage_id)
        if down:
            other = siblings.filter(position__gt=row.position).order_by("position").first()
        else:
            other = siblings.filter(position__lt=row.position).order_by("-position").first()
        if other is None:
            raise Refusal("no-further", _("It stands at the end already."))
        row.position, other.position = other.position, row.position
        for moved in (row, other):
            moved.place_revision = done.revision
            moved.save(update_fields=["position", "place_revision"])
        done.about(usage_id, row.display_name)


def move_to(*, course_id: int, usage_id: str, parent: str, seen: int, acting: Actor) -> None:
    """Put a block at the end of another parent; Refusal where it may not stand, and never below itself."""
    with deed(course_id, "move", acting) as done:
        row = done.block(usage_id)
        require_seen(row.place_revision, seen, usage_id)
        tree = queries.tree(done.draft)
        _refuse_part(tree, usage_id)
        if parent not in tree.spots:
            raise gone()
        if parent not in {home.usage_id for home in homes(tree, usage_id)}:
            raise _may_not_stand()
        row.position, row.parent_usage_id = done.next_position(parent), parent
        row.place_revision = done.revision
        row.save(update_fields=["position", "parent_usage_id", "place_revision"])
        done.about(usage_id, row.display_name)


def duplicate(*, course_id: int, usage_id: str, acting: Actor) -> str:
    """Put a copy of a block, with all below it under new names, right after it; returns the copy's usage id."""
    with deed(course_id, "duplicate", acting) as done:
        row = done.block(usage_id)
        tree = queries.tree(done.draft)
        _refuse_part(tree, usage_id)
        if not row.parent_usage_id:
            raise _may_not_stand()
        below = [spot.usage_id for spot in tree.below(usage_id)]
        done.require_room(len(below))
        names = {old: fresh_name() for old in below}
        _make_gap(done, row)
        found = queries.blocks_in(done.draft, below)
        copies = [blocks.copy_of(done, found[old], names, original=row) for old in below]
        DraftBlock.objects.bulk_create(copies, batch_size=ROWS_A_STATEMENT)
        done.about(copies[0].usage_id, copies[0].display_name)
        return copies[0].usage_id


def _make_gap(done: Deed, row: DraftBlock) -> None:
    """Move the later siblings of a block on by one place, so that its copy may follow it."""
    siblings = DraftBlock.objects.filter(draft=done.draft, parent_usage_id=row.parent_usage_id)
    siblings.filter(position__gt=row.position).update(position=F("position") + 1)


def delete(*, course_id: int, usage_id: str, seen: int, acting: Actor) -> None:
    """Delete a block with all below it; Stale when something in it changed after revision `seen`."""
    with deed(course_id, "delete", acting) as done:
        row = done.block(usage_id)
        tree = queries.tree(done.draft)
        _refuse_part(tree, usage_id)
        if not row.parent_usage_id:
            raise Refusal("is-root", _("The course itself cannot be deleted."))
        below = list(tree.below(usage_id))
        require_seen(max(max(spot.revision, spot.place_revision) for spot in below), seen, usage_id)
        ids = [spot.usage_id for spot in below]
        DraftBlock.objects.filter(draft=done.draft, usage_id__in=ids).delete()
        done.about(usage_id, row.display_name)


def fresh_name() -> str:
    """Return a url_name that no block has."""
    return secrets.token_hex(10)


def _level(tree: Tree, usage_id: str) -> str:
    if usage_id not in tree.spots:
        raise Stale("deleted-meanwhile", gone().message)
    return tree.level(usage_id)


def _refuse_part(tree: Tree, usage_id: str) -> None:
    if is_part(tree, usage_id):
        raise Refusal("is-part", _("This is a part of a larger block. Change the OLX text of the whole instead."))


def _may_not_stand() -> Refusal:
    return Refusal("wrong-place", _("A block of this type may not stand there. Choose another place."))
