"""Open response assessment: who may call what, one at a time, and when a learner's part is done."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from courses.content.openresponse import BLOCK_TYPE, GRADING_HANDLERS, LEARNERS_HANDLERS
from courses.runs.models import RunTeacher
from courses.runtime.grants import Grant
from courses.runtime.runtime import Published, UnitRuntime
from edu.kernel.errors import NotPermitted, NotThere, Refusal

WAITS = frozenset({"waiting", "done"})  # the learner has done their part


def enter(runtime: UnitRuntime, handler: str) -> None:
    """Let the person call a handler of the block, after everybody who is in it; refuse otherwise.

    Judging moves the work of two learners on. One at a time in a run's block, so that two who judge each other never
    wait for each other.
    """
    grant = runtime.grant
    if handler in GRADING_HANDLERS:
        if not may_grade(grant):
            raise NotPermitted("not-teaching", _("Answers are graded by those who teach this run."))
        runtime.user_is_staff = True
    elif handler not in LEARNERS_HANDLERS:
        raise NotThere("no-such-handler")
    elif not grant.keeps:
        raise Refusal("looks-only", _("You are looking only. Nothing is stored."))
    with connection.cursor() as cursor:
        space = f"{BLOCK_TYPE}:{grant.run_id}:{grant.usage_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [space])


def may_grade(grant: Grant) -> bool:
    """True for a teacher of the run who came by the staff's way; asked anew each time, since people stop teaching."""
    teaching = RunTeacher.objects.filter(run_id=grant.run_id, person_id=grant.person_id, person__is_active=True)
    return grant.tells and teaching.exists()


def complete(runtime: UnitRuntime, block: Any) -> None:
    """Publish completion when the learner has done their part; the others' part is not theirs to complete."""
    if runtime.grant.keeps and block.submission_uuid and block.get_workflow_info().get("status") in WAITS:
        runtime.published.append(Published(runtime.grant.usage_id, "completion", {"completion": 1.0}))
