"""Our XBlock runtime: blocks of one unit for one person."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from opaque_keys.edx.locator import BlockUsageLocator
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.exceptions import NoSuchUsage
from xblock.fields import Boolean, DateTime, Dict, Scope, ScopeIds, String
from xblock.runtime import IdReader, KvsFieldData, MemoryIdManager, Runtime

from courses.content.blocktypes import ANSWERING, COMPOSITES, CONTAINERS, UnknownBlockType, load_block_class
from courses.content.data import BlockInfo
from courses.runtime import addresses, fields, grants, keys, packed, resources, scripts, services, state
from courses.runtime.access import Place
from courses.runtime.answerfiles import AnswerFiles
from courses.runtime.assets import AssetUrls
from courses.runtime.grants import Grant
from courses.runtime.state import RowKey, StateRows


class BlockMixin:
    """What every block of ours carries besides its own fields."""

    graded = Boolean(default=False, scope=Scope.settings)
    format = String(default="", scope=Scope.settings)
    start = DateTime(default=None, scope=Scope.settings)
    due = DateTime(default=None, scope=Scope.settings)
    visible_to_staff_only = Boolean(default=False, scope=Scope.settings)
    group_access = Dict(default={}, scope=Scope.settings)

    @property
    def location(self) -> BlockUsageLocator:
        """The block's key, under its old name."""
        return self.scope_ids.usage_id  # type: ignore[attr-defined]

    @property
    def course_id(self) -> Any:
        """The run's key, under its old name."""
        return self.scope_ids.usage_id.context_key  # type: ignore[attr-defined]


class Absent(XBlock):  # type: ignore[misc, unused-ignore]  # XBlock brings no types
    """Stands for a block without a class inside one that has one: learners read that something is missing there."""

    def student_view(self, context: Any = None) -> Fragment:
        """Say that a part is not available."""
        words = gettext("A part of this block ({block_type}) is not available here.")
        return Fragment(format_html('<p class="notice">{}</p>', words.format(block_type=self.scope_ids.block_type)))


class UnitIds(IdReader):
    """Usage and definition are one: a version's blocks are not shared."""

    def get_definition_id(self, usage_id: BlockUsageLocator) -> BlockUsageLocator:
        """Return the key itself."""
        return usage_id

    def get_block_type(self, def_id: BlockUsageLocator) -> str:
        """Return the OLX tag."""
        return str(def_id.block_type)

    def get_usage_id_from_aside(self, aside_id: Any) -> Any:
        """There are no asides."""
        raise NoSuchUsage(repr(aside_id))

    get_definition_id_from_aside = get_usage_id_from_aside
    get_aside_type_from_usage = get_usage_id_from_aside
    get_aside_type_from_definition = get_usage_id_from_aside


class NoFiles:
    """The file system that problems may open: an empty one."""

    root_path = "/nonexistent"

    def open(self, name: str, *arguments: Any, **options: Any) -> Any:
        """Refuse every name."""
        raise FileNotFoundError(name)


REMEMBERED = "pb-answer@"  # the row of what a learner's blocks of a run share; no block has an empty name


def _arguments(arguments: Any) -> str:
    text = json.dumps(arguments).replace("<", "\\u003c")
    return f'<script type="application/json" class="block-arguments">{text}</script>'


@dataclass(frozen=True, slots=True)
class Published:
    """One event that a block published while it ran."""

    usage_id: str
    kind: str
    data: dict[str, Any] = field(default_factory=dict)


class UnitRuntime(Runtime):  # type: ignore[misc, unused-ignore]
    """Runs the blocks of one unit for one person, without touching the database while they run.

    Fetch or lock the rows of `row_keys()` first; afterwards `rows.write()` and store `published`.
    """

    is_author_mode = False
    user_is_staff = False
    get_real_user = None  # nobody's name is to be had
    suppports_state_for_anonymous_users = False  # spelt as blocks spell it
    resources_fs = NoFiles()
    export_fs = None
    modulestore = None
    opens_tools = True  # a draft opens none: its tools have no run to report to
    files_below = ""  # where the addresses of the course's files begin, after the frame's own prefix

    def __init__(self, grant: Grant, place: Place, blocks: Mapping[str, BlockInfo]) -> None:
        self.grant = grant
        self.place = place
        self.blocks = blocks
        self.rows = StateRows()
        self.published: list[Published] = []
        self.given_at: dt.datetime | None = None  # when the learner answered, if that was before now
        self.answer_files = AnswerFiles(grant)
        self.urls = AssetUrls(place.version_uuid, addresses.prefix() + self.files_below)
        self.course_id = keys.course_key(place.course_label, place.run_id)
        self.anonymous_student_id = grants.anonymous_id(grant.person_id, grant.run_id)
        store = fields.UnitStore(blocks, self.rows, grant.person_id, grant.run_id)
        named = services.services_for(grant, self.urls, self.rows, self.script_library)
        named["field-data"] = KvsFieldData(store)
        super().__init__(UnitIds(), MemoryIdManager(), mixins=(BlockMixin,), services=named)
        self._tokens: dict[str, str] = {}

    def script_library(self) -> bytes | None:
        """Return what scripts of the course's problems may import."""
        return scripts.library(self.place.version_id, self.place.version_uuid)

    def block(self, usage_id: str) -> XBlock:
        """Return the block with our id; UnknownBlockType when its package is not here."""
        block = self.get_block(keys.usage_key(self.course_id, usage_id))
        if isinstance(block, Absent):
            raise UnknownBlockType(self.blocks[usage_id].block_type)
        return block

    def get_block(self, usage_id: BlockUsageLocator, for_parent: Any = None) -> XBlock:
        """Return the block with an opaque key."""
        key = keys.usage_id(usage_id)
        if key not in self.blocks:
            raise NoSuchUsage(key)
        scope_ids = ScopeIds(self.grant.person_id, self.blocks[key].block_type, usage_id, usage_id)
        return self.construct_xblock(self.blocks[key].block_type, scope_ids, for_parent=for_parent)

    def load_block_type(self, block_type: str) -> type[XBlock]:
        """Return the class for an OLX tag: `Absent` for one that is not run here, so that its parent still works."""
        try:
            return load_block_class(block_type)
        except UnknownBlockType:
            return Absent

    def service(self, block: XBlock, service_name: str) -> Any:
        """Return a service; translations know the package of the block that asks."""
        found = super().service(block, service_name)
        if isinstance(found, services.TranslationService):
            original = getattr(block, "unmixed_class", type(block))
            return services.TranslationService(original.__module__.partition(".")[0])
        return found

    def has_package(self, path: str) -> bool:
        """True when the course has an archive at a path."""
        return packed.package(self.place.version_id, path) is not None

    def row_keys(self, usage_ids: list[str]) -> set[RowKey]:
        """Return the rows that these blocks may read or write; blocks without a class have none."""
        wanted: set[RowKey] = set()
        for usage_id in self._with_parts(usage_ids):
            info = self.blocks[usage_id]
            if info.block_type in ANSWERING:
                wanted.add(self._remembered_key())
            if info.is_supported and info.block_type not in CONTAINERS:
                wanted |= self._rows_of(info)
        return wanted

    def _rows_of(self, info: BlockInfo) -> set[RowKey]:
        block_class = self.mixologist.mix(self.load_block_type(info.block_type))
        return fields.row_keys_of(block_class, info.usage_id, info.block_type, self.grant.person_id, self.grant.run_id)

    def _with_parts(self, usage_ids: list[str]) -> Iterator[str]:
        """Yield the blocks, and all blocks of which composite ones among them are made."""
        for usage_id in usage_ids:
            yield usage_id
            info = self.blocks[usage_id]
            if info.block_type in COMPOSITES:
                yield from self._with_parts([child for child in info.children if child in self.blocks])

    def _remembered_key(self) -> RowKey:
        return state.user_key(self.grant.person_id, self.grant.run_id, REMEMBERED)

    def remembered(self, block: XBlock, what: str, name: str) -> Any:
        """Return what the learner's blocks of the run share under a name, or None."""
        return self.rows.row(self._remembered_key()).fields.get(what, {}).get(name)

    def remember(self, block: XBlock, what: str, name: str, value: Any) -> None:
        """Keep a value that the learner's blocks of the run share."""
        row = self.rows.row(self._remembered_key())
        row.fields.setdefault(what, {})[name] = value
        row.dirty = True

    def wrap_xblock(self, block: XBlock, view: str, frag: Fragment, context: Any) -> Fragment:
        """Put a block that stands inside another one into an element that the frame's script can bring to life."""
        usage_id = keys.usage_id(block.scope_ids.usage_id)
        arguments = getattr(frag, "json_init_args", None)
        wrapped = Fragment(
            format_html(
                '<div class="xblock xblock-{} {}" data-block="{}" data-block-type="{}" '
                'data-handlers="{}" data-name="{}"{}>'
                "{}{}</div>",
                view,
                " ".join(self._css_classes_for(block, view)),
                usage_id,
                block.scope_ids.block_type,
                self.handler_base(usage_id),
                getattr(block, "name", None) or "",
                format_html(' data-init="{}"', frag.js_init_fn) if frag.js_init_fn else "",
                mark_safe(frag.body_html()),  # noqa: S308  # a block's own view, in the frame of blocks
                "" if arguments is None else mark_safe(_arguments(arguments)),  # noqa: S308  # JSON in a script element
            )
        )
        wrapped.add_fragment_resources(frag)
        return wrapped

    def handler_base(self, usage_id: str) -> str:
        """Return the signed address under which a block's handlers lie, without a slash at the end."""
        if usage_id not in self._tokens:
            self._tokens[usage_id] = grants.sign_handler(self.grant.for_block(usage_id))
        return addresses.frame_path("handlers", self._tokens[usage_id]).rstrip("/")

    def handler_url(
        self, block: XBlock, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        """Return the signed address of a handler; third parties get the same one, it needs no sign-in."""
        url = f"{self.handler_base(keys.usage_id(block.scope_ids.usage_id))}/{handler_name}"
        if suffix:
            url += f"/{suffix}"
        return f"{url}?{query}" if query else url

    def resource_url(self, resource: str) -> str:
        """Return the address of a file of the platform; blocks of ours use none."""
        return addresses.frame_path("asset", self.place.version_uuid, resource)

    def local_resource_url(self, block: XBlock, uri: str) -> str:
        """Return the address of a file that comes with the block's package, named by what it holds."""
        inside = uri[uri.find("public/") :] if "public/" in uri else uri  # "problem/public/x.js": edX's
        return resources.package_url(block.scope_ids.block_type, inside)

    def publish(self, block: XBlock, event_type: str, event_data: dict[str, Any]) -> None:
        """Remember what a block announces; it is stored with the state it belongs to."""
        usage_id = keys.usage_id(block.scope_ids.usage_id)
        self.published.append(Published(usage_id, event_type, dict(event_data)))

    def applicable_aside_types(self, block: XBlock) -> list[str]:
        """Return none: asides are kept in the content and not run."""
        return []

    def get_policy(self, usage_id: Any) -> dict[str, Any]:
        """Return nothing: policies were merged into the fields at import."""
        return {}
