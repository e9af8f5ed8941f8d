"""Grading a problem again for all learners, in the background. The row is the truth, as with imports.

Each learner is one transaction that ends with their line, and a learner with a line is skipped: so a repeat, a
second worker or a dead one counts nobody twice. A result that waits with the registrar goes back to the teacher when
its score would now be another. Certified results are not touched; what they would now say becomes a correction
proposed in the name of who asked, for another person to decide.
"""

import datetime as dt
import logging
import uuid
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.content.models import ContentBlock, ContentVersion
from courses.enrolment.models import Enrolment
from courses.grading import actions, correcting
from courses.grading.access import NOT_THERE, taught_run
from courses.grading.models import Result
from courses.grading.records import RegradeJob, RegradeLine
from courses.grading.states import REGRADE, RESULT, CorrectionStatus, RegradeStatus, ResultStatus
from courses.runs.models import CourseRun
from courses.runtime import rescoring
from courses.runtime.models import BlockScore
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotThere, Refusal, Stale

log = logging.getLogger(__name__)

LEASE_S = 60  # one learner takes a tenth of a second at most
ATTEMPTS_MAX = 3
BATCH = 50  # learners between two looks at the row: soon enough for a cancel
CHANGED, SAME, FAILED = "changed", "same", "failed"


class LeaseLost(RuntimeError):
    """Another worker has the job, or somebody cancelled it: stop without a trace."""


@transaction.atomic
def request_regrade(*, run_uuid: uuid.UUID, usage_id: str, reason: str, acting: Actor) -> RegradeJob:
    """Wish a problem to be graded again for every learner with a score in it; the caller hints to the worker.

    Refusals: "no-content", "no-such-problem", "no-reason", "regrade-running", "nobody-answered".
    """
    run = taught_run(acting, run_uuid)
    CourseRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.content is None:
        raise Refusal("no-content", _("This run has no content yet. Pin a version of the content to it first."))
    if not problems_of(run.content).filter(usage_id=usage_id).exists():
        raise Refusal("no-such-problem", _("The content of this run has no such problem that can be graded again."))
    if not reason.strip():
        raise Refusal("no-reason", _("Say what was wrong with the problem."))
    if RegradeJob.objects.filter(run=run, usage_id=usage_id, status__in=REGRADE_OPEN).exists():
        raise Refusal("regrade-running", _("This problem is being graded again already."))
    total = _answered(run, usage_id).count()
    if not total:
        raise Refusal("nobody-answered", _("Nobody has answered this problem yet."))
    assert acting.person_uuid is not None  # a teacher is somebody
    job = RegradeJob.objects.create(
        run=run,
        version=run.content,
        usage_id=usage_id,
        reason=reason.strip(),
        progress_total=total,
        requested_by_uuid=acting.person_uuid,
        requested_for_uuid=acting.institution_uuid,
        requested_role=acting.role,
        requested_at=clock.now(),
    )
    job.moves.create(
        source="",
        target=RegradeStatus.WAITING.value,
        reason=reason.strip(),
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )
    return job


REGRADE_OPEN = [RegradeStatus.WAITING.value, RegradeStatus.RUNNING.value]


def problems_of(version: ContentVersion) -> QuerySet[ContentBlock]:
    """Return the problems of a version that can be graded again, in order."""
    return ContentBlock.objects.run_here().filter(version=version, block_type=rescoring.TYPE).order_by("ordinal")


def _answered(run: CourseRun, usage_id: str) -> QuerySet[Enrolment]:
    people = BlockScore.objects.filter(run=run, usage_id=usage_id).values("person_id")
    return Enrolment.objects.filter(run=run, person_id__in=people).order_by("pk")


def job_of(acting: Actor, run_uuid: uuid.UUID, job_uuid: uuid.UUID) -> RegradeJob:
    """Return a regrade of a run that the actor teaches; NotThere for others."""
    run = taught_run(acting, run_uuid)
    job = RegradeJob.objects.select_related("run", "version").filter(run=run, uuid=job_uuid).first()
    if job is None:
        raise NotThere(*NOT_THERE)
    return job


@transaction.atomic
def cancel(*, run_uuid: uuid.UUID, job_uuid: uuid.UUID, acting: Actor) -> RegradeJob:
    """Stop a regrade; learners who were graded again until then stay so. Stale when it has ended."""
    job = job_of(acting, run_uuid, job_uuid)
    return move(
        job, to=RegradeStatus.CANCELLED, table=REGRADE, acting=acting, lease_token=None, ended_at=timezone.now()
    )


def run_regrade(job_id: int) -> RegradeJob:
    """Carry out a waiting regrade; returns the job as it stands afterwards. Safe to run twice and at once."""
    job = RegradeJob.objects.select_related("run", "version__course").get(pk=job_id)
    if job.status != RegradeStatus.WAITING:
        return job
    token = uuid.uuid4()
    try:
        with transaction.atomic():
            move(
                job, to=RegradeStatus.RUNNING, table=REGRADE, acting=SYSTEM, lease_token=token,
                leased_until=_lease_end(), attempts=job.attempts + 1,
            )  # fmt: skip
        _carry_out(job, token)
    except (Stale, LeaseLost):
        log.info("regrade %s went to another worker or was cancelled", job.uuid)
    return RegradeJob.objects.get(pk=job_id)


def _carry_out(job: RegradeJob, token: uuid.UUID) -> None:
    while places := list(_left(job)[:BATCH]):
        for place in places:
            _grade_one(job, place)
        _renew(job.pk, token)
    with transaction.atomic():
        held = RegradeJob.objects.select_for_update().get(pk=job.pk)
        if held.lease_token != token:
            raise LeaseLost(job.pk)
        move(held, to=RegradeStatus.DONE, table=REGRADE, acting=SYSTEM, lease_token=None, ended_at=timezone.now())


def _left(job: RegradeJob) -> QuerySet[Enrolment]:
    return _answered(job.run, job.usage_id).exclude(regrade_lines__job=job).select_related("person")


def _grade_one(job: RegradeJob, place: Enrolment) -> None:
    """Grade one learner again and write their line, together; a problem that breaks is a line that says so."""
    try:
        with transaction.atomic():
            found = rescoring.rescore(job.version, run_id=job.run_id, person_id=place.person_id, usage_id=job.usage_id)
            if found is None:
                raise LookupError("the score is gone")
            _line(job, place, CHANGED if found.changed else SAME, found)
            if found.changed:
                _pass_on(job, place)
    except Exception:  # a block's code is a stranger's: one learner's answer must not stop the others
        log.exception("regrade %s: an answer could not be graded again", job.uuid)
        score = BlockScore.objects.filter(run=job.run, person_id=place.person_id, usage_id=job.usage_id).first()
        points = (score.earned, score.possible) if score else (Decimal(0), Decimal(0))
        _line(job, place, FAILED, rescoring.Rescored(*points, *points))


def _line(job: RegradeJob, place: Enrolment, outcome: str, found: rescoring.Rescored) -> None:
    RegradeLine.objects.create(
        job=job,
        enrolment=place,
        outcome=outcome,
        earned_before=found.earned_before,
        possible_before=found.possible_before,
        earned_after=found.earned_after,
        possible_after=found.possible_after,
    )


def _pass_on(job: RegradeJob, place: Enrolment) -> None:
    """Let a result that would now be another be decided again: nobody signs a score that is known to be wrong.

    From the registrar it goes back to the teacher; for a certified one a correction is proposed.
    """
    found = Result.objects.filter(enrolment=place).exclude(status=ResultStatus.RETURNED.value).first()
    if found is None:
        return
    row = correcting.locked(found.uuid)
    document = correcting.document_now(row)
    if document["score"] == row.document["score"]:
        return
    acting = Actor(job.requested_by_uuid, job.requested_for_uuid, job.requested_role)
    if row.status == ResultStatus.SUBMITTED:
        move(row, to=ResultStatus.RETURNED, table=RESULT, acting=acting, reason=job.reason)
        record(events.RESULT_RETURNED, actions.payload(row), acting=acting)
    elif row.status == ResultStatus.CERTIFIED and not _corrected_already(row):
        correcting.propose(row, document, reason=job.reason, acting=acting, regrade=job)


def _corrected_already(row: Result) -> bool:
    return row.corrections.filter(status=CorrectionStatus.PROPOSED.value).exists()


def _renew(job_id: int, token: uuid.UUID) -> None:
    held = RegradeJob.objects.filter(pk=job_id, lease_token=token, status=RegradeStatus.RUNNING.value)
    if held.update(leased_until=_lease_end()) != 1:
        raise LeaseLost(job_id)


def take_up_stalled() -> list[int]:
    """Give back the jobs whose worker is gone, and return the ids of all that wait, for the caller to run or hint."""
    now = timezone.now()
    for job in RegradeJob.objects.filter(status=RegradeStatus.RUNNING.value, leased_until__lt=now):
        target = RegradeStatus.WAITING if job.attempts < ATTEMPTS_MAX else RegradeStatus.FAILED
        ended = {} if target == RegradeStatus.WAITING else {"ended_at": now}
        try:
            with transaction.atomic():
                move(job, to=target, table=REGRADE, acting=SYSTEM, reason="lease lapsed", lease_token=None, **ended)
        except Stale:
            continue  # it ended in this very moment
    waiting = RegradeJob.objects.filter(status=RegradeStatus.WAITING.value).order_by("id")
    return list(waiting.values_list("pk", flat=True))


def _lease_end() -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=LEASE_S)


def counts_of(job: RegradeJob) -> dict[str, int]:
    """Return how many learners have which outcome, how many points moved, and how many corrections were proposed."""
    counts = dict(job.lines.values_list("outcome").annotate(n=Count("pk")))
    done = sum(counts.values())
    return {
        "changed": counts.get(CHANGED, 0),
        "same": counts.get(SAME, 0),
        "failed": counts.get(FAILED, 0),
        "done": done,
        "left": max(job.progress_total - done, 0),
        "corrections": job.corrections.count(),
    }


def points_of(job: RegradeJob) -> tuple[Decimal, Decimal]:
    """Return the points that all learners together had before and have after."""
    sums = job.lines.aggregate(before=Sum("earned_before"), after=Sum("earned_after"))
    return sums["before"] or Decimal(0), sums["after"] or Decimal(0)
