"""A version goes to learners together with the course's page: its author sends it, somebody else approves it.

Whether there is an approval is the institution's matter: it is where Wagtail has a workflow for the course's page.
The workflow decides page and version in one transaction, on our screens as in the page editor. What was approved or
shown once needs no second approval: going back to it, or showing it to a further run, is the author's own deed.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState
from wagtail.signals import workflow_approved, workflow_cancelled, workflow_rejected

from courses import events
from courses.catalogue import workflows
from courses.catalogue.models import Course
from courses.content import actions
from courses.content.models import ContentSubmission, ContentVersion
from courses.content.states import SUBMISSION_MOVES, SubmissionStatus
from courses.runs.models import CourseRun
from edu.events.actions import record
from edu.events.history import move
from edu.kernel import clock
from edu.kernel.actor import SYSTEM, Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal, Stale
from edu.notices.api import send
from edu.notices.data import News
from edu.people import api as people

NOTE_CHARACTERS_MAX = 500
DECIDING_ROLES = ("registrar", "operator", "editor")  # of those whom the workflow names, as what they act

Published = Callable[[ContentSubmission, Actor], None]
_published: list[Published] = []


def on_approval(deed: Published) -> Published:
    """Offer what else is written when a submission is approved, in its transaction; twice changes nothing."""
    if deed not in _published:
        _published.append(deed)
    return deed


def is_moderated(course: Course) -> bool:
    """True when what a course shows goes through an approval at its institution."""
    return workflows.workflow_for(course) is not None


def submit(*, version_id: int, run_ids: Iterable[int], note: str, acting: Actor) -> ContentSubmission:
    """Send a version for approval together with the course's page; a submission that waits is replaced by it.

    Refusal without a note, for a version that needs no approval and for runs of another course.
    """
    version = ContentVersion.objects.select_related("course__institution").filter(pk=version_id).first()
    if version is None:
        raise NotThere("no-such-version")
    actions.require_author(version.course_id, acting)
    assert acting.person_uuid is not None  # a person sends
    note = note.strip()[:NOTE_CHARACTERS_MAX]
    if not note:
        raise Refusal("no-note", _("Say in a few words what has changed: it is what the approver reads first."))
    runs = list(CourseRun.objects.filter(pk__in=run_ids).order_by("starts_on", "code"))
    if any(run.course_id != version.course_id for run in runs):
        raise NotThere("no-such-run")
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=version.course_id)  # one submission of a course at a time
        if not actions.needs_approval(version):
            raise Refusal("approved-already", _("This version is approved: choose it for the run directly."))
        for waiting in ContentSubmission.objects.select_for_update().filter(
            course=course, status=SubmissionStatus.WAITING
        ):
            move(waiting, to=SubmissionStatus.REPLACED, table=SUBMISSION_MOVES, acting=acting)
        row = ContentSubmission.objects.create(
            course=course,
            version=version,
            runs=[{"uuid": str(run.uuid), "code": run.code} for run in runs],
            note=note,
            workflow=workflows.begin(course, acting.person_uuid),
            submitted_by_uuid=acting.person_uuid,
            submitted_at=clock.now(),
        )
        record(events.CONTENT_SUBMITTED, _payload(row), acting=acting)
        _tell(row, "courses.content_submitted", to=deciders_of(row), acting=acting)
    return row


def deciders_of(row: ContentSubmission) -> list[UUID]:
    """Return who may decide a submission: those whom the workflow names, without its author."""
    found = workflows.deciders(row.workflow.workflow) if row.workflow else []
    return [uuid for uuid in found if uuid != row.submitted_by_uuid]


def approve(*, submission_uuid: UUID, acting: Actor) -> bool:
    """Approve a submission and the page with it; True when learners see both, False when a further step waits.

    NotPermitted for whom the workflow does not name, a Refusal for its author, Stale when it was decided meanwhile.
    """
    with transaction.atomic():
        row = _locked(submission_uuid, acting)
        return workflows.approve(_workflow_of(row), _person(acting))


def send_back(*, submission_uuid: UUID, reason: str, acting: Actor) -> None:
    """Return a submission and the page with it to the author; a Refusal without a reason."""
    reason = reason.strip()[:NOTE_CHARACTERS_MAX]
    if not reason:
        raise Refusal("no-reason", _("Say what should be changed: the author reads it."))
    with transaction.atomic():
        row = _locked(submission_uuid, acting)
        workflows.send_back(_workflow_of(row), _person(acting), reason)


def withdraw(*, submission_uuid: UUID, acting: Actor) -> None:
    """Take a submission back before it is decided; its page no longer waits either."""
    with transaction.atomic():
        row = _locked(submission_uuid, acting)
        actions.require_author(row.course_id, acting)
        move(row, to=SubmissionStatus.WITHDRAWN, table=SUBMISSION_MOVES, acting=acting)
        if row.workflow is not None:
            workflows.cancel(row.workflow, acting.person_uuid)


def _locked(submission_uuid: UUID, acting: Actor) -> ContentSubmission:
    """Return a submission that waits at the actor's institution, locked; NotThere for strangers, Stale when decided."""
    rows = ContentSubmission.objects.select_for_update(of=("self",)).filter(uuid=submission_uuid)
    row = rows.select_related("course__institution", "version", "workflow").first()
    if row is None or (acting.role != "operator" and row.course.institution.uuid != acting.institution_uuid):
        raise NotThere("no-such-submission")
    if row.status != SubmissionStatus.WAITING:
        raise Stale("decided-meanwhile", _("Somebody has decided this meanwhile. Look at the list again."))
    return row


def _workflow_of(row: ContentSubmission) -> WorkflowState:
    if row.workflow is None:
        raise Refusal("page-gone", _("The course's page was removed meanwhile. Ask the author to send it again."))
    return row.workflow


def _person(acting: Actor) -> UUID:
    assert acting.person_uuid is not None  # a person decides
    return acting.person_uuid


def _approved(*, instance: WorkflowState, user: Any, **_signal: Any) -> None:
    """Show the version that hangs on a workflow; runs inside the transaction that publishes the page."""
    row = _hanging_on(instance)
    if row is None:
        return
    acting = _acting(row, user)
    if row.submitted_by_uuid == acting.person_uuid:
        raise NotPermitted("own-submission", _("You sent this yourself, so somebody else approves it."))
    move(row, to=SubmissionStatus.APPROVED, table=SUBMISSION_MOVES, acting=acting)
    runs = CourseRun.objects.filter(uuid__in=[run["uuid"] for run in row.runs], ends_on__gte=clock.today())
    for run in runs.order_by("pk"):
        actions.pin_approved(run_id=run.pk, submission=row, acting=acting)
    workflows.publish_unseen(instance)
    for deed in _published:
        deed(row, acting)
    record(events.CONTENT_APPROVED, _payload(row), acting=acting)
    _tell(row, "courses.content_approved", to=[row.submitted_by_uuid], acting=acting)


def _returned(*, instance: WorkflowState, user: Any, **_signal: Any) -> None:
    row = _hanging_on(instance)
    if row is None:
        return
    acting = _acting(row, user)
    reason = instance.current_task_state.comment[:NOTE_CHARACTERS_MAX]
    move(row, to=SubmissionStatus.RETURNED, table=SUBMISSION_MOVES, acting=acting, reason=reason)
    record(events.CONTENT_RETURNED, _payload(row), acting=acting)
    _tell(row, "courses.content_returned", to=[row.submitted_by_uuid], acting=acting)


def _ended(*, instance: WorkflowState, user: Any, **_signal: Any) -> None:
    with transaction.atomic():
        row = _hanging_on(instance)
        if row is not None:
            reason = str(_("The approval of the course's page was ended in the page editor."))
            move(row, to=SubmissionStatus.WITHDRAWN, table=SUBMISSION_MOVES, acting=_acting(row, user), reason=reason)


def _hanging_on(state: WorkflowState) -> ContentSubmission | None:
    rows = ContentSubmission.objects.select_for_update(of=("self",)).filter(workflow=state)
    waiting = rows.filter(status=SubmissionStatus.WAITING).select_related("course__institution", "version")
    return waiting.first()


def _acting(row: ContentSubmission, user: Any) -> Actor:
    """Return as what a user of the page editor decides: by the affiliation with the course's institution."""
    if user is None:
        return SYSTEM
    roles = {
        info.role for info in people.affiliations(user.uuid) if info.institution_uuid == row.course.institution.uuid
    }
    role = next((role for role in DECIDING_ROLES if role in roles), "operator" if user.is_superuser else "author")
    return Actor(user.uuid, row.course.institution.uuid, role)


def _payload(row: ContentSubmission) -> dict[str, str]:
    return {
        "submission_uuid": str(row.uuid),
        "version_uuid": str(row.version.uuid),
        "course_uuid": str(row.course.uuid),
    }


def _tell(row: ContentSubmission, kind: str, *, to: list[UUID], acting: Actor) -> None:
    names = {"course_zh": row.course.name_zh, "course_en": row.course.name_en or row.course.name_zh}
    send(News(kind, row.uuid, "courses:content_submission", (str(row.uuid),), names), to=to, acting=acting)


workflow_approved.connect(_approved, dispatch_uid="courses.content.approved")
workflow_rejected.connect(_returned, dispatch_uid="courses.content.returned")
workflow_cancelled.connect(_ended, dispatch_uid="courses.content.ended")
