"""Which answers in learners' own words wait for a person who teaches, in three queries for any number of runs.

An answer waits for a grade when its writer has done their part and the task wants a teacher. It is stuck when
classmates should judge and do not: nobody has for days, or there are too few of them for the learner to go on.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, OuterRef, Q, Subquery
from openassessment.assessment.models import PeerWorkflow
from openassessment.workflow.models import AssessmentWorkflow

from courses.content import queries as content
from courses.content.data import OpenTask
from courses.content.openresponse import WAITING
from courses.data import AnswersWaiting
from courses.runs.models import CourseRun
from courses.runtime import keys
from courses.runtime.rules import STUCK_AFTER
from edu.kernel import clock

NOT_JUDGED = Q(status="waiting", judged_enough_at=None)  # has judged enough others, and not enough have judged it


@dataclass(frozen=True, slots=True)
class TaskWaiting:
    """A task of a run with what waits in it."""

    run_uuid: UUID
    usage_id: str
    unit_usage_id: str
    name: str
    to_grade: int
    stuck: int
    since: dt.datetime  # the oldest of them

    @property
    def total(self) -> int:
        """How many wait for whatever reason."""
        return self.to_grade + self.stuck


def tasks_waiting(run_uuids: Iterable[UUID]) -> list[TaskWaiting]:
    """Return the tasks of some runs in which answers wait, as the runs' content has them in order; empty ones not."""
    runs = CourseRun.objects.filter(uuid__in=list(run_uuids), content__isnull=False)
    places = list(runs.values_list("pk", "uuid", "content_id", "course__label"))
    tasks = content.open_responses([version_id for _pk, _uuid, version_id, _label in places]) if places else []
    if not tasks:
        return []
    figures = _figures([str(keys.course_key(label, run_id)) for run_id, _uuid, _version, label in places])
    found = []
    for run_id, uuid, version_id, label in places:
        course = keys.course_key(label, run_id)
        for task in (task for task in tasks if task.version_id == version_id):
            row = figures.get(str(keys.usage_key(course, task.usage_id)))
            if row and (waiting := _waiting(uuid, task, row)):
                found.append(waiting)
    return found


def _waiting(run_uuid: UUID, task: OpenTask, row: dict[str, Any]) -> TaskWaiting | None:
    """Return what waits in a task, None when nothing does."""
    to_grade = row["ready"] if task.by_staff else 0
    alone = bool(task.peers_to_judge) and row["handed_in"] - 1 < task.peers_to_judge
    stuck = row["judging"] if alone else 0
    since = [row["ready_since"]] if to_grade else []
    since += [row["judging_since"]] if stuck else []
    if task.peers_to_judge and not task.by_staff and row["not_judged"]:
        stuck += row["not_judged"]
        since.append(row["not_judged_since"])
    if not since:
        return None
    return TaskWaiting(run_uuid, task.usage_id, task.unit_usage_id, task.name, to_grade, stuck, min(since))


def _figures(course_keys: list[str]) -> dict[str, dict[str, Any]]:
    """Return counts by task, in one query."""
    before = clock.now() - STUCK_AFTER
    peers = PeerWorkflow.objects.filter(submission_uuid=OuterRef("submission_uuid"))
    rows = (
        AssessmentWorkflow.objects.filter(course_id__in=course_keys)
        .exclude(status="cancelled")
        .annotate(
            judged_others_at=Subquery(peers.values("completed_at")[:1]),
            judged_enough_at=Subquery(peers.values("grading_completed_at")[:1]),
        )
        .order_by()
        .values("item_id")
    )
    ready, judging = Q(status__in=WAITING), Q(status="peer", created__lte=before)
    not_judged = NOT_JUDGED & Q(judged_others_at__lte=before)
    counted = rows.annotate(
        handed_in=Count("pk"),
        ready=Count("pk", filter=ready),
        ready_since=Min("created", filter=ready),
        judging=Count("pk", filter=judging),
        judging_since=Min("created", filter=judging),
        not_judged=Count("pk", filter=not_judged),
        not_judged_since=Min("created", filter=not_judged),
    )
    return {row["item_id"]: dict(row) for row in counted}


def answers_waiting(run_uuids: Iterable[UUID]) -> dict[UUID, AnswersWaiting]:
    """Return how many answers wait in each of some runs; runs in which none does are left out."""
    by_run: dict[UUID, list[TaskWaiting]] = {}
    for task in tasks_waiting(run_uuids):
        by_run.setdefault(task.run_uuid, []).append(task)
    return {
        uuid: AnswersWaiting(sum(task.total for task in tasks), min(task.since for task in tasks))
        for uuid, tasks in by_run.items()
    }
