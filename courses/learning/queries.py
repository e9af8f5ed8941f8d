"""What the learner's screens show."""

import datetime as dt
from dataclasses import dataclass

from courses.content.data import OutlineNode
from courses.content.dates import moment_of
from courses.content.queries import outline
from courses.learning.access import Mode, Study
from courses.progress.queries import advance_of
from courses.progress.rules import Advance
from courses.runtime import addresses, grants, passes
from courses.runtime.grants import Grant
from edu.kernel.errors import NotThere


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the outline."""

    usage_id: str
    name: str
    done: bool
    begun: bool
    current: bool


@dataclass(frozen=True, slots=True)
class SubsectionLines:
    """A subsection in the outline, with its units."""

    name: str
    due_at: dt.datetime | None
    graded: bool
    done: bool
    units: tuple[UnitLine, ...]


@dataclass(frozen=True, slots=True)
class SectionLines:
    """A section in the outline."""

    name: str
    subsections: tuple[SubsectionLines, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The outline as one learner sees it."""

    sections: tuple[SectionLines, ...]
    advance: Advance
    next_name: str

    def units(self) -> list[UnitLine]:
        """Return all units in order."""
        return [u for section in self.sections for subsection in section.subsections for u in subsection.units]


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit with its neighbours."""

    usage_id: str
    name: str
    section: str
    subsection: str
    number: int
    total: int
    previous: UnitLine | None
    following: UnitLine | None
    frame_url: str
    frame_origin: str


def contents_of(study: Study, current: str = "") -> Contents:
    """Return the outline of the run's content with the person's progress; NotThere while there is no content."""
    version = study.run.content
    if version is None:
        raise NotThere("no-content")
    advance = advance_of(study.run.pk, study.person_id, version.pk, version.uuid)
    sections = tuple(
        SectionLines(section.display_name, tuple(_subsection(s, advance, current) for s in shown(section)))
        for section in shown(outline(version.pk))
    )
    names = {unit.usage_id: unit.name for s in sections for subsection in s.subsections for unit in subsection.units}
    return Contents(sections, advance, names.get(advance.next_unit, ""))


def shown(node: OutlineNode) -> list[OutlineNode]:
    """Return the children that learners see."""
    return [child for child in node.children if not child.staff_only]


def _subsection(node: OutlineNode, advance: Advance, current: str) -> SubsectionLines:
    units = tuple(
        UnitLine(
            usage_id=unit.usage_id,
            name=unit.display_name,
            done=unit.usage_id in advance.units_done,
            begun=unit.usage_id in advance.units_begun,
            current=unit.usage_id == current,
        )
        for unit in shown(node)
    )
    done = node.usage_id in advance.subsections_done
    return SubsectionLines(node.display_name, moment_of(node.due), node.graded, done, units)


def unit_page(study: Study, contents: Contents, usage_id: str, language: str) -> UnitPage:
    """Return a unit's page; NotThere for a unit that the version does not have or learners do not see."""
    units = contents.units()
    place = next((number for number, unit in enumerate(units) if unit.usage_id == usage_id), None)
    version = study.run.content
    if place is None or version is None:
        raise NotThere("no-such-unit")
    section, subsection = next(
        (section.name, subsection.name)
        for section in contents.sections
        for subsection in section.subsections
        if any(unit.usage_id == usage_id for unit in subsection.units)
    )
    label = study.run.course.label
    grant = Grant(
        study.person_id,
        study.run.pk,
        version.pk,
        usage_id,
        usage_id,
        study.keeps,
        language,
        study.mode is Mode.PREVIEWS,
    )
    origin = addresses.origin(label)
    return UnitPage(
        usage_id=usage_id,
        name=units[place].name,
        section=section,
        subsection=subsection,
        number=place + 1,
        total=len(units),
        previous=units[place - 1] if place else None,
        following=units[place + 1] if place + 1 < len(units) else None,
        frame_url=f"{origin}{addresses.frame_path('frame', grants.sign_frame(grant))}?u={_place(grant)}",
        frame_origin="null" if addresses.is_opaque() else origin,
    )


def _place(grant: Grant) -> str:
    """Name the person's unit for the device: the frame's address changes with each visit, and the stored one stays."""
    return passes.owner_id(grant.person_id, f"{grant.run_id}:{grant.unit_id}")[:16]
