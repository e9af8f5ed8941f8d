"""Who may write and publish which pages: one subtree, one collection, two groups, one workflow per institution.

An editor of an institution writes and submits; a registrar of the institution approves. The groups follow from the
affiliations of the day (refresh_rights), so that a right ends with the role.
"""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from courses.catalogue.site_tree import ensure_institution_pages
from edu.institutions import api as institutions
from edu.people import api as people

GROUP_PREFIX = "cms"  # groups with this prefix are ours; refresh_rights touches no others
KIND_OF_ROLE = {"editor": "editors", "registrar": "moderators"}
PAGE_RIGHTS = {
    "editors": ("add_page", "change_page"),
    "moderators": ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
COLLECTION_RIGHTS = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")


def group_name(kind: str, institution_uuid: UUID) -> str:
    """Return the name of a group: "cms editors 1c6f…"."""
    return f"{GROUP_PREFIX} {kind} {institution_uuid}"


@transaction.atomic
def ensure_editing(institution_uuid: UUID) -> dict[str, Group]:
    """Make the institution's pages, groups, collection and workflow where missing; return the groups by kind."""
    pages = list(ensure_institution_pages(institution_uuid).values())
    title = institutions.institution(institution_uuid).name_zh
    collection = _ensure_collection(f"{title} {institution_uuid}")
    groups = {kind: _ensure_group(kind, institution_uuid, pages, collection) for kind in PAGE_RIGHTS}
    _ensure_workflow(f"{title} {institution_uuid}", groups["moderators"], pages)
    return groups


@transaction.atomic
def refresh_rights(person_uuid: UUID) -> None:
    """Put a person into exactly the groups that today's affiliations give, making them where they are missing."""
    person = get_user_model().objects.get(uuid=person_uuid)
    wanted: set[int] = set()
    for info in people.affiliations(person_uuid):
        if kind := KIND_OF_ROLE.get(info.role):
            wanted.add(_group(kind, info.institution_uuid).pk)
    ours = set(person.groups.filter(name__startswith=f"{GROUP_PREFIX} ").values_list("pk", flat=True))
    if wanted - ours:
        person.groups.add(*(wanted - ours))
    if ours - wanted:
        person.groups.remove(*(ours - wanted))


def _group(kind: str, institution_uuid: UUID) -> Group:
    found = Group.objects.filter(name=group_name(kind, institution_uuid)).first()
    return found or ensure_editing(institution_uuid)[kind]


def _ensure_group(kind: str, institution_uuid: UUID, pages: Iterable[Page], collection: Collection) -> Group:
    group, _made = Group.objects.get_or_create(name=group_name(kind, institution_uuid))
    group.permissions.add(_permission("wagtailadmin", "access_admin"))
    for page in pages:
        for codename in PAGE_RIGHTS[kind]:
            GroupPagePermission.objects.get_or_create(
                group=group, page_id=page.pk, permission=_permission("wagtailcore", codename)
            )
    for codename in COLLECTION_RIGHTS:
        label = "wagtailimages" if codename.endswith("image") else "wagtaildocs"
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=_permission(label, codename)
        )
    return group


def _permission(app_label: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def _ensure_collection(name: str) -> Collection:
    found = Collection.objects.filter(name=name).first()
    return found or Collection.get_first_root_node().add_child(name=name)


def _ensure_workflow(name: str, moderators: Group, pages: Iterable[Page]) -> None:
    """Let the moderators approve what editors submit below these pages."""
    workflow, made = Workflow.objects.get_or_create(name=name)
    if made:
        task = GroupApprovalTask.objects.create(name=name)
        task.groups.add(moderators)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for page in pages:
        WorkflowPage.objects.get_or_create(page_id=page.pk, defaults={"workflow": workflow})
