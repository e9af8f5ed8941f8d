"""The score that open response assessment gives becomes ours.

The package publishes no `grade` event. It keeps answers and scores in the tables of `submissions` and tells of a new
score by the signal `score_set`, also of a learner whom somebody else has just judged.
"""

import datetime as dt
import logging
from typing import Any

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey
from submissions.models import Submission, score_set

from courses.content import queries as content
from courses.enrolment.models import Enrolment
from courses.runs.models import CourseRun
from courses.runtime import actions, grants, keys
from courses.runtime.access import Place
from courses.runtime.grants import Grant
from courses.runtime.runtime import Published, UnitRuntime
from edu.kernel import clock
from edu.kernel.errors import NotThere

log = logging.getLogger(__name__)

LANGUAGE = "zh-hans"


def take_score(
    sender: Any,
    *,
    anonymous_user_id: str,
    course_id: str,
    item_id: str,
    points_earned: int,
    points_possible: int,
    **_more: Any,
) -> None:
    """Store the score that a learner got, whoever's request gave it; by the content that the run shows now.

    Its time is that of the answer: who handed in in time is not late because somebody judged it weeks later.
    """
    found = _block_of(item_id)
    if found is None:
        return
    run_id, usage_id = found
    run = CourseRun.objects.select_related("content", "course").filter(pk=run_id).first()
    person_id = _person_called(anonymous_user_id, run_id)
    if run is None or run.content is None or person_id is None:
        log.warning("a score in run %s block %s is nobody's", run_id, usage_id)
        return
    try:
        info = content.block(run.content.pk, usage_id)
    except NotThere:
        log.warning("block %s of run %s got a score and is no longer in the content", usage_id, run_id)
        return
    grant = Grant(person_id, run_id, run.content.pk, info.unit_usage_id, usage_id, True, LANGUAGE)
    place = Place(run.course.label, run_id, run.content.pk, run.content.uuid)
    runtime = UnitRuntime(grant, place, {usage_id: info})
    runtime.given_at = _handed_in_at(anonymous_user_id, course_id, item_id)
    runtime.published.append(Published(usage_id, "grade", {"value": points_earned, "max_value": points_possible}))
    actions.store_published(runtime, {usage_id: info})


def _handed_in_at(name: str, course_id: str, item_id: str) -> dt.datetime | None:
    """Return when the answer that was scored was handed in."""
    whose = {"student_item__student_id": name, "student_item__course_id": course_id, "student_item__item_id": item_id}
    answers = Submission.objects.filter(**whose).order_by("-attempt_number", "-pk")
    at: dt.datetime | None = answers.values_list("submitted_at", flat=True).first()
    return min(at, clock.now()) if at else None  # the package looks at the machine's clock, not the story's


def _block_of(item_id: str) -> tuple[int, str] | None:
    """Return run and block of an item of the store; None for one that is not ours."""
    try:
        key = UsageKey.from_string(item_id)
        return keys.run_id(key.context_key), keys.usage_id(key)
    except (InvalidKeyError, ValueError):
        return None


def _person_called(name: str, run_id: int) -> int | None:
    """Return who bears a name in a run; names cannot be read backwards, so the run's people are asked in turn."""
    people = Enrolment.objects.filter(run_id=run_id).values_list("person_id", flat=True)
    return next((person_id for person_id in people if grants.anonymous_id(person_id, run_id) == name), None)


score_set.connect(take_score, dispatch_uid="courses.runtime.judging")
