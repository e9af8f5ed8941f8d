"""A unit of a draft with the real runtime, for its author: nothing that is done in it is kept, and no learner is near.

The frame has no cookies: its addresses carry who looks at which unit, signed, and expire as those of learners do.
"""

from dataclasses import dataclass
from uuid import UUID

import webob
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from xblock.exceptions import NoSuchHandlerError

from courses.authoring import assembling, queries
from courses.authoring.models import ContentDraft, DraftBlock, DraftFile
from courses.content import choosing, rules
from courses.content.choosing import Item
from courses.content.data import BlockInfo
from courses.content.openresponse import BLOCK_TYPE
from courses.content.storage import open_asset
from courses.runtime import addresses, handlers, judging, rendering, scripts
from courses.runtime.access import Place
from courses.runtime.actions import Handled
from courses.runtime.assets import bare
from courses.runtime.grants import FRAME_AGE_S_MAX, HANDLER_AGE_S_MAX, Grant, register_purpose
from courses.runtime.rendering import RenderedUnit
from courses.runtime.runtime import UnitRuntime
from edu.kernel.errors import NotPermitted, NotThere, Stale

FRAME_SALT = "courses.authoring.frame"
HANDLER_SALT = "courses.authoring.handler"
NO_RUN = 0
BELOW = "/d"  # where the addresses of drafts lie under the frame's origin


@dataclass(frozen=True, slots=True)
class Look:
    """One author's right to look at one unit of one draft. `usage_id` is the block in a handler's address."""

    person_id: int
    draft: UUID
    unit_id: str
    usage_id: str
    language: str


def frame_url(look: Look, course_label: str) -> str:
    """Return the signed address of a unit's preview."""
    token = _sign(look, FRAME_SALT)
    return addresses.origin(course_label) + addresses.frame_path("draft-frame", token)


def read_frame(token: str) -> Look:
    """Return what a frame's address allows; NotPermitted if it was not signed here, Stale if its time is over."""
    return _read(token, FRAME_SALT, FRAME_AGE_S_MAX)


def read_handler(token: str) -> Look:
    """Return what a handler's address allows; NotPermitted if it was not signed here, Stale if its time is over."""
    return _read(token, HANDLER_SALT, HANDLER_AGE_S_MAX)


def _sign(look: Look, salt: str) -> str:
    values = [look.person_id, look.draft.hex, look.unit_id, look.usage_id, look.language]
    return signing.dumps(values, salt=salt, compress=True)


def _read(token: str, salt: str, age_s_max: int) -> Look:
    try:
        person_id, draft, unit_id, usage_id, language = signing.loads(token, salt=salt, max_age=age_s_max)
    except signing.SignatureExpired:
        raise Stale("address-expired", _("This preview has been open for too long. Reload it.")) from None
    except (signing.BadSignature, ValueError):
        raise NotPermitted("address-forged", _("This address was not made by this site.")) from None
    return Look(person_id, UUID(draft), unit_id, usage_id, language)


class DraftRuntime(UnitRuntime):
    """Runs the blocks of a draft's unit: no rows are read and none written."""

    opens_tools = False
    files_below = BELOW

    def __init__(self, look: Look, place: Place, blocks: dict[str, BlockInfo]) -> None:
        self.look = look
        grant = Grant(look.person_id, NO_RUN, 0, look.unit_id, look.usage_id, False, look.language, True)
        super().__init__(grant, place, blocks)

    def has_package(self, path: str) -> bool:
        """True when the draft has an archive at a path."""
        try:
            return bool(file_of(self.look.draft, path))
        except NotThere:
            return False

    def script_library(self) -> bytes | None:
        """Return what scripts of the draft's problems may import."""
        try:
            found = file_of(self.look.draft, scripts.LIBRARY)
        except NotThere:
            return None
        with open_asset(found.sha256) as stream:
            return stream.read() if found.size <= scripts.LIBRARY_BYTES_MAX else None

    def handler_base(self, usage_id: str) -> str:
        """Return the signed address under which a block's handlers lie, without a slash at the end."""
        if usage_id not in self._tokens:
            look = Look(self.look.person_id, self.look.draft, self.look.unit_id, usage_id, self.look.language)
            self._tokens[usage_id] = _sign(look, HANDLER_SALT)
        return addresses.frame_path("draft-handlers", self._tokens[usage_id]).rstrip("/")


def open_unit(look: Look) -> tuple[DraftRuntime, RenderedUnit]:
    """Render a unit of a draft as a learner would first see it, in three queries; nothing is kept."""
    runtime = _runtime(look)
    blocks = runtime.blocks
    items = [
        Item(info.usage_id, info.parent_usage_id, info.block_type, info.fields.get("settings", {}))
        for info in blocks.values()
    ]
    left_out = choosing.left_out(choosing.choosers(items), choosing.learner(NO_RUN, look.person_id))
    shown = rendering.shown_blocks(blocks, look.unit_id, left_out)
    with transaction.atomic():
        unit = rendering.render_unit(runtime, shown)
        transaction.set_rollback(True)
    return runtime, unit


def call_handler(look: Look, handler: str, suffix: str, request: webob.Request) -> Handled:
    """Run a block's handler and forget what it changed; NotThere when there is no such block or handler."""
    runtime = _runtime(look)
    if look.usage_id not in runtime.blocks or not runtime.blocks[look.usage_id].is_supported:
        raise NotThere("no-such-block")
    handlers.require_learners(runtime.blocks[look.usage_id].block_type, handler)
    block = runtime.block(look.usage_id)
    with transaction.atomic():
        if runtime.blocks[look.usage_id].block_type == BLOCK_TYPE:
            judging.enter(runtime, handler)  # says that whoever only looks stores nothing
        try:
            response = runtime.handle(block, handler, request, suffix)
        except NoSuchHandlerError:
            raise NotThere("no-such-handler") from None
        transaction.set_rollback(True)  # blocks with tables of their own (open response) write past the runtime's rows
    return Handled(response, runtime, block)


def _runtime(look: Look) -> DraftRuntime:
    draft = ContentDraft.objects.select_related("course").filter(uuid=look.draft).first()
    if draft is None:
        raise NotThere("no-draft")
    place = Place(draft.course.label, NO_RUN, 0, draft.uuid)
    return DraftRuntime(look, place, blocks_of_unit(draft, look.unit_id))


def blocks_of_unit(draft: ContentDraft, unit_id: str) -> dict[str, BlockInfo]:
    """Return a unit's blocks by usage id in order, the unit first, in two queries; NotThere when it is gone."""
    tree = queries.tree(draft)
    if unit_id not in tree.spots or tree.unit_of(unit_id) != unit_id:
        raise NotThere("no-such-unit")
    wanted = [spot.usage_id for spot in (*tree.above(unit_id), *tree.below(unit_id))]
    rows = DraftBlock.objects.filter(draft=draft, usage_id__in=wanted).order_by("position")
    found = assembling.infos(assembling.ordered(rows))
    return {info.usage_id: info for info in found if info.unit_usage_id == unit_id}


def file_of(draft: UUID, path: str) -> DraftFile:
    """Return a file of a draft by "fig.png", "static/fig.png" or as Studio spells it; NotThere otherwise."""
    names = (f"static/{bare(path)}", path)
    keys = {rules.asset_key(name) for name in names}
    found_rows = DraftFile.objects.filter(draft__uuid=draft, key__in=keys).select_related("draft__course")
    rows = {row.path: row for row in found_rows.order_by("path")}
    exact = next((rows[name] for name in names if name in rows), None)
    found = exact or next(iter(rows.values()), None)
    if found is None:
        raise NotThere("no-such-file")
    return found


register_purpose(FRAME_SALT)
register_purpose(HANDLER_SALT)
