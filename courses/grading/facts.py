"""What learners did, as the rules want it: for any number of learners the same few queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.dateparse import parse_datetime

from courses.content import queries as content
from courses.content.data import GradedSubsection
from courses.content.models import ContentBlock, ContentVersion
from courses.grading import rules
from courses.grading.policy import HUNDRED, SCORE_PLACES, ZERO, Policy
from courses.grading.records import ScoreDecision, SessionMark
from courses.grading.rules import Decision, Facts, Mark, Study, WorkScore
from courses.runs.models import CourseRun
from courses.runtime import lengths
from courses.runtime.models import BlockCompletion, BlockScore, WatchDay, WatchedVideo
from courses.runtime.queries import points_possible
from courses.runtime.rules import is_completable
from edu.kernel import clock

VERSIONS_MAX = 256  # versions never change; a few KB each
INTERACTIONS = frozenset({"poll", "survey", "poll_question", "word_cloud"})  # what a learner says, not answers


@dataclass(frozen=True, slots=True)
class Score:
    """One learner's points in one block, and when they were earned."""

    earned: Decimal
    possible: Decimal
    scored_at: dt.datetime


@dataclass(slots=True)
class Loaded:
    """Everything that was read for some learners, by person or enrolment."""

    version: ContentVersion | None
    scores: Mapping[int, Mapping[str, Score]] = field(default_factory=dict)
    marks: Mapping[int, list[Mark]] = field(default_factory=dict)
    decisions: Mapping[int, Mapping[str, Decision]] = field(default_factory=dict)
    studies: Mapping[int, Study] = field(default_factory=dict)

    def facts(self, *, person_id: int, enrolment_id: int, policy: Policy) -> Facts:
        """Return what one learner did, with lateness as the policy counts it."""
        return Facts(
            works=_works(self.version, self.scores.get(person_id, {}), policy),
            marks=tuple(self.marks.get(enrolment_id, ())),
            study=self.studies.get(person_id, Study()),
            decisions=self.decisions.get(enrolment_id, {}),
        )


def load(run: CourseRun, places: Iterable[tuple[int, int]], policies: Iterable[Policy]) -> Loaded:
    """Read what some learners, given as (person, enrolment), did: three queries, six where study counts.

    What is known of a content version is read once a process.
    """
    pairs = list(places)
    person_ids, enrolment_ids = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    loaded = Loaded(run.content)
    if run.content is not None:
        loaded.scores = _scores(run, person_ids, run.content)
        if any(policy.process or policy.entry.gates for policy in policies):
            loaded.studies = _studies(run, person_ids, run.content)
    loaded.marks = _marks(enrolment_ids)
    loaded.decisions = _decisions(enrolment_ids)
    return loaded


def _scores(run: CourseRun, person_ids: list[int], version: ContentVersion) -> dict[int, dict[str, Score]]:
    wanted = [usage_id for subsection in _graded(version.pk, version.uuid) for usage_id in subsection.block_usage_ids]
    found: dict[int, dict[str, Score]] = defaultdict(dict)
    rows = BlockScore.objects.filter(run=run, person_id__in=person_ids, usage_id__in=wanted)
    for person_id, usage_id, earned, possible, scored_at in rows.values_list(
        "person_id", "usage_id", "earned", "possible", "scored_at"
    ):
        found[person_id][usage_id] = Score(earned, possible, scored_at)
    return found


def _marks(enrolment_ids: list[int]) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = defaultdict(list)
    rows = SessionMark.objects.filter(enrolment_id__in=enrolment_ids, session__cancelled_at__isnull=True)
    columns = (
        "enrolment_id", "session__uuid", "session__component", "session__title", "session__round", "status", "score",
    )  # fmt: skip
    for enrolment_id, uuid, *rest in rows.order_by("session__starts_at", "session_id").values_list(*columns):
        found[enrolment_id].append(Mark(str(uuid), *rest))
    return found


def _decisions(enrolment_ids: list[int]) -> dict[int, dict[str, Decision]]:
    found: dict[int, dict[str, Decision]] = defaultdict(dict)
    rows = ScoreDecision.objects.filter(enrolment_id__in=enrolment_ids).order_by("id")
    for enrolment_id, line, score, reason in rows.values_list("enrolment_id", "line", "score", "reason"):
        if score is None:
            found[enrolment_id].pop(line, None)
        else:
            found[enrolment_id][line] = Decision(score, reason)
    return found


def _studies(run: CourseRun, person_ids: list[int], version: ContentVersion) -> dict[int, Study]:
    videos = {u: s for u, s in lengths.videos_of(version.pk, version.uuid).items() if s}
    tasks, interactions = _tasks(version.pk, version.uuid)
    days: dict[int, list[int]] = defaultdict(list)
    day_rows = WatchDay.objects.filter(run=run, person_id__in=person_ids).order_by("day_on")
    for person_id, fresh_s in day_rows.values_list("person_id", "fresh_s"):
        days[person_id].append(fresh_s)
    video_rows = WatchedVideo.objects.filter(run=run, person_id__in=person_ids, usage_id__in=list(videos))
    watched = dict(video_rows.values_list("person_id").annotate(s=Sum("watched_s")))
    done_rows = BlockCompletion.objects.filter(run=run, person_id__in=person_ids, completion=1, usage_id__in=tasks)
    done = {
        person_id: (all_tasks, talk)
        for person_id, all_tasks, talk in done_rows.values_list("person_id").annotate(
            all_tasks=Count("pk"), talk=Count("pk", filter=Q(usage_id__in=interactions))
        )
    }
    return {
        person_id: Study(
            day_seconds=tuple(days.get(person_id, ())),
            watched_s=watched.get(person_id, 0),
            video_s=sum(videos.values()),
            interactions_done=done.get(person_id, (0, 0))[1],
            interactions_total=len(interactions),
            tasks_done=done.get(person_id, (0, 0))[0],
            tasks_total=len(tasks),
        )
        for person_id in person_ids
    }


@lru_cache(maxsize=VERSIONS_MAX)
def _graded(version_id: int, version_uuid: UUID) -> tuple[GradedSubsection, ...]:
    return content.graded_subsections(version_id)


@lru_cache(maxsize=VERSIONS_MAX)
def _worth(version_id: int, version_uuid: UUID) -> dict[str, Decimal]:
    return points_possible(
        version_id, [u for subsection in _graded(version_id, version_uuid) for u in subsection.block_usage_ids]
    )


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
    rows = ContentBlock.objects.filter(version_id=version_id, unit_usage_id__in=shown, support="supported")
    tasks = [
        (usage_id, block_type)
        for usage_id, block_type in rows.filter(needs_sandbox=False).values_list("usage_id", "block_type")
        if is_completable(block_type, supported=True)
    ]
    return tuple(t[0] for t in tasks), tuple(t[0] for t in tasks if t[1] in INTERACTIONS)


def _works(version: ContentVersion | None, scores: Mapping[str, Score], policy: Policy) -> tuple[WorkScore, ...]:
    if version is None:
        return ()
    worth, subsections = _worth(version.pk, version.uuid), _graded(version.pk, version.uuid)
    return tuple(_work(subsection, scores, worth, policy) for subsection in subsections)


def _work(
    subsection: GradedSubsection, scores: Mapping[str, Score], worth: Mapping[str, Decimal], policy: Policy
) -> WorkScore:
    due_at = parse_due(subsection.due)
    earned = possible = late_points = ZERO
    days_late = 0
    for usage_id in subsection.block_usage_ids:
        score = scores.get(usage_id)
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


def parse_due(text: str) -> dt.datetime | None:
    """Return the moment of a due date as content has it, or None; without a zone it is Asia/Shanghai."""
    try:
        moment = parse_datetime(text.replace("Z", "+00:00")) if text else None
    except ValueError:
        return None
    return moment.replace(tzinfo=clock.SHANGHAI) if moment and moment.tzinfo is None else moment


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
