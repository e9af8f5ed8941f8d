"""What learners did, as the rules want it: one query for any number of learners."""

import datetime as dt
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Func, JSONField, OuterRef, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Cast, JSONObject

from courses.content import queries as content
from courses.content.data import GradedSubsection
from courses.content.dates import moment_of
from courses.content.models import ContentBlock, ContentVersion
from courses.enrolment.models import Enrolment
from courses.grading import rules
from courses.grading.policy import HUNDRED, SCORE_PLACES, ZERO, Policy
from courses.grading.records import ScoreDecision, Session, SessionMark
from courses.grading.rules import Decision, Facts, Mark, Study, WorkScore
from courses.runs.models import CourseRun
from courses.runtime import lengths
from courses.runtime.models import BlockCompletion, BlockScore, WatchDay, WatchedVideo
from courses.runtime.queries import points_possible
from courses.runtime.rules import is_completable

VERSIONS_MAX = 256  # versions never change; a few KB each
INTERACTIONS = frozenset({"poll", "survey", "poll_question", "word_cloud"})  # what a learner says, not answers


@dataclass(frozen=True, slots=True)
class Score:
    """One learner's points in one block, and when they were earned."""

    earned: Decimal
    possible: Decimal
    scored_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting or a sitting of an exam; `called_off` says why it does not take place, "" when it does."""

    key: str
    component: str
    kind: str
    round: str
    title: str
    starts_at: dt.datetime
    minutes: int
    room: str
    called_off: str


@dataclass(frozen=True, slots=True)
class Did:
    """What was read of one learner; `left_out` are the blocks that they do not meet, since others were drawn.

    `planned` are the run's meetings and exams, where the enrolments were read `with_planned`.
    """

    left_out: Set[str]
    scores: Mapping[str, Score]
    marks: tuple[Mark, ...]
    decisions: Mapping[str, Decision]
    study: Study
    planned: tuple[Planned, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read of some learners, by the id of their enrolment."""

    version: ContentVersion | None
    did: Mapping[int, Did]

    def facts(self, enrolment_id: int, policy: Policy) -> Facts:
        """Return what one learner did, with lateness as the policy counts it."""
        did = self.did[enrolment_id]
        return Facts(_works(self.version, did, policy), did.marks, did.study, did.decisions)


def load(run: CourseRun, places: QuerySet[Enrolment], policies: Iterable[Policy]) -> Loaded:
    """Read what learners of a run did, in one query for any number of them.

    What is known of a content version is read once a process.
    """
    version = run.content
    asked = any(policy.process or policy.entry.gates for policy in policies)
    rows = places.annotate(
        graded_marks=ArraySubquery(_marks()),
        set_scores=ArraySubquery(_decisions()),
        earned_scores=ArraySubquery(_scores(version)) if version else Value([], output_field=JSONField()),
        **(_study_columns(version) if version and asked else {}),
    )
    columns = ("pk", "run_id", "person_id", *rows.query.annotations)
    return Loaded(version, {row["pk"]: _did(row, version) for row in rows.order_by().values(*columns)})


def _scores(version: ContentVersion) -> QuerySet[Any]:
    wanted = [usage_id for subsection in _graded(version.pk, version.uuid) for usage_id in subsection.block_usage_ids]
    rows = BlockScore.objects.filter(run=OuterRef("run_id"), person=OuterRef("person_id"), usage_id__in=wanted)
    return rows.values(
        json=JSONObject(
            usage_id="usage_id", earned=_text("earned"), possible=_text("possible"), at=_moment("scored_at")
        )
    )


def _marks() -> QuerySet[Any]:
    rows = SessionMark.objects.filter(enrolment=OuterRef("pk"), session__cancelled_at__isnull=True)
    return rows.order_by("session__starts_at", "session_id").values(
        json=JSONObject(
            key=_text("session__uuid"),
            component="session__component",
            name="session__title",
            round="session__round",
            status="status",
            score=_text("score"),
        )
    )


def with_planned(places: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Return enrolments with the meetings and exams of their run, for `load` to read in the same query."""
    sessions = Session.objects.filter(run=OuterRef("run_id")).order_by("starts_at", "id")
    values = JSONObject(
        key=_text("uuid"),
        component="component",
        kind="kind",
        round="round",
        title="title",
        starts_at=_moment("starts_at"),
        minutes="minutes",
        room="room",
        called_off="cancel_reason",
    )
    return places.annotate(planned=ArraySubquery(sessions.values(json=values)))


def _decisions() -> QuerySet[Any]:
    rows = ScoreDecision.objects.filter(enrolment=OuterRef("pk")).order_by("id")
    return rows.values(json=JSONObject(line="line", score=_text("score"), reason="reason"))


def _text(name: str) -> Cast:
    """A column as text: decimals in JSON would become floats."""
    return Cast(name, TextField())


def _moment(name: str) -> Func:
    return Func(name, Value('YYYY-MM-DD"T"HH24:MI:SS.USOF'), function="to_char", output_field=TextField())


def _study_columns(version: ContentVersion) -> dict[str, Any]:
    videos = list(_films(version.pk, version.uuid))
    tasks, interactions = _tasks(version.pk, version.uuid)
    same = {"run": OuterRef("run_id"), "person": OuterRef("person_id")}
    days = WatchDay.objects.filter(**same).order_by("day_on").values("fresh_s")
    watched = WatchedVideo.objects.filter(**same, usage_id__in=videos).order_by().values("run")
    done = BlockCompletion.objects.filter(**same, completion=1).order_by()
    return {
        "day_seconds": ArraySubquery(days),
        "film_seconds": Subquery(watched.annotate(n=Sum("watched_s")).values("n")),
        "tasks_done": _counted(done.filter(usage_id__in=tasks)),
        "talks_done": _counted(done.filter(usage_id__in=interactions)),
    }


def _counted(rows: QuerySet[BlockCompletion]) -> Subquery:
    return Subquery(rows.values("run").annotate(n=Count("pk")).values("n"))


def _did(row: Mapping[str, Any], version: ContentVersion | None) -> Did:
    decisions: dict[str, Decision] = {}
    for entry in row["set_scores"]:
        if entry["score"] is None:
            decisions.pop(entry["line"], None)
        else:
            decisions[entry["line"]] = Decision(Decimal(entry["score"]), entry["reason"])
    without = content.left_out(version.pk, row["run_id"], row["person_id"]) if version else frozenset[str]()
    return Did(
        left_out=without,
        scores={
            entry["usage_id"]: Score(
                Decimal(entry["earned"]), Decimal(entry["possible"]), dt.datetime.fromisoformat(entry["at"])
            )
            for entry in row["earned_scores"] or ()  # None where nothing in the content is graded
        },
        marks=tuple(
            Mark(**{**entry, "score": Decimal(entry["score"]) if entry["score"] is not None else None})
            for entry in row["graded_marks"]
        ),
        decisions=decisions,
        study=_study(row, version, without) if version and "day_seconds" in row else Study(),
        planned=tuple(
            Planned(**{**entry, "starts_at": dt.datetime.fromisoformat(entry["starts_at"])})
            for entry in row.get("planned", ())
        ),
    )


def _study(row: Mapping[str, Any], version: ContentVersion, without: Set[str]) -> Study:
    tasks, interactions = (set(known) - without for known in _tasks(version.pk, version.uuid))
    return Study(
        day_seconds=tuple(row["day_seconds"]),
        watched_s=row["film_seconds"] or 0,
        video_s=sum(s for usage_id, s in _films(version.pk, version.uuid).items() if usage_id not in without),
        interactions_done=row["talks_done"] or 0,
        interactions_total=len(interactions),
        tasks_done=row["tasks_done"] or 0,
        tasks_total=len(tasks),
    )


@lru_cache(maxsize=VERSIONS_MAX)
def _graded(version_id: int, version_uuid: UUID) -> tuple[GradedSubsection, ...]:
    return content.graded_subsections(version_id)


@lru_cache(maxsize=VERSIONS_MAX)
def _worth(version_id: int, version_uuid: UUID) -> dict[str, Decimal]:
    return points_possible(
        version_id, [u for subsection in _graded(version_id, version_uuid) for u in subsection.block_usage_ids]
    )


@lru_cache(maxsize=VERSIONS_MAX)
def _films(version_id: int, version_uuid: UUID) -> dict[str, int]:
    """Return the films that every learner can be asked to watch, with their seconds where the file tells."""
    known = lengths.videos_of(version_id, version_uuid)
    optional = content.conditioned(version_id)
    return {usage_id: seconds for usage_id, seconds in known.items() if seconds and usage_id not in optional}


@lru_cache(maxsize=VERSIONS_MAX)
def _tasks(version_id: int, version_uuid: UUID) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the blocks that learners see and can complete, and those of them in which they say something."""
    shown = {
        unit.usage_id
        for section in content.outline(version_id).children
        for subsection in section.children
        for unit in subsection.children
        if not (section.staff_only or subsection.staff_only or unit.staff_only)
    }
    optional = content.conditioned(version_id)
    rows = ContentBlock.objects.asked_of_learners().filter(version_id=version_id, unit_usage_id__in=shown)
    tasks = [
        (usage_id, block_type)
        for usage_id, block_type in rows.values_list("usage_id", "block_type")
        if usage_id not in optional and is_completable(block_type, supported=True)
    ]
    return tuple(t[0] for t in tasks), tuple(t[0] for t in tasks if t[1] in INTERACTIONS)


def _works(version: ContentVersion | None, did: Did, policy: Policy) -> tuple[WorkScore, ...]:
    if version is None:
        return ()
    worth, subsections = _worth(version.pk, version.uuid), _graded(version.pk, version.uuid)
    return tuple(_work(subsection, did, worth, policy) for subsection in subsections)


def _work(subsection: GradedSubsection, did: Did, worth: Mapping[str, Decimal], policy: Policy) -> WorkScore:
    due_at = moment_of(subsection.due)
    earned = possible = late_points = ZERO
    days_late = 0
    for usage_id in subsection.block_usage_ids:
        if usage_id in did.left_out:
            continue
        score = did.scores.get(usage_id)
        if score is None:
            possible += worth.get(usage_id, ZERO)
            continue
        earned, possible = earned + score.earned, possible + score.possible
        days, percent = rules.lateness(policy.late, due_at, score.scored_at)
        late_points += score.earned * percent / HUNDRED
        days_late = max(days_late, days if score.earned else 0)
    return WorkScore(
        subsection.usage_id,
        subsection.display_name,
        subsection.assignment_type,
        earned,
        possible,
        late_points,
        days_late,
    )


def as_document(facts: Facts) -> dict[str, Any]:
    """Return facts as strings, so that a result can be computed again from its own document."""
    study = facts.study
    return {
        "works": [
            {
                "usage_id": work.usage_id, "name": work.name, "assignment": work.assignment,
                "earned": str(work.earned), "possible": str(work.possible),
                "late_points": str(work.late_points), "days_late": str(work.days_late),
            }
            for work in facts.works
        ],
        "marks": [
            {
                "key": mark.key, "component": mark.component, "name": mark.name, "round": mark.round,
                "status": mark.status, "score": "" if mark.score is None else str(mark.score),
            }
            for mark in facts.marks
        ],
        "study": {
            "day_seconds": [str(seconds) for seconds in study.day_seconds],
            **{name: str(getattr(study, name)) for name in STUDY_COUNTS},
        },
        "decisions": [
            {"line": line, "score": str(decision.score), "reason": decision.reason}
            for line, decision in sorted(facts.decisions.items())
        ],
    }  # fmt: skip


STUDY_COUNTS = (
    "watched_s", "video_s", "interactions_done", "interactions_total", "tasks_done", "tasks_total",
)  # fmt: skip


def from_document(document: Mapping[str, Any]) -> Facts:
    """Return the facts of a result's document (version 2)."""
    study = document["study"]
    return Facts(
        works=tuple(
            WorkScore(
                work["usage_id"], work["name"], work["assignment"], Decimal(work["earned"]), Decimal(work["possible"]),
                Decimal(work["late_points"]), int(work["days_late"]),
            )
            for work in document["works"]
        ),
        marks=tuple(
            Mark(
                mark["key"], mark["component"], mark["name"], mark["round"], mark["status"],
                Decimal(mark["score"]) if mark["score"] else None,
            )
            for mark in document["marks"]
        ),
        study=Study(tuple(int(s) for s in study["day_seconds"]), **{name: int(study[name]) for name in STUDY_COUNTS}),
        decisions={d["line"]: Decision(Decimal(d["score"]), d["reason"]) for d in document["decisions"]},
    )  # fmt: skip


def places_text(value: Decimal) -> str:
    """Return a figure with two places."""
    return str(value.quantize(SCORE_PLACES))
