"""What content tells its neighbours: frozen values, never rows."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One immutable version of a course's content."""

    id: int
    uuid: UUID
    course_id: int
    course_label: str
    number: int
    digest: str
    title: str
    source_name: str
    grading_policy: dict[str, Any]
    block_count: int
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class BlockInfo:
    """One block with its authored fields.

    `fields` is {"settings": {name: json}, "content": {name: json}} for `field.from_json`; `inherited` holds what
    ancestors give and the block itself does not set (graded, format, start, due, visible_to_staff_only, …).
    `children` are usage ids in order. `level` is course, section, subsection, unit or block.
    """

    usage_id: str
    block_type: str
    url_name: str
    parent_usage_id: str
    unit_usage_id: str
    subsection_usage_id: str
    level: str
    ordinal: int
    display_name: str
    fields: dict[str, dict[str, Any]]
    inherited: dict[str, Any]
    graded: bool
    has_score: bool
    assignment_type: str
    support: str  # "supported", "placeholder", "refused"
    reason: str
    needs_sandbox: bool
    children: tuple[str, ...] = ()

    @property
    def is_supported(self) -> bool:
        """True when the runtime may build the real block; otherwise it shows a placeholder."""
        return self.support == "supported"


@dataclass(frozen=True, slots=True)
class OutlineNode:
    """A section, subsection or unit of the outline; the root is the course."""

    usage_id: str
    level: str
    display_name: str
    graded: bool = False
    assignment_type: str = ""
    start: str = ""  # ISO 8601, "" when the authors set none
    due: str = ""
    staff_only: bool = False
    block_types: tuple[str, ...] = ()  # of a unit: what stands in it, in order
    children: tuple["OutlineNode", ...] = ()

    def units(self) -> "tuple[OutlineNode, ...]":
        """Return the units below, in the order in which they are learnt."""
        if self.level == "unit":
            return (self,)
        return tuple(unit for child in self.children for unit in child.units())


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task in learners' own words: where it stands and who judges it."""

    version_id: int
    usage_id: str
    unit_usage_id: str
    name: str
    by_staff: bool  # an answer is not finished before a teacher has graded it
    peers_to_judge: int  # how many classmates' answers each learner judges; 0: classmates do not judge


@dataclass(frozen=True, slots=True)
class AssetInfo:
    """One file of a version; `open_asset` reads its bytes."""

    path: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class GradedSubsection:
    """A subsection that counts, with the blocks in it that have a score."""

    usage_id: str
    display_name: str
    assignment_type: str
    due: str
    block_usage_ids: tuple[str, ...] = field(default=())
