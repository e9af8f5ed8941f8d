"""The approval of a course's page, which Wagtail keeps: whether there is one, beginning it, deciding it.

What a course teaches travels with its page: `courses/content/moderating.py` hangs a version on the workflow that is
begun here and listens to how it ends. The Chinese page carries the workflow; a page in another language that nobody
has seen yet is published with it, one that is live goes its own way.
"""

from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Workflow, WorkflowState

from courses.catalogue.editors import refresh_rights
from courses.catalogue.models import Course, CoursePage, InstitutionPage
from courses.catalogue.site_tree import LANGUAGES, ensure_draft_pages
from edu.kernel.errors import NotPermitted, Stale


def workflow_for(course: Course) -> Workflow | None:
    """Return the workflow that a course's page goes through, None where its institution has none."""
    page = page_of(course) or _main(InstitutionPage, institution_id=course.institution_id)
    return page.get_workflow() if page else None


def page_of(course: Course) -> CoursePage | None:
    """Return the page that carries the course's workflow, the Chinese one; None while there is none."""
    page: CoursePage | None = _main(CoursePage, course_id=course.pk)
    return page


def begin(course: Course, person_uuid: UUID | None) -> WorkflowState:
    """Let the course's page wait for approval, and return the workflow; one that is under way already is joined."""
    workflow = workflow_for(course)
    if workflow is None:
        raise LookupError("The course's page goes through no workflow.")
    page = page_of(course) or ensure_draft_pages(course)[LANGUAGES[0]]
    user = _user(person_uuid)
    state = WorkflowState.objects.for_instance(page).active().select_for_update(of=("self",)).first()
    if state is None:
        if page.latest_revision is None:
            page.save_revision(user=user)
        state = workflow.start(page, user)
    elif state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=user)
    return state


def approve(state: WorkflowState, person_uuid: UUID) -> bool:
    """Approve the step that waits; True when it was the last one and the page is live."""
    user = _decider(state, person_uuid)
    state.current_task_state.specific.approve(user=user)
    state.refresh_from_db()
    return bool(state.status == WorkflowState.STATUS_APPROVED)


def send_back(state: WorkflowState, person_uuid: UUID, reason: str) -> None:
    """Send the page back to those who wrote it."""
    user = _decider(state, person_uuid)
    state.current_task_state.specific.reject(user=user, comment=reason)


def cancel(state: WorkflowState, person_uuid: UUID | None) -> None:
    """End a workflow that is under way without a decision; one that has ended stays as it is."""
    if state.is_active:
        state.cancel(user=_user(person_uuid))


def publish_unseen(state: WorkflowState) -> None:
    """Publish the pages of the same course in other languages that were never live."""
    page = state.content_object.specific
    for other in CoursePage.objects.filter(course_id=page.course_id, live=False, first_published_at__isnull=True):
        if other.pk != page.pk:
            (other.get_latest_revision() or other.save_revision()).publish()


def deciders(workflow: Workflow) -> list[UUID]:
    """Return who may decide the steps of a workflow, by their groups."""
    tasks = [task.specific for task in workflow.tasks]
    groups = [group.pk for task in tasks if hasattr(task, "groups") for group in task.groups.all()]
    people = get_user_model().objects.filter(groups__in=groups, is_active=True)
    return list(people.distinct().values_list("uuid", flat=True))


def _decider(state: WorkflowState, person_uuid: UUID) -> object:
    """Return the user who may decide the step that waits; Stale when none waits, NotPermitted for others."""
    waits = state.current_task_state
    if state.status != WorkflowState.STATUS_IN_PROGRESS or waits is None:
        raise Stale("decided-meanwhile", _("Somebody has decided this meanwhile. Look at the list again."))
    refresh_rights(person_uuid)
    user = _user(person_uuid)
    actions = [name for name, *_rest in waits.task.specific.get_actions(state.content_object, user)]
    if "approve" not in actions:
        raise NotPermitted("not-a-moderator", _("Only those named in the institution's workflow decide this."))
    return user


def _user(person_uuid: UUID | None) -> object:
    return get_user_model().objects.get(uuid=person_uuid) if person_uuid else None


def _main[P: Page](kind: type[P], **wanted: int) -> P | None:
    found: P | None = kind.objects.filter(locale__language_code=LANGUAGES[0], **wanted).first()
    return found
