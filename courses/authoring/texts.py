"""Deeds on one block of a draft: its text, its name and settings. What somebody else wrote meanwhile is never lost."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _
from lxml import etree

from courses.authoring import assembling, blocks, limits, queries
from courses.authoring.editing import Deed, deed, require_seen
from courses.authoring.models import DraftBlock
from courses.content import building, xmlsafe
from courses.content.blocktypes import COMPOSITES, CONTAINERS
from courses.content.models import BlockSupport
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal


def change_settings(
    *, course_id: int, usage_id: str, values: Mapping[str, str | None], seen: int, acting: Actor
) -> None:
    """Set attributes of a section, subsection, unit or the course; None removes one. Stale when it was changed."""
    with deed(course_id, "rename", acting) as done:
        row = done.block(usage_id)
        require_seen(row.revision, seen, usage_id)
        element = _element(row)
        for name, value in values.items():
            if value is None:
                element.attrib.pop(name, "")
            else:
                element.set(name, value)
        _overrule_policy(done, row, values)
        _rewrite(done, row, element)


def write(
    *,
    course_id: int,
    usage_id: str,
    element: etree._Element,
    seen: int,
    acting: Actor,
    text: str | None = None,
    settled: Iterable[str] = (),
) -> None:
    """Give a block another element, and an html block another text; Stale when it was changed meanwhile.

    A Refusal when the element is of another type, or when its class does not accept it. `settled` names the settings
    that the author decided on, given or not: no policy file overrules them, nor any that stands in the element.
    """
    if text is not None and len(text.encode()) > limits.TEXT_BYTES_MAX:
        raise xmlsafe.too_long(str(_("The text")), limits.TEXT_BYTES_MAX)
    with deed(course_id, "edit", acting) as done:
        row = done.block(usage_id)
        require_seen(row.revision, seen, usage_id)
        if element.tag != row.block_type:
            raise Refusal(
                "other-type",
                _("The text describes <%(tag)s>, and this block is <%(type)s>. Keep its first tag.")
                % {"tag": str(element.tag)[:90], "type": row.block_type},
            )
        if row.block_type in CONTAINERS | COMPOSITES:
            _reorder(done, row, element)
        elif text is not None:
            element.set("filename", row.url_name)
        elif row.block_type == "html":
            element.attrib.pop("filename", "")
            if len(etree.tostring(element)) > limits.TEXT_BYTES_MAX:
                raise xmlsafe.too_long(str(_("The text")), limits.TEXT_BYTES_MAX)
        _overrule_policy(done, row, {*settled, *map(str, element.attrib)})
        _rewrite(done, row, element, text)


def _rewrite(done: Deed, row: DraftBlock, element: etree._Element, text: str | None = None) -> None:
    if text is None and row.block_type == "html":
        text = assembling.beside(row) if element.get("filename") is not None else None
    node = blocks.node_of(element, row.block_type, row.url_name, text)
    block = building.block_of(node, done.draft.course_policy)
    if block.support == BlockSupport.REFUSED:
        raise blocks.unusable(row.block_type, block.reason)
    was_part = row.has_score is False and queries.is_part_of_composite(done.draft, row)
    blocks.fill(row, block, done.revision)
    row.has_score = row.has_score and not was_part
    row.save()
    done.about(row.usage_id, row.display_name)


def _reorder(done: Deed, row: DraftBlock, element: etree._Element) -> None:
    """Take the order of the children from the text; a Refusal when it names others than there are."""
    children = list(DraftBlock.objects.filter(draft=done.draft, parent_usage_id=row.usage_id).order_by("position"))
    named = assembling.pointers(element)
    if sorted(named) != sorted(child.usage_id for child in children):
        raise Refusal(
            "other-children",
            _("Keep the blocks inside it as they are named here. Add and delete blocks on the page of the unit."),
        )
    for child in children:
        place = named.index(child.usage_id)
        if place != child.position:
            child.position, child.place_revision = place, done.revision
            child.save(update_fields=["position", "place_revision"])


def _overrule_policy(done: Deed, row: DraftBlock, names: Iterable[str]) -> None:
    """Drop what a policy file says about settings that an author has just decided."""
    policy = done.draft.course_policy.get(f"{row.block_type}/{row.url_name}")
    if isinstance(policy, dict):
        for name in names:
            policy.pop(name, None)


def _element(row: DraftBlock) -> etree._Element:
    try:
        return xmlsafe.xml_of(row.olx.encode(), row.usage_id)
    except xmlsafe.BrokenXml as error:
        raise Refusal(
            "broken-olx", _("Its OLX text is not well-formed. Mend it first: %(error)s") % {"error": error}
        ) from None
