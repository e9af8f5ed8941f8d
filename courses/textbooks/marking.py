"""Writes: marking a course as a digital textbook, changing what its packs say of it, ending it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.catalogue.models import Course, Textbook, TextbookDeed
from courses.content import actions as content
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import Refusal


@transaction.atomic
def mark(*, course_id: int, edition: str, licence: str, approval_number: str = "", acting: Actor) -> Textbook:
    """Mark a course as a textbook, or change edition, approval number and licence of one; the same again is no deed.

    Refusal without edition or licence; NotThere for other institutions, NotPermitted for their readers.
    """
    course = _locked(course_id, acting)
    said = {"edition": edition.strip(), "approval_number": approval_number.strip(), "licence": licence.strip()}
    if not said["edition"]:
        raise Refusal("no-edition", _("Say which edition it is, for example: first edition."))
    if not said["licence"]:
        raise Refusal("no-licence", _("Say who may copy and use it, for example: CC BY-SA 4.0."))
    row = Textbook.objects.filter(course=course).first()
    if row is None:
        row = Textbook.objects.create(course=course, **said)
        return _write_down(row, "marked", acting)
    if row.is_active and all(getattr(row, name) == value for name, value in said.items()):
        return row
    verb = "changed" if row.is_active else "marked"
    return _change(row, verb, acting, is_active=True, **said)


@transaction.atomic
def end(*, course_id: int, acting: Actor) -> Textbook:
    """Let a course be a textbook no longer: nobody fetches its packs from then on. Refusal when it is none."""
    course = _locked(course_id, acting)
    row = Textbook.objects.filter(course=course, is_active=True).first()
    if row is None:
        raise Refusal("no-textbook", _("The course is not marked as a textbook."))
    return _change(row, "ended", acting, is_active=False)


def _locked(course_id: int, acting: Actor) -> Course:
    course = content.require_author(course_id, acting)
    return Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course.pk)


def _change(row: Textbook, verb: str, acting: Actor, **changes: object) -> Textbook:
    for name, value in changes.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*changes, "revision"])
    return _write_down(row, verb, acting)


def _write_down(row: Textbook, verb: str, acting: Actor) -> Textbook:
    TextbookDeed.objects.create(
        textbook=row,
        revision=row.revision,
        verb=verb,
        edition=row.edition,
        approval_number=row.approval_number,
        licence=row.licence,
        actor_person_uuid=acting.person_uuid,
        actor_institution_uuid=acting.institution_uuid,
        actor_role=acting.role,
        happened_at=clock.now(),
    )
    record(events.TEXTBOOK_MARKED, {"course_uuid": str(row.course.uuid), "verb": verb}, acting=acting)
    return row
