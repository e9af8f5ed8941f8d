"""Reads of batches: how far they are, and what went wrong for whom."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from credits.batches.models import Batch, BatchArchive, BatchLine
from credits.batches.rules import Counts
from credits.batches.states import LineStatus
from credits.ledger.models import Lot
from edu.people import api as people

WRONG = (LineStatus.REFUSED, LineStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A line that brought no certificate, with the person's number and name."""

    number: str
    name: str
    course: str
    code: str
    message: str


def counts_of(batch: Batch) -> Counts:
    """Return how far a batch is, in one query."""
    found = dict(batch.lines.values_list("status").annotate(n=Count("pk")))
    return Counts(**found)


def counts_by_batch(batches: list[Batch]) -> dict[int, Counts]:
    """Return how far several batches are, in one query."""
    found: dict[int, dict[str, int]] = {}
    rows = BatchLine.objects.filter(batch__in=batches).values_list("batch_id", "status").annotate(n=Count("pk"))
    for batch_id, status, number in rows:
        found.setdefault(batch_id, {})[status] = number
    return {batch.pk: Counts(**found.get(batch.pk, {})) for batch in batches}


def of_institution(institution_uuid: UUID) -> QuerySet[Batch]:
    """Return an institution's batches, newest first."""
    return Batch.objects.filter(institution__uuid=institution_uuid).order_by("-pk")


def archives_of(batch: Batch) -> list[BatchArchive]:
    """Return a batch's archives in order."""
    return list(batch.archives.order_by("number"))


def nothing_free(batch: Batch) -> bool:
    """True while every line that waits lies with a worker or waits for the log."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=timezone.now())
    return not batch.lines.filter(free, status=LineStatus.WAITING).exists()


def troubles_of(batch: Batch) -> tuple[Trouble, ...]:
    """Return the lines that brought no certificate, in four queries however many they are."""
    lines = list(batch.lines.filter(status__in=WRONG).order_by("position"))
    names = people.persons(line.person_uuid for line in lines if line.person_uuid)
    students = people.people_of(batch.institution.uuid, people.Role.STUDENT)
    numbers = {info.person_uuid: info.number for info in students}
    lots = dict(Lot.objects.filter(uuid__in=[line.lot_uuid for line in lines]).values_list("uuid", "facts"))
    return tuple(
        Trouble(
            number=line.number or (numbers.get(line.person_uuid, "") if line.person_uuid else ""),
            name=names[line.person_uuid].name if line.person_uuid in names else "",
            course=lots.get(line.lot_uuid, {}).get("course_name_zh", "") if line.lot_uuid else "",
            code=line.error_code,
            message=line.error,
        )
        for line in lines
    )
