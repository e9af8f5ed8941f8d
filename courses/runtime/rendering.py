"""From a unit's blocks to the HTML of its frame. A block that fails leaves a calm panel; the others live on."""

import json
import logging
import sys
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from xblock.core import XBlock

from courses.content import sandbox
from courses.content.blocktypes import CONTAINERS
from courses.content.choosing import CONDITIONAL
from courses.content.data import BlockInfo
from courses.content.reasons import sentence
from courses.runtime import blockviews, resources
from courses.runtime.runtime import UnitRuntime

log = logging.getLogger(__name__)

TEMPLATES = "courses/runtime"
REASON_CHARACTERS_MAX = 500  # enough of an error's words to find the line


@dataclass(frozen=True, slots=True)
class RenderedBlock:
    """One block as it stands in the frame."""

    usage_id: str
    block_type: str
    title: str
    state: str  # "shown", "placeholder", "failed"
    body: SafeString
    handlers: str = ""  # where its handlers lie
    init: str = ""  # the function of its package that brings it to life
    arguments: str = ""


@dataclass(slots=True)
class RenderedUnit:
    """A unit's blocks, and the scripts and styles they need, each once and in order."""

    blocks: list[RenderedBlock] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    @property
    def needs_globals(self) -> bool:
        """True when a package's script is there, which expects jQuery and its friends."""
        return bool(self.scripts)


def shown_blocks(blocks: Mapping[str, BlockInfo], unit_id: str, hidden: Set[str] = frozenset()) -> list[BlockInfo]:
    """Return the leaves to show, in order; `hidden` are blocks that this learner does not meet."""
    info = blocks[unit_id]
    if unit_id in hidden:
        return []
    if info.block_type not in CONTAINERS or not info.is_supported or waits(info, hidden):
        return [info]
    return [leaf for child in info.children for leaf in shown_blocks(blocks, child, hidden)]


def waits(info: BlockInfo, hidden: Set[str]) -> bool:
    """True for a condition that does not hold yet: the learner is told so in its place."""
    return info.block_type == CONDITIONAL and bool(info.children) and set(info.children) <= hidden


def render_unit(runtime: UnitRuntime, shown: Iterable[BlockInfo]) -> RenderedUnit:
    """Render the blocks of a unit; the state rows must have been fetched."""
    unit = RenderedUnit()
    for info in shown:
        if info.inherited.get("visible_to_staff_only") or info.fields.get("settings", {}).get("visible_to_staff_only"):
            continue
        unit.blocks.append(render_block(runtime, info, unit))
    _give_up_unstorable(runtime, unit)
    return unit


def _give_up_unstorable(runtime: UnitRuntime, unit: RenderedUnit) -> None:
    """Put the panel in the place of blocks that left behind what no row can hold: the others are stored."""
    failed = {_standing(runtime, unit, usage_id): why for usage_id, why in runtime.rows.unstorable().items()}
    for number, block in enumerate(unit.blocks):
        if block.usage_id in failed:
            log.error("block %s of version %s failed", block.usage_id, runtime.grant.version_id)
            info, why = runtime.blocks[block.usage_id], failed[block.usage_id]
            unit.blocks[number] = _panel(info, "failed", reason=_why(info, why) if runtime.grant.tells else "")


def _standing(runtime: UnitRuntime, unit: RenderedUnit, usage_id: str) -> str:
    """Return the block of the unit that a block is or stands in; "" for neither."""
    there = {block.usage_id for block in unit.blocks}
    while usage_id in runtime.blocks and usage_id not in there:
        usage_id = runtime.blocks[usage_id].parent_usage_id
    return usage_id if usage_id in there else ""


def render_block(runtime: UnitRuntime, info: BlockInfo, unit: RenderedUnit) -> RenderedBlock:
    """Render one block and note its resources; whatever it raises ends here."""
    if info.is_supported and info.block_type == CONDITIONAL:
        return _panel(info, "waiting")
    if info.block_type == "discussion":
        return _panel(info, "discussion")  # the unit's page links to the threads, outside this frame
    if not info.is_supported or info.block_type in CONTAINERS:
        return _panel(info, "placeholder", reason=sentence(info.reason) if runtime.grant.tells and info.reason else "")
    try:
        return view_of(runtime, runtime.block(info.usage_id), info, unit)
    except Exception:  # a block's code is a stranger's and may raise anything
        log.exception("block %s of version %s failed", info.usage_id, runtime.grant.version_id)
        return _panel(info, "failed", reason=_why(info, sys.exc_info()[1]) if runtime.grant.tells else "")


def view_of(runtime: UnitRuntime, block: XBlock, info: BlockInfo, unit: RenderedUnit) -> RenderedBlock:
    """Render a block that has been made; its errors come through."""
    view = blockviews.VIEWS.get(info.block_type)
    if view is not None and not blockviews.wants_package(block, info):
        context = {**view(block, info, runtime), "usage": info.usage_id, "title": info.display_name}
        body = render_to_string(f"{TEMPLATES}/{info.block_type}.html", context)
        block.save()
        return _shown(runtime, info, body)
    return _package_view(runtime, block, info, unit)


def _package_view(runtime: UnitRuntime, block: XBlock, info: BlockInfo, unit: RenderedUnit) -> RenderedBlock:
    own = getattr(block, "student_view", None)
    fragment = own({}) if own else block.fallback_view("student_view", {})
    block.save()
    for resource in fragment.resources:
        _note(resource, unit)
    arguments = getattr(fragment, "json_init_args", None)
    body = fragment.body_html()
    return _shown(
        runtime,
        info,
        body if info.block_type == "problem" else runtime.urls.replace(body),
        init=fragment.js_init_fn or "",
        arguments="" if arguments is None else json.dumps(arguments),
    )


def _note(resource: Any, unit: RenderedUnit) -> None:
    """Add a script or style, once."""
    if resource.mimetype not in resources.ENDINGS:
        return
    url = resource.data if resource.kind == "url" else resources.inline_url(resource.data, resource.mimetype)
    wanted = unit.styles if resource.mimetype == "text/css" else unit.scripts
    if url not in wanted:
        wanted.append(url)


def _shown(runtime: UnitRuntime, info: BlockInfo, body: str, init: str = "", arguments: str = "") -> RenderedBlock:
    title = "" if info.block_type in blockviews.UNTITLED or init else info.display_name
    return RenderedBlock(
        usage_id=info.usage_id,
        block_type=info.block_type,
        title=title,
        state="shown",
        body=mark_safe(body),  # noqa: S308  # rendered by templates or by the block, whose place this frame is
        handlers=runtime.handler_base(info.usage_id),
        init=init,
        arguments=mark_safe(arguments.replace("<", "\\u003c")),  # noqa: S308  # JSON inside a script element
    )


def _why(info: BlockInfo, error: BaseException | None) -> str:
    """Say to an author why a block failed: the sandbox that is missing, or what its code said."""
    if info.needs_sandbox and not sandbox.is_there():
        return gettext("It runs the author's Python, which needs a sandbox; this installation has none.")
    return f"{type(error).__name__}: {error}"[:REASON_CHARACTERS_MAX]


def _panel(info: BlockInfo, state: str, reason: str = "") -> RenderedBlock:
    settings = info.fields.get("settings", {})
    message = settings.get("message") or settings.get("conditional_message") or ""
    context = {"title": info.display_name, "block_type": info.block_type, "reason": reason, "message": message}
    body = mark_safe(render_to_string(f"{TEMPLATES}/{state}.html", context))  # noqa: S308  # our own template
    return RenderedBlock(info.usage_id, info.block_type, "", state, body)
