"""A teacher decides about answers whose time nobody can prove."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses.grading.access import NOT_THERE, taught_run
from courses.offline.handing_in import request_of
from courses.offline.models import OfflineAnswer
from courses.offline.states import ANSWER, AnswerStatus
from courses.runs.models import CourseRun
from courses.runtime.actions import call_handler
from courses.runtime.grants import Grant
from edu.events.history import move
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal

REASON_CHARS_MAX = 500


def answers_of(run: CourseRun) -> QuerySet[OfflineAnswer]:
    """Return the answers of a run that a person has or had to decide about, the waiting ones first."""
    decided = OfflineAnswer.objects.filter(enrolment__run=run).exclude(doubt="", status=AnswerStatus.TAKEN.value)
    return decided.select_related("enrolment__person", "content_version").order_by("-status", "-received_at", "-pk")


def answer_of(actor: Actor, run_uuid: UUID, answer_uuid: UUID) -> OfflineAnswer:
    """Return an answer of a run that the actor teaches; NotThere for everybody else."""
    run = taught_run(actor, run_uuid)
    row = answers_of(run).filter(uuid=answer_uuid).first()
    if row is None:
        raise NotThere(*NOT_THERE)
    return row


@transaction.atomic
def accept(*, run_uuid: UUID, answer_uuid: UUID, reason: str, acting: Actor) -> None:
    """Believe the claimed time: the answer is graded as of it, once. The block's own refusal leaves it waiting."""
    row = answer_of(acting, run_uuid, answer_uuid)
    request = row.request
    claimed_at = row.claimed_at
    given_at = min(claimed_at, row.received_at) if claimed_at else row.received_at
    _decide(row, AnswerStatus.TAKEN, reason, acting, given_at=given_at, request={})
    enrolment = row.enrolment
    grant = Grant(
        enrolment.person_id,
        enrolment.run_id,
        row.content_version_id,
        row.unit_usage_id,
        row.usage_id,
        True,
        row.language,
    )
    answer = request_of(request["body"], request["type"])
    call_handler(grant, request["handler"], request["suffix"], answer, key=str(row.key), given_at=given_at)


@transaction.atomic
def decline(*, run_uuid: UUID, answer_uuid: UUID, reason: str, acting: Actor) -> None:
    """Do not believe the claimed time: the answer is not graded."""
    row = answer_of(acting, run_uuid, answer_uuid)
    _decide(row, AnswerStatus.DECLINED, reason, acting, request={})


def _decide(row: OfflineAnswer, to: AnswerStatus, reason: str, acting: Actor, **changes: object) -> None:
    words = reason.strip()
    if not words or len(words) > REASON_CHARS_MAX:
        raise Refusal("reason-missing", _("Say why, in at most 500 characters."))
    move(row, to=to, table=ANSWER, acting=acting, reason=words, **changes)
