"""Writes: asking for a pack, by a person or because a version was published."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Textbook
from courses.content import actions as content
from courses.content.models import ContentVersion
from courses.textbooks.models import TextbookPack
from courses.textbooks.states import OPEN, PackStatus
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal


@transaction.atomic
def request_pack(*, course_id: int, number: int, acting: Actor) -> TextbookPack:
    """Ask for a pack of a version; the caller hints to the worker after commit.

    Refusal "no-textbook" while the course is not marked, "needs-approval" while the institution wants the version
    approved first, "packing-already" while it is being packed; NotThere for a version of another course.
    """
    content.require_author(course_id, acting)
    textbook = Textbook.objects.select_for_update(of=("self",), no_key=True).filter(course_id=course_id).first()
    if textbook is None or not textbook.is_active:
        raise Refusal("no-textbook", _("The course is not marked as a textbook."))
    version = ContentVersion.objects.filter(course_id=course_id, number=number).first()
    if version is None:
        raise NotThere("no-such-version")
    if acting.role in content.SENDING_ROLES and content.needs_approval(version):
        raise Refusal("needs-approval", _("Somebody else approves this version first. Send it for approval."))
    if textbook.packs.filter(version=version, status__in=OPEN).exists():
        raise Refusal("packing-already", _("This version is being packed already."))
    return _ask(textbook, version, acting)


@transaction.atomic
def pack_published(version_uuid: UUID, *, acting: Actor) -> TextbookPack | None:
    """Ask for a pack of a version that was published, while its course is a textbook; None when there is nothing to do.

    Safe to repeat: an event is delivered at least once, and publishing to three runs is three events.
    """
    version = ContentVersion.objects.filter(uuid=version_uuid).first()
    if version is None:
        return None
    rows = Textbook.objects.select_for_update(of=("self",), no_key=True)
    textbook = rows.filter(course_id=version.course_id, is_active=True).first()
    if textbook is None or _is_there(textbook, version):
        return None
    return _ask(textbook, version, acting)


@transaction.atomic
def pack_anew(pack: TextbookPack, *, acting: Actor) -> TextbookPack | None:
    """Ask for a pack's version again, as the textbook stands now; None while it is being packed."""
    textbook = Textbook.objects.select_for_update(of=("self",), no_key=True).get(pk=pack.textbook_id)
    if textbook.packs.filter(version=pack.version_id, status__in=OPEN).exists():
        return None
    return _ask(textbook, pack.version, acting)


def _is_there(textbook: Textbook, version: ContentVersion) -> bool:
    """True when a pack of the version that says the same is waiting, being made, or there to be fetched."""
    said = {name: getattr(textbook, name) for name in ("edition", "approval_number", "licence")}
    ready = Q(status=PackStatus.DONE, file_gone_at=None) | Q(status__in=OPEN)
    return textbook.packs.filter(ready, version=version, **said).exists()


def _ask(textbook: Textbook, version: ContentVersion, acting: Actor) -> TextbookPack:
    return TextbookPack.objects.create(
        textbook=textbook,
        version=version,
        edition=textbook.edition,
        approval_number=textbook.approval_number,
        licence=textbook.licence,
        requested_by_uuid=acting.person_uuid,
        requested_role=acting.role,
        requested_at=clock.now(),
    )
