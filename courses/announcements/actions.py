"""Announcing and withdrawing. The learners hear of it through the outbox: there may be thousands."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses import events
from courses.announcements.models import Announcement
from courses.enrolment.participants import NOT_THERE, Participant, learner_uuids, names_in_news, require_teacher
from edu.events.actions import record
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotThere, Refusal
from edu.kernel.texts import NOTE_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX, one_line, plain
from edu.notices.api import send
from edu.notices.data import News


@transaction.atomic
def announce(one: Participant, *, title: str, text: str) -> UUID:
    """Tell all learners of a run something and return its uuid.

    Refusals: "title-missing", "title-too-long", "text-missing", "text-too-long".
    """
    require_teacher(one)
    title, text = one_line(title), plain(text)
    if not title:
        raise Refusal("title-missing", _("Write a title: what is it about?"))
    if len(title) > TITLE_CHARS_MAX:
        raise Refusal("title-too-long", _("Shorten the title to 80 characters."))
    if not text:
        raise Refusal("text-missing", _("Write something."))
    if len(text) > TEXT_CHARS_MAX:
        raise Refusal("text-too-long", _("Shorten the text to 4,000 characters."))
    row = Announcement.objects.create(run=one.run, author_id=one.person_id, title=title, text=text, made_at=clock.now())
    payload = {"announcement_uuid": str(row.uuid), "run_uuid": str(one.run.uuid)}
    record(events.ANNOUNCED, payload, acting=one.actor)
    return row.uuid


@transaction.atomic
def withdraw(one: Participant, *, announcement_uuid: UUID, reason: str) -> None:
    """Take an announcement off the learners' page; it is kept with the reason.

    Refusals "reason-missing", "withdrawn".
    """
    require_teacher(one)
    row = Announcement.objects.select_for_update().filter(run=one.run, uuid=announcement_uuid).first()
    if row is None:
        raise NotThere(*NOT_THERE)
    reason = plain(reason)[:NOTE_CHARS_MAX]
    if not reason:
        raise Refusal("reason-missing", _("Write the reason; other teachers of the run see it."))
    if row.withdrawn_at is not None:
        raise Refusal("withdrawn", _("It is withdrawn already."))
    Announcement.objects.filter(pk=row.pk).update(
        withdrawn_at=clock.now(), withdrawn_by_uuid=one.actor.person_uuid, withdrawn_reason=reason
    )


def tell_learners(announcement_uuid: UUID, *, acting: Actor) -> None:
    """Put an announcement into the inboxes of the run's learners; safe to repeat, and nothing when it was withdrawn."""
    row = Announcement.objects.select_related("run__course").filter(uuid=announcement_uuid).first()
    if row is None or row.withdrawn_at is not None:
        return
    news = News("courses.announcement", row.uuid, "courses:announcements", (str(row.run.uuid),), names_in_news(row.run))
    send(news, to=learner_uuids(row.run), acting=acting)
