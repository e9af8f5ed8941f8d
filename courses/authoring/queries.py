"""Reads of drafts: the tree in one query, a unit with its blocks, what was done and published."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from courses.authoring import limits
from courses.authoring.models import ContentDraft, DraftBlock, DraftDeed, DraftFile, Publication
from courses.authoring.tree import Spot, Tree, tree_of
from courses.catalogue.models import Course
from courses.content.blocktypes import COMPOSITES
from courses.content.models import ContentVersion
from courses.runs.models import CourseRun
from edu.kernel import clock
from edu.kernel.errors import NotThere
from edu.people import api as people

SPOT = (
    "usage_id", "block_type", "parent_usage_id", "display_name", "support", "place_revision", "revision",
    "needs_sandbox",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed and who did it, as a person reads it."""

    verb: str
    usage_id: str
    name: str
    by: str
    happened_at: object


def draft_of(course: Course) -> ContentDraft | None:
    """Return a course's draft, or None while nobody has begun one."""
    return ContentDraft.objects.select_related("base").defer("base__report").filter(course=course).first()


def tree(draft: ContentDraft) -> Tree:
    """Return the tree of a draft, in one query for any number of blocks."""
    rows = DraftBlock.objects.filter(draft=draft).order_by("position").values_list(*SPOT)
    return tree_of(Spot(*row) for row in rows)


def blocks_in(draft: ContentDraft, usage_ids: Iterable[str]) -> dict[str, DraftBlock]:
    """Return blocks with all they hold by id, in one query."""
    rows = DraftBlock.objects.filter(draft=draft, usage_id__in=list(usage_ids))
    return {row.usage_id: row for row in rows}


def is_part_of_composite(draft: ContentDraft, row: DraftBlock) -> bool:
    """True when a block stands in a composite one, which has the score for all its parts."""
    parent = DraftBlock.objects.filter(draft=draft, usage_id=row.parent_usage_id).values_list("block_type", flat=True)
    return parent.first() in COMPOSITES


def files_of(draft: ContentDraft) -> list[DraftFile]:
    """Return a draft's files by path."""
    return list(DraftFile.objects.filter(draft=draft).order_by("path"))


def file_at(draft: ContentDraft, path: str) -> DraftFile:
    """Return a file of a draft by its path; NotThere otherwise."""
    row = DraftFile.objects.filter(draft=draft, path=path).first()
    if row is None:
        raise NotThere("no-such-file")
    return row


def pictures(draft: ContentDraft, text: str) -> tuple[list[str], int]:
    """Return the paths of a draft's pictures with a text's words in their name, newest first; and how many more."""
    rows = DraftFile.objects.filter(draft=draft, path__startswith="static/", media_type__startswith="image/")
    for word in text.split():
        rows = rows.filter(path__icontains=word)
    found = list(rows.order_by("-id").values_list("path", flat=True))
    return found[: limits.CHOICES_SHOWN], max(len(found) - limits.CHOICES_SHOWN, 0)


def last_deeds(draft: ContentDraft) -> list[Deed]:
    """Return the last things done in a draft, the latest first, in two queries."""
    return _named(DraftDeed.objects.filter(draft=draft).order_by("-id")[: limits.DEEDS_SHOWN])


def deed_at(draft: ContentDraft, revision: int) -> Deed | None:
    """Return what was done at a revision, and by whom."""
    return next(iter(_named(DraftDeed.objects.filter(draft=draft, revision=revision))), None)


def last_deed_on(draft: ContentDraft, usage_id: str) -> Deed | None:
    """Return the last thing done to a block, though the block be gone."""
    return next(iter(_named(DraftDeed.objects.filter(draft=draft, usage_id=usage_id).order_by("-id")[:1])), None)


def _named(rows: "QuerySet[DraftDeed]") -> list[Deed]:
    found = list(rows)
    names = _names(row.actor_person_uuid for row in found)
    return [
        Deed(row.verb, row.usage_id, row.name, names.get(row.actor_person_uuid, ""), row.happened_at) for row in found
    ]


def _names(uuids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    wanted = {uuid for uuid in uuids if uuid}
    return {uuid: info.name for uuid, info in people.persons(wanted).items()} if wanted else {}


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """A publication as a person reads it."""

    publication: Publication
    by: str


def publications_of(course: Course) -> list[PublicationLine]:
    """Return a course's publish log, the latest first, in two queries."""
    rows = Publication.objects.filter(course=course).select_related("version", "previous")
    found = list(rows.defer("version__report", "previous__report").order_by("-id"))
    names = _names(row.actor_person_uuid for row in found)
    return [PublicationLine(row, names.get(row.actor_person_uuid, "")) for row in found]


def published_version(course: Course) -> ContentVersion | None:
    """Return the version that was published last, or None."""
    last = Publication.objects.filter(course=course).select_related("version").order_by("-id").first()
    return last.version if last else None


def newest_version(course: Course) -> ContentVersion | None:
    """Return a course's newest version, imported or saved, or None."""
    return ContentVersion.objects.filter(course=course).defer("report").order_by("-number").first()


def runs_to_publish_to(course: Course) -> list[CourseRun]:
    """Return the runs of a course that have not ended, the next one first."""
    runs = CourseRun.objects.filter(course=course, ends_on__gte=clock.today())
    return list(runs.select_related("content").defer("content__report").order_by("starts_on", "code"))
