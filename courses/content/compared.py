"""Two versions of a course side by side, for the page of authors: four queries, and one for the texts of a page.

Versions never change, so what differs between two is kept by the process; texts are read for one page at a time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import F, TextField, Value
from django.db.models.functions import MD5, Cast, Concat, Length
from django.utils.translation import gettext_lazy as _

from courses.content import comparing, limits, textdiff
from courses.content.blocktypes import CONTAINERS
from courses.content.comparing import BlockChange, Body, FieldChange, FileChange, FileShape, Kind, Shape
from courses.content.models import ContentAsset, ContentBlock, ContentVersion

PAIRS_MAX = 8  # comparisons kept by a process: some MB each for the largest course

KIND_WORDS: dict[str, tuple[str, Any]] = {
    Kind.ADDED.value: ("ok", _("Added")),
    Kind.REMOVED.value: ("bad", _("Removed")),
    Kind.MOVED.value: ("info", _("Moved")),
    Kind.RENAMED.value: ("info", _("Renamed")),
    Kind.CHANGED.value: ("warn", _("Changed")),
}
# Names of fields that authors meet; what is not here is shown as the block calls it.
FIELD_WORDS: dict[str, Any] = {
    "data": _("Text"),
    comparing.ASIDES: _("Marks beside the block"),
    comparing.DEFINITION: _("Definition"),
    "start": _("Start"),
    "due": _("Due"),
    "graded": _("Counts towards the grade"),
    "format": _("Type of assignment"),
    "max_attempts": _("Attempts"),
    "weight": _("Points"),
    "showanswer": _("When the answer is shown"),
    "visible_to_staff_only": _("Hidden from learners"),
    "html5_sources": _("Video files"),
    "transcripts": _("Captions"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions; texts are not in it."""

    old_id: int
    new_id: int
    blocks: tuple[BlockChange, ...]
    files: tuple[FileChange, ...]
    grading_differs: bool
    names: dict[str, tuple[str, str]]  # usage id → (name, parent's usage id), new before old
    unread: frozenset[str]  # their texts were too many to be looked into: they may differ in their name only

    def counts(self) -> dict[str, int]:
        """Return kind → number of blocks of which it is true."""
        return {kind.value: sum(kind in change.kinds for change in self.blocks) for kind in Kind}

    def of_kind(self, kind: str) -> list[BlockChange]:
        """Return the changes of one kind, or all for another word."""
        known = kind in Kind.__members__.values()
        return [change for change in self.blocks if not known or Kind(kind) in change.kinds]

    @property
    def is_empty(self) -> bool:
        """True when nothing differs that this comparison knows of."""
        return not (self.blocks or self.files or self.grading_differs)


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field that differs, as the page shows it."""

    name: Any
    before: str
    after: str
    diff: textdiff.TextDiff | None = None  # for texts
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A block that differs, as the page shows it."""

    change: BlockChange
    words: tuple[tuple[str, Any], ...]
    name: str
    name_before: str  # where it was renamed
    path: tuple[str, ...]
    path_before: tuple[str, ...]  # where it was moved
    fields: tuple[FieldLine, ...]
    fields_more: int
    is_unread: bool  # its text is too long to be looked into


def comparison(old: ContentVersion, new: ContentVersion) -> Comparison:
    """Return what differs between two versions, in four queries or, when it was asked before, in none."""
    return _comparison(old.uuid, new.uuid)


@lru_cache(maxsize=PAIRS_MAX)
def _comparison(old_uuid: UUID, new_uuid: UUID) -> Comparison:
    versions = {row.uuid: row for row in ContentVersion.objects.filter(uuid__in=[old_uuid, new_uuid]).defer("report")}
    old, new = versions[old_uuid], versions[new_uuid]
    shapes = _shapes([old.pk, new.pk])
    changes = comparing.block_changes(shapes[old.pk], shapes[new.pk])
    read = _affordable(changes)
    bodies = _bodies([old.pk, new.pk], read)
    files = _files([old.pk, new.pk])
    settled = [_settled(change, bodies, old.pk, new.pk) if change.usage_id in read else change for change in changes]
    both = (*shapes[old.pk], *shapes[new.pk])
    return Comparison(
        old_id=old.pk,
        new_id=new.pk,
        blocks=tuple(change for change in settled if change),
        files=tuple(comparing.file_changes(files[old.pk], files[new.pk])),
        grading_differs=old.grading_policy != new.grading_policy,
        names={shape.usage_id: (shape.display_name or shape.usage_id, shape.parent_usage_id) for shape in both},
        unread=frozenset(c.usage_id for c in changes if Kind.CHANGED in c.kinds and c.usage_id not in read),
    )


def page_lines(found: Comparison, changes: Iterable[BlockChange], *, lines_max: int) -> list[ChangeLine]:
    """Return changes as the page shows them, in one query; `lines_max` bounds the lines of each text."""
    changes = list(changes)
    wanted = _affordable(changes)
    bodies = _bodies([found.old_id, found.new_id], wanted)
    return [_line(found, change, bodies, wanted, lines_max) for change in changes]


def _line(
    found: Comparison,
    change: BlockChange,
    bodies: dict[tuple[int, str], Body],
    wanted: set[str],
    lines_max: int,
) -> ChangeLine:
    shape = change.shape
    fields: list[FieldChange] = []
    if change.usage_id in wanted:
        fields = comparing.field_changes(bodies[found.old_id, change.usage_id], bodies[found.new_id, change.usage_id])
    shown = fields[: limits.DIFF_FIELDS_LISTED]
    moved, renamed = Kind.MOVED in change.kinds, Kind.RENAMED in change.kinds
    return ChangeLine(
        change=change,
        words=tuple(KIND_WORDS[kind.value] for kind in change.kinds),
        name=shape.display_name or shape.usage_id,
        name_before=change.before.display_name if renamed and change.before else "",
        path=_path(found, shape.parent_usage_id),
        path_before=_path(found, change.before.parent_usage_id) if moved and change.before else (),
        fields=tuple(_field(field, lines_max) for field in shown),
        fields_more=len(fields) - len(shown),
        is_unread=Kind.CHANGED in change.kinds and change.usage_id not in wanted,
    )


def _path(found: Comparison, usage_id: str) -> tuple[str, ...]:
    """Return the names of what a block stands in, the course itself left out."""
    names: list[str] = []
    while usage_id in found.names and len(names) < limits.TREE_DEPTH_MAX:
        name, parent = found.names[usage_id]
        if parent:
            names.append(name)
        usage_id = parent
    return tuple(reversed(names))


def _field(field: FieldChange, lines_max: int) -> FieldLine:
    name = FIELD_WORDS.get(field.name, field.name)
    if field.is_secret:
        return FieldLine(name, "", "", is_secret=True)
    before, after = comparing.in_words(field.before), comparing.in_words(field.after)
    if field.is_text:
        return FieldLine(name, "", "", textdiff.compare(before, after, lines_max=lines_max))
    return FieldLine(name, _short(before), _short(after))


def _short(value: str) -> str:
    most = limits.DIFF_VALUE_CHARACTERS
    return value if len(value) <= most else f"{value[:most]}…"


def grading_diff(old: ContentVersion, new: ContentVersion) -> textdiff.TextDiff:
    """Return how the grading policies differ."""
    before, after = (comparing.pretty(version.grading_policy) for version in (old, new))
    return textdiff.compare(before, after, lines_max=limits.DIFF_LINES_MAX)


def _shapes(version_ids: list[int]) -> dict[int, list[Shape]]:
    said = Concat(Cast("fields", TextField()), Value("\n"), F("olx"), output_field=TextField())
    rows = (
        ContentBlock.objects.filter(version_id__in=version_ids)
        .order_by("version_id", "ordinal")
        .annotate(fingerprint=MD5(said), length=Length(said))
        .values_list(
            "version_id", "usage_id", "block_type", "parent_usage_id", "level", "unit_usage_id", "display_name",
            "fingerprint", "length",
        )
    )  # fmt: skip
    found: dict[int, list[Shape]] = {version_id: [] for version_id in version_ids}
    for version_id, *values in rows.iterator():
        found[version_id].append(Shape(*values))
    return found


def _affordable(changes: Iterable[BlockChange]) -> set[str]:
    """Return the changed blocks whose texts can be read, the first ones when they are too many."""
    left, read = limits.BODIES_CHARACTERS_MAX, set()
    for change in changes:
        if Kind.CHANGED in change.kinds and change.before and change.after:
            left -= change.before.size + change.after.size
            if left < 0:
                break
            read.add(change.usage_id)
    return read


def _bodies(version_ids: list[int], usage_ids: set[str]) -> dict[tuple[int, str], Body]:
    rows = ContentBlock.objects.filter(version_id__in=version_ids, usage_id__in=usage_ids)
    return {
        (version_id, usage_id): Body(
            fields.get("settings", {}), fields.get("content", {}), olx, is_container=kind in CONTAINERS
        )
        for version_id, usage_id, fields, olx, kind in rows.values_list(
            "version_id", "usage_id", "fields", "olx", "block_type"
        )
    }


def _settled(change: BlockChange, bodies: dict[tuple[int, str], Body], old_id: int, new_id: int) -> BlockChange | None:
    fields = comparing.field_changes(bodies[old_id, change.usage_id], bodies[new_id, change.usage_id])
    return comparing.settled(change, fields)


def _files(version_ids: list[int]) -> dict[int, list[FileShape]]:
    rows = ContentAsset.objects.filter(version_id__in=version_ids).order_by("path")
    found: dict[int, list[FileShape]] = {version_id: [] for version_id in version_ids}
    for version_id, path, sha256, size in rows.values_list("version_id", "path", "sha256", "size"):
        found[version_id].append(FileShape(path, sha256, size))
    return found
