"""From an element of OLX to rows of a draft, and back into an element with other settings."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from courses.authoring import limits
from courses.authoring.editing import Deed
from courses.authoring.models import ContentDraft, DraftBlock
from courses.content import building, choosing, olx, reasons, xmlsafe
from courses.content.building import BlockDraft
from courses.content.models import BlockSupport
from courses.content.olx import Node
from edu.kernel.errors import Refusal

POINTING = choosing.GROUPING | {choosing.CONDITIONAL}  # blocks that name others
REFERENCES = frozenset({"sources", "sources_list", "group_id_to_child"})


def element_of(text: str) -> etree._Element:
    """Return the element that an author wrote; a Refusal that names the line when it cannot be read."""
    data = text.strip().encode()
    if len(data) > limits.OLX_BYTES_MAX:
        raise xmlsafe.too_long(str(_("The OLX text")), limits.OLX_BYTES_MAX)
    try:
        return xmlsafe.xml_of(data, "OLX")
    except xmlsafe.BrokenXml as error:
        raise Refusal(
            "broken-olx", _("The OLX text is not well-formed: %(error)s. Mend that line.") % {"error": error}
        ) from None


def read(element: etree._Element, taken: Iterable[str], text: str | None = None) -> Node:
    """Return the node of an element with all that is written in it; a Refusal when a block in it cannot be taken."""
    node, _changes = olx.read_block(element, taken)
    if node.tag == "html" and text is not None:
        node.html, node.broken = text, ""
    for part in node.walk():
        if part.broken:
            raise unusable(part.tag, part.broken)
    return node


def unusable(tag: str, reason: str) -> Refusal:
    """Return the refusal of a block whose text its own code does not accept."""
    return Refusal(
        "unusable-block", _("<%(tag)s> cannot be taken: %(why)s") % {"tag": tag, "why": reasons.sentence(reason)}
    )


def node_of(element: etree._Element, tag: str, url_name: str, text: str | None = None) -> Node:
    """Return the node of an element whose children are pointers and stay so."""
    element.set("url_name", url_name)
    return Node(tag=tag, url_name=url_name, element=element, html=text)


def rows_of(done: Deed, node: Node, parent: str, position: int) -> list[DraftBlock]:
    """Return the rows of a node and all below it, parents first; a Refusal when one of them is broken."""
    return list(_rows(done, node, parent, position))


def _rows(done: Deed, node: Node, parent: str, position: int) -> Iterator[DraftBlock]:
    row = row_of(done.draft, node, parent=parent, position=position, revision=done.revision)
    if row.support == BlockSupport.REFUSED:
        raise unusable(node.tag, row.reason)
    yield row
    for place, child in enumerate(node.children):
        yield from _rows(done, child, row.usage_id, place)


def row_of(draft: ContentDraft, node: Node, *, parent: str, position: int, revision: int) -> DraftBlock:
    """Return the row of one node at a place."""
    row = DraftBlock(
        draft=draft,
        usage_id=node.usage_id,
        block_type=node.tag,
        url_name=node.url_name,
        parent_usage_id=parent,
        position=position,
        place_revision=revision,
    )
    fill(row, building.block_of(node, draft.course_policy), revision)
    return row


def fill(row: DraftBlock, block: BlockDraft, revision: int) -> None:
    """Give a row what its text says."""
    row.display_name = block.display_name
    row.fields = block.fields
    row.has_score = block.has_score
    row.support, row.reason = block.support, block.reason
    row.needs_sandbox = block.needs_sandbox
    row.olx = block.olx
    row.revision = revision


def copy_of(done: Deed, row: DraftBlock, names: Mapping[str, str], *, original: DraftBlock) -> DraftBlock:
    """Return a copy of a block under the name that `names` gives it; the original's copy stands right after it."""
    new_ids = {old: f"{old.partition('@')[0]}@{name}" for old, name in names.items()}
    is_top = row.usage_id == original.usage_id
    policies = done.draft.course_policy
    if f"{row.block_type}/{row.url_name}" in policies:
        policies[f"{row.block_type}/{names[row.usage_id]}"] = policies[f"{row.block_type}/{row.url_name}"]
    return DraftBlock(
        draft=done.draft,
        usage_id=new_ids[row.usage_id],
        block_type=row.block_type,
        url_name=names[row.usage_id],
        parent_usage_id=row.parent_usage_id if is_top else new_ids[row.parent_usage_id],
        position=row.position + 1 if is_top else row.position,
        display_name=row.display_name,
        fields=_with_own_sources(row.fields, names) if row.block_type in POINTING else row.fields,
        has_score=row.has_score,
        support=row.support,
        reason=row.reason,
        needs_sandbox=row.needs_sandbox,
        olx=_renamed(row, names),
        revision=done.revision,
        place_revision=done.revision,
    )


def _with_own_sources(fields: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return fields of a block whose sources or groups are copied with it: the copy asks the copies."""
    settings = fields.get("settings", {})
    pointed = {name: _pointed_anew(settings[name], names) for name in REFERENCES & set(settings)}
    return {**fields, "settings": {**settings, **pointed}}


def _pointed_anew(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _pointed_anew(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_pointed_anew(inner, names) for inner in value]
    for old, new in names.items() if isinstance(value, str) else ():
        own = re.escape(old.partition("@")[2])
        value = re.sub(rf"(?<![\w.~-]){own}(?![\w.~-])", new, value)
    return value


def _renamed(row: DraftBlock, names: Mapping[str, str]) -> str:
    try:
        element = xmlsafe.xml_of(row.olx.encode(), row.usage_id)
    except (xmlsafe.BrokenXml, Refusal):
        return row.olx  # its broken text is kept as it is
    if row.block_type in POINTING:
        for attribute in REFERENCES & {str(name) for name in element.attrib}:
            element.set(attribute, _pointed_anew(str(element.get(attribute)), names))
    element.set("url_name", names[row.usage_id])
    return etree.tostring(element, encoding="unicode", with_tail=False)
