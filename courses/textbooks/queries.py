"""Reads: the shelf of textbooks, one textbook with its packs, what the author's page shows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import get_language

from courses.catalogue.models import Course, Textbook, TextbookDeed
from courses.catalogue.queries import course_info
from courses.content.models import ContentPin, ContentVersion
from courses.data import CourseInfo
from courses.textbooks.models import TextbookPack
from courses.textbooks.states import OPEN, PackStatus
from courses.textbooks.wording import LEFT_OUT, REASONS, STATUS_WORDS, VERBS
from edu.institutions import api as institutions
from edu.people import api as people

PACKS_SHOWN = 50  # a publication a week for a year
ENDED_SHOWN = 10  # packs that were refused or failed, on the author's page


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """A textbook on the shelf; `pack` is None while none is ready."""

    textbook: Textbook
    course: CourseInfo
    institution: str
    pack: TextbookPack | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A textbook's page: the pack that is offered, and all that were."""

    textbook: Textbook
    course: CourseInfo
    institution: str
    institution_code: str
    pack: TextbookPack | None
    packs: list[TextbookPack]

    @property
    def earlier(self) -> list[TextbookPack]:
        """The packs that are not the offered one."""
        return [pack for pack in self.packs if pack is not self.pack]

    @property
    def chapters(self) -> list[dict[str, Any]]:
        """Return the chapters of the offered pack, each with `name` and `units`."""
        found: list[dict[str, Any]] = self.pack.contents.get("chapters", []) if self.pack else []
        return found

    @property
    def left_out(self) -> list[tuple[Any, int]]:
        """Return what is not in the offered pack, in words, each with how many."""
        found = self.pack.contents.get("left_out", {}) if self.pack else {}
        return [(LEFT_OUT[kind], count) for kind, count in found.items() if kind in LEFT_OUT]


def shelf() -> list[ShelfLine]:
    """Return all textbooks by institution and name: those with a pack first."""
    books = Textbook.objects.filter(is_active=True).select_related("course__institution").order_by("course__code")
    rows = list(books)
    made = made_by_textbook([row.pk for row in rows])
    names = institutions.names_today({row.course.institution.uuid for row in rows}, get_language() or "zh-hans")
    lines = [
        ShelfLine(
            row, course_info(row.course), names.get(row.course.institution.uuid, ""), offered(made.get(row.pk, []))
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.pack is None, line.institution, line.course.code))


def shown(textbook: Textbook) -> Shown:
    """Return a textbook's page, from a row that was fetched with its course and institution."""
    packs = made_by_textbook([textbook.pk]).get(textbook.pk, [])[:PACKS_SHOWN]
    info = institutions.institution(textbook.course.institution.uuid)
    return Shown(
        textbook,
        course_info(textbook.course),
        info.name(get_language() or "zh-hans"),
        info.code or "",
        offered(packs),
        packs,
    )


def made_by_textbook(ids: Iterable[int] | None = None) -> dict[int, list[TextbookPack]]:
    """Return the packs that were made, by textbook, the newest first, each with `published` (a version's id)."""
    pins = ContentPin.objects.filter(run__course=OuterRef("textbook__course")).order_by("-id")
    rows: QuerySet[TextbookPack] = TextbookPack.objects.filter(status=PackStatus.DONE).select_related("version", "key")
    if ids is not None:
        rows = rows.filter(textbook__in=list(ids))
    found: dict[int, list[TextbookPack]] = defaultdict(list)
    for row in rows.annotate(published=Subquery(pins.values("version")[:1])).order_by("-ended_at", "-id"):
        found[row.textbook_id].append(row)
    return dict(found)


def offered(packs: Sequence[TextbookPack]) -> TextbookPack | None:
    """Return the pack that schools are pointed to: of what learners see now, else of the newest version."""
    published = [pack for pack in packs if pack.version_id == pack.published]  # type: ignore[attr-defined]  # annotated
    return next(iter(published), None) or max(packs, key=lambda pack: (pack.version.number, pack.pk), default=None)


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack as its author reads it."""

    pack: TextbookPack
    tone: str
    word: Any
    why: Any
    is_offered: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The author's page of a textbook."""

    packs: list[PackLine]
    is_open: bool
    versions: list[ContentVersion]
    deeds: list[dict[str, Any]]


def desk(course: Course, textbook: Textbook | None) -> Desk:
    """Return what an author sees of a course as a textbook."""
    versions = list(ContentVersion.objects.filter(course=course).only("number", "title").order_by("-number"))
    if textbook is None:
        return Desk([], False, versions, [])
    best = offered(made_by_textbook([textbook.pk]).get(textbook.pk, []))
    rows = textbook.packs.select_related("version", "key")[: PACKS_SHOWN + ENDED_SHOWN]
    lines = [_line(row, best) for row in rows]
    return Desk(lines, any(line.pack.status in OPEN for line in lines), versions, _deeds(textbook))


def _line(row: TextbookPack, best: TextbookPack | None) -> PackLine:
    tone, word = STATUS_WORDS[row.status]
    return PackLine(row, tone, word, REASONS.get(row.code, ""), best is not None and row.pk == best.pk)


def _deeds(textbook: Textbook) -> list[dict[str, Any]]:
    """Return who marked and changed it, the last deed first, as a log of the page."""
    rows: list[TextbookDeed] = list(textbook.deeds.order_by("-id"))
    persons = {row.actor_person_uuid for row in rows if row.actor_person_uuid}
    names = {uuid: info.name for uuid, info in people.persons(persons).items()} if persons else {}
    return [
        {
            "what": VERBS[row.verb],
            "note": " · ".join(filter(None, [row.edition, row.approval_number, row.licence])),
            "who": names.get(row.actor_person_uuid, "") if row.actor_person_uuid else "",
            "when": row.happened_at,
        }
        for row in rows
    ]
