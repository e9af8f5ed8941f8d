"""Telling people, reading what one was told, and choosing how to be told."""

from collections.abc import Iterable
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, NotThere, Refusal
from edu.notices import kinds
from edu.notices.data import News
from edu.notices.models import Notice, NoticePreference, Sending
from edu.notices.rules import MailChoice
from edu.people.models import Person

UNSUBSCRIBE = "edu.notices.unsubscribe"  # the salt of signed links: never used for anything else


@transaction.atomic
def send(news: News, *, to: Iterable[UUID], acting: Actor) -> int:
    """Tell people something, once while it is unread; return how many were told anew.

    Nobody is told of their own deed. People are locked in one order, so that two senders cannot block each other.
    """
    urgent = kinds.known(news.kind).urgent
    wanted = set(to) - {acting.person_uuid}
    people = Person.objects.select_for_update(no_key=True).filter(uuid__in=wanted, is_active=True).order_by("pk")
    ids = list(people.values_list("pk", flat=True))
    if not ids:
        return 0
    now = clock.now()
    unread = Notice.objects.filter(person_id__in=ids, kind=news.kind, about=news.about, read_at__isnull=True)
    unread.update(times=F("times") + 1, happened_at=now)
    known = set(unread.values_list("person_id", flat=True))
    fresh = [person_id for person_id in ids if person_id not in known]
    rows = Notice.objects.bulk_create(_row(news, person_id) for person_id in fresh)
    Person.objects.filter(pk__in=fresh).update(unread_notices=F("unread_notices") + 1)
    NoticePreference.objects.bulk_create(
        (NoticePreference(person_id=person_id) for person_id in fresh), ignore_conflicts=True
    )
    if urgent:
        _queue_short_messages(rows)
    return len(rows)


def _row(news: News, person_id: int) -> Notice:
    return Notice(
        person_id=person_id,
        kind=news.kind,
        about=news.about,
        params=news.params,
        url_name=news.url_name,
        url_args=list(news.url_args),
        happened_at=clock.now(),
    )


def _queue_short_messages(rows: list[Notice]) -> None:
    """Queue a message for each channel that a person asked for; one that has no driver here is dropped when tried."""
    wanted = {
        preference.person_id: preference
        for preference in NoticePreference.objects.filter(person_id__in=[row.person_id for row in rows])
    }
    Sending.objects.bulk_create(
        Sending(notice=row, channel=channel, next_attempt_at=clock.now())
        for row in rows
        for channel in ("sms", "wechat")
        if getattr(wanted[row.person_id], channel)
    )


@transaction.atomic
def read_one(*, notice_uuid: UUID, acting: Actor) -> Notice:
    """Mark a notice of the actor as read and return it; NotThere for somebody else's. Safe to repeat."""
    person = _locked(acting)
    notice = Notice.objects.filter(uuid=notice_uuid, person=person).first()
    if notice is None:
        raise NotThere("no-such-notice", _("There is no such page."))
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=clock.now())
    _count_anew(person)
    return notice


@transaction.atomic
def read_all(*, acting: Actor) -> int:
    """Mark everything the actor was told as read; return how many that were."""
    person = _locked(acting)
    read = Notice.objects.filter(person=person, read_at__isnull=True).update(read_at=clock.now())
    _count_anew(person)
    return read


def _locked(acting: Actor) -> Person:
    person = Person.objects.select_for_update(no_key=True).filter(uuid__in=[acting.person_uuid]).first()
    if person is None:
        raise NotPermitted("nobody", _("Sign in first."))
    return person


def _count_anew(person: Person) -> None:
    """Let the header's figure be what the rows say; whatever went astray is right again after this."""
    unread = Notice.objects.filter(person=person, read_at__isnull=True).count()
    Person.objects.filter(pk=person.pk).update(unread_notices=unread)


@transaction.atomic
def choose(*, mail: str, sms: bool, wechat: bool, acting: Actor) -> None:
    """Keep how the actor wants to be told. Refusal "unknown-choice" for a word that is none of the three."""
    if mail not in set(MailChoice):
        raise Refusal("unknown-choice", _("Choose one of the ways."))
    person = _locked(acting)
    NoticePreference.objects.update_or_create(
        person=person, defaults={"mail": mail, "sms": sms, "wechat": wechat, "failures": 0, "retry_at": None}
    )


def unsubscribe_token(person_uuid: UUID) -> str:
    """Return the signed word in the last line of every mail: good for ending mail, and for nothing else."""
    return Signer(salt=UNSUBSCRIBE).sign(str(person_uuid))


def person_of_token(token: str) -> UUID:
    """Return whose mail a signed word ends; NotThere when it was not signed here."""
    try:
        return UUID(Signer(salt=UNSUBSCRIBE).unsign(token))
    except (BadSignature, ValueError):
        raise NotThere("no-such-link", _("There is no such page.")) from None


@transaction.atomic
def unsubscribe(*, token: str) -> None:
    """End mail for whoever got this link; the inbox goes on. The link is the proof, so nobody has to sign in."""
    person_uuid = person_of_token(token)
    NoticePreference.objects.filter(person__uuid=person_uuid).update(mail=MailChoice.NONE)
