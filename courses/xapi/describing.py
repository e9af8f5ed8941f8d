"""Deeds with their names and pseudonyms, ready to become statements."""

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings

from courses.content.models import ContentBlock
from courses.grading.models import Result
from courses.grading.states import ResultStatus
from courses.runs.models import CourseRun
from courses.runtime import addresses
from courses.runtime.models import BlockCompletion, BlockScore, WatchedVideo
from courses.xapi.models import Trace
from courses.xapi.rules import Deed, Place, statement
from edu.kernel import clock

NAMESPACE = uuid.UUID("6d0f1c1e-4c5b-5b0a-9a53-6f1d0b7c2e44")  # of statements in downloads; never changed
CHUNK = 2000


def pseudonym(person_uuid: UUID, institution_uuid: UUID) -> str:
    """Return a name for the person that holds in the runs of one institution and leads nowhere else."""
    key = f"courses.xapi.pseudonym:{settings.SECRET_KEY}".encode()
    return hmac.new(key, f"{institution_uuid}:{person_uuid}".encode(), hashlib.sha256).hexdigest()[:32]


def of_traces(traces: Iterable[Trace]) -> list[dict[str, Any]]:
    """Return the statements of traces that were fetched with person and run, in three queries a run at most."""
    by_run: dict[int, list[Trace]] = {}
    for trace in traces:
        by_run.setdefault(trace.run.pk, []).append(trace)
    return [made for rows in by_run.values() for made in _of_run(rows[0].run, rows)]


def of_run(run: CourseRun) -> Iterator[dict[str, Any]]:
    """Yield the statements of everything that stands in a run now, the ids the same at each download."""
    place, names, watched = _place(run), _names(run), _watched(run)
    host = run.course.institution.uuid

    def made(table: str, row: Any, person: Any, kind: str, at: Any, **more: Any) -> dict[str, Any]:
        usage_id = getattr(row, "usage_id", "")
        number = uuid.uuid5(NAMESPACE, f"{table}:{row.pk}:{clock.rfc3339(at)}")
        if kind == "completion":
            more["watched_s"] = watched.get((person.pk, usage_id), 0)
        deed = Deed(number, pseudonym(person.uuid, host), kind, usage_id, names.get(usage_id, ""), at, **more)
        return statement(deed, place, clock.rfc3339(at))

    scores = BlockScore.objects.filter(run=run).select_related("person").order_by("pk")
    for score in scores.iterator(chunk_size=CHUNK):
        points = {"earned": score.earned, "possible": score.possible}
        yield made("score", score, score.person, "score", score.scored_at, **points)
    done = BlockCompletion.objects.filter(run=run, completion=1).select_related("person").order_by("pk")
    for completion in done.iterator(chunk_size=CHUNK):
        yield made("completion", completion, completion.person, "completion", completion.completed_at)
    results = Result.objects.filter(enrolment__run=run, status=ResultStatus.CERTIFIED.value).order_by("pk")
    for result in results.select_related("enrolment__person").defer("document").iterator(chunk_size=CHUNK):
        kind = "passed" if result.passed else "failed"
        points = {"earned": result.score, "possible": Decimal(100)}
        yield made("result", result, result.enrolment.person, kind, result.certified_at, **points)


def _of_run(run: CourseRun, rows: list[Trace]) -> list[dict[str, Any]]:
    place, names, watched = _place(run), _names(run), _watched(run, [row.person.pk for row in rows])
    host = run.course.institution.uuid
    return [
        statement(
            Deed(
                row.uuid,
                pseudonym(row.person.uuid, host),
                row.kind,
                row.usage_id,
                names.get(row.usage_id, ""),
                row.happened_at,
                row.earned,
                row.possible,
                watched.get((row.person.pk, row.usage_id), 0) if row.kind == "completion" else 0,
            ),
            place,
            clock.rfc3339(row.happened_at),
        )
        for row in rows
    ]


def _place(run: CourseRun) -> Place:
    return Place(addresses.site_origin(), run.uuid, run.course.name_zh, run.course.name_en)


def _names(run: CourseRun) -> dict[str, str]:
    rows = ContentBlock.objects.filter(version_id=run.content_id, level="block")
    return dict(rows.values_list("usage_id", "display_name"))


def _watched(run: CourseRun, person_ids: list[int] | None = None) -> dict[tuple[int, str], int]:
    rows = WatchedVideo.objects.filter(run=run)
    rows = rows if person_ids is None else rows.filter(person_id__in=person_ids)
    return {
        (person_id, usage_id): s for person_id, usage_id, s in rows.values_list("person_id", "usage_id", "watched_s")
    }
